//! An invitation is accepted by somebody without an account.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{accept, invite, invited, is_good_for_nothing, mailed_token, newcomer, preview};
use crate::support::{Backend, PASSWORD, on_both};

on_both!(
    an_invitation_shows_what_it_is_to_and_who_it_is_for,
    who_accepts_has_an_account_a_place_and_a_session,
    a_client_without_cookies_is_given_the_refresh_token,
    name_and_password_are_needed_and_judged_and_the_link_stays_good,
    s19_who_accepts_chooses_neither_role_nor_workspace_nor_address,
    what_an_invitation_is_changed_to_is_what_it_gives,
    an_invitation_is_accepted_once,
    of_parallel_calls_one_accepts,
);

const GRACE: &str = "grace@example.com";

/// The names of an object's members, in order.
fn names(value: &Value) -> Vec<&str> {
    let members = value.as_object().unwrap().keys();
    let mut names: Vec<&str> = members.map(String::as_str).collect();
    names.sort_unstable();
    names
}

async fn an_invitation_shows_what_it_is_to_and_who_it_is_for(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let path = format!("/workspace/{}", ada.workspace_id);
    let body = json!({ "branding": { "primaryColor": "#112233" } });
    app.ask_as(admin, Method::PATCH, &path, Some(body))
        .await
        .expect(200);
    invite(&app, admin, "Grace@Example.com", "agent").await;
    let token = mailed_token(&app, "Grace@Example.com", 1).await;
    let listed = app.get_as(admin, "/invitations").await.expect(200);
    let expected = json!({
        "workspace": {
            "name": "Engines", "slug": "ada-example-com",
            "branding": { "primaryColor": "#112233" },
        },
        "email": "Grace@Example.com",
        "hasAccount": false,
        "expiresAt": listed["items"][0]["expiresAt"],
    });
    // Looking at it changes nothing.
    for _ in 0..3 {
        assert_eq!(preview(&app, &token).await.expect(200), expected);
    }
    for unknown in ["kgm_", "x", "\u{1F511}", &"k".repeat(128)] {
        is_good_for_nothing(&app, unknown).await;
    }
    accept(&app, newcomer(&token)).await.expect(200);
}

async fn who_accepts_has_an_account_a_place_and_a_session(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let invitation = invite(&app, admin, GRACE, "agent").await;
    let token = mailed_token(&app, GRACE, 1).await;
    let body = json!({ "token": token, "name": "Grace B. Hopper", "password": PASSWORD });
    let answer = accept(&app, body).await;
    let body = answer.expect(200);
    assert!(body.get("refresh_token").is_none());
    let cookie = answer.refresh_cookie().unwrap();
    app.refresh_by_cookie(&cookie).await.expect(200);
    let user = &body["user"]["id"];
    let expected = json!({
        "id": user, "name": "Grace B. Hopper", "email": GRACE,
        "workspaceId": ada.workspace_id, "role": "agent",
    });
    assert_eq!(body["user"], expected);
    assert_eq!(body["session"]["workspaceId"], *ada.workspace_id);
    assert_eq!(body["session"]["isCurrent"], true);

    // It is the body of signing in, member by member, and signing in works.
    let login = json!({ "email": GRACE, "password": PASSWORD });
    let login = app.post("/auth/login", login).await.expect(200);
    assert_eq!(names(&body), names(&login));
    assert_eq!(names(&body["session"]), names(&login["session"]));
    assert_eq!(body["user"], login["user"]);
    assert_eq!(body["workspace"], login["workspace"]);

    let token = body["access_token"].as_str().unwrap();
    let profile = app.get_as(token, "/users/profile").await.expect(200);
    assert_eq!(profile["id"], *user);
    assert_eq!(profile["name"], "Grace B. Hopper");
    assert_eq!(profile["phone"], "+4930123456");
    assert_eq!(profile["status"], "ACTIVE");
    assert_eq!(profile["role"]["name"], "agent");
    let path = format!("/users/{}", user.as_str().unwrap());
    let told = app.get_as(admin, &path).await.expect(200);
    assert_eq!(told["status"], "ACTIVE");
    assert_eq!(told["phone"], "+4930123456");

    // The invitation is gone.
    let path = format!("/users/{}", invitation["id"].as_str().unwrap());
    assert_eq!(app.get_as(admin, &path).await.problem(404), "not_found");
    let listed = app.get_as(admin, "/invitations").await.expect(200);
    assert_eq!(listed, json!({ "items": [], "nextCursor": null }));
    let listed = app.get_as(admin, "/users").await.expect(200);
    assert_eq!(listed["total"], 2);
}

async fn a_client_without_cookies_is_given_the_refresh_token(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = invited(&app, &ada.access_token, GRACE, "agent").await;
    let answer = app
        .post_native("/auth/invitations/accept", newcomer(&token))
        .await;
    let body = answer.expect(200);
    assert_eq!(answer.refresh_cookie(), None);
    let refresh_token = body["refresh_token"].as_str().unwrap();
    let refreshed = app.refresh(refresh_token).await.expect(200);
    let token = refreshed["access_token"].as_str().unwrap();
    let profile = app.get_as(token, "/users/profile").await.expect(200);
    assert_eq!(profile["email"], GRACE);
}

