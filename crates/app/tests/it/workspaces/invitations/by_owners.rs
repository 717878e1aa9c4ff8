//! An invitation is accepted by somebody who has an account, and has to show that it is theirs.

use futures_util::future::join_all;
use kogents_domain::limits::LimitRules;
use serde_json::{Value, json};

use super::{accept, invited, is_good_for_nothing, preview};
use crate::support::{Answer, Backend, Client, PASSWORD, on_both};

on_both!(
    the_link_alone_signs_nobody_in_to_an_account,
    the_accounts_password_accepts_and_the_account_stays_as_it_was,
    the_accounts_session_accepts_and_stays_where_it_is,
    somebody_elses_session_accepts_nothing,
    a_session_that_has_ended_accepts_nothing,
    s24_wrong_passwords_are_limited_as_those_of_signing_in_are,
    of_parallel_calls_of_the_owner_one_accepts,
    who_is_a_member_by_then_is_not_made_one_again,
);

const BOB: &str = "bob@example.com";

async fn by_password(app: &Client, token: &str, password: &str) -> Answer {
    accept(app, json!({ "token": token, "password": password })).await
}

/// Accepts with an access token in place of a password.
async fn by_session(app: &Client, token: &str, access_token: &str) -> Answer {
    let body = json!({ "token": token });
    app.post_as(access_token, "/auth/invitations/accept", body)
        .await
}

async fn the_link_alone_signs_nobody_in_to_an_account(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, BOB, "agent").await;
    let shown = preview(&app, &token).await.expect(200);
    assert_eq!(shown["hasAccount"], true);
    for (body, code) in [
        (json!({ "token": token }), "REQUIRED_FIELD"),
        (json!({ "token": token, "name": "Bob" }), "REQUIRED_FIELD"),
        (
            json!({ "token": token, "password": null }),
            "REQUIRED_FIELD",
        ),
        (json!({ "token": token, "password": "" }), "INVALID_LENGTH"),
    ] {
        let refused = accept(&app, body.clone()).await;
        assert_eq!(refused.problem(400), "validation_failed", "{body}");
        let errors = refused.json()["errors"].clone();
        let told = (&errors[0]["field"], &errors[0]["code"]);
        assert_eq!(told, (&json!("password"), &json!(code)), "{body}");
        assert_eq!(refused.refresh_cookie(), None);
    }
    // A password that would make a new account is not this one's.
    let body = json!({ "token": token, "name": "Bob", "password": "another long passphrase 7" });
    let refused = accept(&app, body).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    assert_eq!(refused.refresh_cookie(), None);
    let listed = app.get_as(&ada.access_token, "/users").await.expect(200);
    assert_eq!(listed["users"][0]["status"], "PENDING");
    app.log_in(BOB, PASSWORD).await.expect(200);
}

async fn the_accounts_password_accepts_and_the_account_stays_as_it_was(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, "Bob@Example.com", "agent").await;
    let wrong = by_password(&app, &token, "not his").await;
    assert_eq!(wrong.problem(401), "invalid_credentials");

    let body = json!({ "token": token, "password": PASSWORD, "name": "Somebody Else" });
    let answer = accept(&app, body).await;
    let body = answer.expect(200);
    let expected = json!({
        "id": bob.user_id, "name": "Ada Lovelace", "email": BOB,
        "workspaceId": ada.workspace_id, "role": "agent",
    });
    assert_eq!(body["user"], expected);
    assert!(answer.refresh_cookie().is_some_and(|it| !it.is_empty()));
    let there = body["access_token"].as_str().unwrap();
    let profile = app.get_as(there, "/users/profile").await.expect(200);
    assert_eq!(profile["name"], "Ada Lovelace");
    assert_eq!(profile["phone"], Value::Null);
    assert_eq!(profile["status"], "ACTIVE");

    // The session that was there before is where it was, and the next one opens where he was last.
    let before = app.get_as(&bob.access_token, "/users/profile").await;
    assert_eq!(before.expect(200)["workspaceId"], *bob.workspace_id);
    let next = app.log_in(BOB, PASSWORD).await.expect(200);
    assert_eq!(next["workspace"]["id"], *ada.workspace_id);
    is_good_for_nothing(&app, &token).await;
}