async fn name_and_password_are_needed_and_judged_and_the_link_stays_good(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = invited(&app, &ada.access_token, GRACE, "agent").await;
    let name = "Grace Hopper";
    let long = "x".repeat(129);
    let (both, required) = (["name", "password"], "REQUIRED_FIELD");
    for (body, expected) in [
        (json!({}), vec![(both[0], required), (both[1], required)]),
        (json!({ "name": name }), vec![("password", required)]),
        (
            json!({ "name": name, "password": null }),
            vec![("password", required)],
        ),
        (
            json!({ "name": name, "password": "" }),
            vec![("password", "INVALID_LENGTH")],
        ),
        (json!({ "password": PASSWORD }), vec![("name", required)]),
        (
            json!({ "name": " ", "password": PASSWORD }),
            vec![("name", "INVALID_LENGTH")],
        ),
        (
            json!({ "name": "<b>", "password": PASSWORD }),
            vec![("name", "INVALID_FORMAT")],
        ),
        (
            json!({ "name": name, "password": 12345678 }),
            vec![("password", "INVALID_TYPE")],
        ),
        (
            json!({ "name": name, "password": "short" }),
            vec![("password", "INVALID_LENGTH")],
        ),
        (
            json!({ "name": name, "password": long }),
            vec![("password", "INVALID_LENGTH")],
        ),
        (
            json!({ "name": name, "password": "Password123!" }),
            vec![("password", "WEAK_PASSWORD")],
        ),
        // What stands around it makes it easy to guess.
        (
            json!({ "name": name, "password": "Grace Hopper" }),
            vec![("password", "WEAK_PASSWORD")],
        ),
        (
            json!({ "name": name, "password": GRACE }),
            vec![("password", "WEAK_PASSWORD")],
        ),
    ] {
        let mut sent = body.clone();
        sent["token"] = json!(token);
        let refused = accept(&app, sent).await;
        assert_eq!(refused.problem(400), "validation_failed", "{body}");
        assert_eq!(refused.refresh_cookie(), None);
        let errors = refused.json()["errors"].clone();
        let told = errors.as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let told: Vec<_> = told
            .map(|error| (text(&error["field"]), text(&error["code"])))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(field, code)| (field.to_owned(), code.to_owned()))
            .collect();
        assert_eq!(told, expected, "{body}");
    }
    accept(&app, newcomer(&token)).await.expect(200);
}

async fn s19_who_accepts_chooses_neither_role_nor_workspace_nor_address(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let token = invited(&app, &ada.access_token, GRACE, "agent").await;
    for (member, value) in [
        ("email", json!("other@example.com")),
        ("role", json!("admin")),
        ("role_name", json!("admin")),
        ("workspaceId", json!(eve.workspace_id)),
        ("userId", json!(ada.user_id)),
        ("id", json!(ada.user_id)),
        ("status", json!("ACTIVE")),
        ("phone", json!("+4930999999")),
        ("permissions", json!(["users:delete"])),
    ] {
        let mut body = newcomer(&token);
        body[member] = value;
        let refused = accept(&app, body).await;
        assert_eq!(refused.problem(400), "validation_failed", "{member}");
        let errors = refused.json()["errors"].clone();
        let told = (&errors[0]["field"], &errors[0]["code"]);
        assert_eq!(told, (&json!(member), &json!("UNKNOWN_FIELD")));
    }
    let body = accept(&app, newcomer(&token)).await.expect(200);
    assert_eq!(body["user"]["email"], GRACE);
    assert_eq!(body["user"]["role"], "agent");
}

async fn what_an_invitation_is_changed_to_is_what_it_gives(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let invitation = invite(&app, admin, GRACE, "viewer").await;
    let token = mailed_token(&app, GRACE, 1).await;
    let path = format!("/users/{}", invitation["id"].as_str().unwrap());
    app.put_as(admin, &path, json!({ "role_name": "manager" }))
        .await
        .expect(200);
    let body = accept(&app, newcomer(&token)).await.expect(200);
    assert_eq!(body["user"]["role"], "manager");
}

async fn an_invitation_is_accepted_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = invited(&app, &ada.access_token, GRACE, "agent").await;
    let body = accept(&app, newcomer(&token)).await.expect(200);
    is_good_for_nothing(&app, &token).await;
    // Nor is it a token of another kind.
    let refused = app.get_as(&token, "/users/profile").await;
    assert_eq!(refused.problem(401), "invalid_token");
    let reset = json!({ "token": token, "newPassword": "another long passphrase 7" });
    let refused = app.post("/auth/verify/confirm-password-reset", reset).await;
    assert_eq!(refused.problem(400), "reset_token_invalid");
    // Not even once they are out again.
    let path = format!("/users/{}", body["user"]["id"].as_str().unwrap());
    app.delete_as(&ada.access_token, &path).await.expect(200);
    is_good_for_nothing(&app, &token).await;
}

async fn of_parallel_calls_one_accepts(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = invited(&app, &ada.access_token, GRACE, "agent").await;
    let answers = join_all((0..8).map(|_| accept(&app, newcomer(&token)))).await;
    let won: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(won.len(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(lost.refresh_cookie(), None);
        match lost.status {
            400 => assert_eq!(lost.problem(400), "invitation_invalid"),
            // Too many hashes at once are put off.
            _ => assert_eq!(lost.problem(503), "unavailable"),
        }
    }
    let body = won[0].json();
    let token = body["access_token"].as_str().unwrap();
    let sessions = app.get_as(token, "/health/sessions?all=true").await;
    let sessions = sessions.expect(200);
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    let listed = app.get_as(&ada.access_token, "/users").await.expect(200);
    assert_eq!(listed["total"], 2);
}