async fn the_accounts_session_accepts_and_stays_where_it_is(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, BOB, "agent").await;
    let body = by_session(&app, &token, &bob.access_token)
        .await
        .expect(200);
    assert_eq!(body["user"]["id"], *bob.user_id);
    assert_eq!(body["user"]["role"], "agent");
    assert_eq!(body["workspace"]["id"], *ada.workspace_id);
    assert_ne!(body["session"]["id"], *bob.session_id);
    let there = body["access_token"].as_str().unwrap();
    for (token, workspace) in [
        (there, &ada.workspace_id),
        (&bob.access_token, &bob.workspace_id),
    ] {
        let profile = app.get_as(token, "/users/profile").await.expect(200);
        assert_eq!(profile["workspaceId"], **workspace);
    }
    is_good_for_nothing(&app, &token).await;
}

async fn somebody_elses_session_accepts_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.sign_up_and_confirm(BOB).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let token = invited(&app, &ada.access_token, BOB, "agent").await;
    for stranger in [&eve.access_token, &ada.access_token] {
        let refused = by_session(&app, &token, stranger).await;
        assert_eq!(refused.problem(400), "invitation_invalid");
        assert_eq!(refused.refresh_cookie(), None);
    }
    let listed = app
        .get_as(&eve.access_token, "/health/workspaces")
        .await
        .expect(200);
    assert_eq!(listed["workspaces"].as_array().unwrap().len(), 1);
    // Nor does it make an account of an address that has none.
    let other = invited(&app, &ada.access_token, "grace@example.com", "agent").await;
    let refused = by_session(&app, &other, &eve.access_token).await;
    assert_eq!(refused.problem(400), "validation_failed");
    by_password(&app, &token, PASSWORD).await.expect(200);
}

async fn a_session_that_has_ended_accepts_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, BOB, "agent").await;
    app.delete_as(&bob.access_token, "/health/sessions/current")
        .await
        .expect(200);
    for dead in [bob.access_token.as_str(), "forged", &bob.refresh_token] {
        let refused = by_session(&app, &token, dead).await;
        assert_eq!(refused.problem(401), "invalid_token");
    }
    by_password(&app, &token, PASSWORD).await.expect(200);
}

/// Five may fail; whoever has the link guesses no more passwords than anybody else.
async fn s24_wrong_passwords_are_limited_as_those_of_signing_in_are(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, BOB, "agent").await;
    let app = app
        .restart_with(|config| config.limits.rules = LimitRules::default())
        .await;
    app.stand_still();
    for _ in 0..5 {
        let wrong = by_password(&app, &token, "not his").await;
        assert_eq!(wrong.problem(401), "invalid_credentials");
    }
    let refused = by_password(&app, &token, "not his").await;
    assert_eq!(refused.problem(429), "rate_limited");
    // Even the right one, and here as there.
    let refused = by_password(&app, &token, PASSWORD).await;
    assert_eq!(refused.problem(429), "rate_limited");
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!(wait >= 1, "{wait}");
    let refused = app.log_in(BOB, PASSWORD).await;
    assert_eq!(refused.problem(429), "rate_limited");
    // The link is as good as before.
    app.advance_secs(wait);
    by_password(&app, &token, PASSWORD).await.expect(200);
}

async fn of_parallel_calls_of_the_owner_one_accepts(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, BOB, "agent").await;
    let answers = join_all((0..10).map(|_| by_session(&app, &token, &bob.access_token))).await;
    let won = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(won.count(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(lost.problem(400), "invitation_invalid");
    }
    let sessions = app
        .get_as(&bob.access_token, "/health/sessions?all=true")
        .await
        .expect(200);
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 2);
}

async fn who_is_a_member_by_then_is_not_made_one_again(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm(BOB).await;
    let token = invited(&app, &ada.access_token, BOB, "admin").await;
    app.admit(&ada, &bob.user_id, "viewer").await;
    let refused = by_password(&app, &token, PASSWORD).await;
    assert_eq!(refused.problem(400), "invitation_invalid");
    let refused = by_session(&app, &token, &bob.access_token).await;
    assert_eq!(refused.problem(400), "invitation_invalid");
    let path = format!("/users/{}", bob.user_id);
    let told = app.get_as(&ada.access_token, &path).await.expect(200);
    assert_eq!(told["role"]["name"], "viewer");
}
