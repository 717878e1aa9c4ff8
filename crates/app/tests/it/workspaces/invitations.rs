//! Invitations into a workspace: who may be invited, what is mailed, and who gets in by it.

mod by_newcomers;
mod by_owners;
mod mails;
mod voided;

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Backend, Client, PASSWORD, Seat, TestApp, link_in, on_both};

on_both!(
    an_invitation_is_listed_as_who_is_invited_and_who_invites,
    s28_who_is_a_member_or_invited_already_is_not_invited_again,
    s28_of_parallel_invitations_of_one_address_one_is_made,
    an_address_may_be_invited_into_two_workspaces_and_accept_both,
);

/// Whom to invite, with everything that the dashboard sends.
pub(super) fn person(email: &str, role: &str) -> Value {
    json!({
        "name": "Grace Hopper", "email": email, "role_name": role, "phone": "+4930123456",
        "status": "ACTIVE", "password": "",
    })
}

/// Invites somebody, and gives what is told of them.
pub(super) async fn invite(app: &Client, token: &str, email: &str, role: &str) -> Value {
    app.post_as(token, "/users", person(email, role))
        .await
        .expect(201)
}

/// The newest of the invitations mailed to an address, once there are so many.
async fn mailed(app: &Client, email: &str, count: usize) -> Value {
    let arrived = async {
        loop {
            let mut mails = app.mailbox(email).await;
            mails.retain(|mail| mail["template"] == "invitation");
            if mails.len() >= count {
                return mails.remove(0);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), arrived)
        .await
        .expect("the invitation is mailed")
}

/// The token of the newest of so many invitations.
async fn mailed_token(app: &Client, email: &str, count: usize) -> String {
    let mail = mailed(app, email, count).await;
    link_in(mail["text"].as_str().unwrap(), "accept-invitation").1
}

/// Invites somebody for the first time, and gives the mailed token.
async fn invited(app: &Client, token: &str, email: &str, role: &str) -> String {
    invite(app, token, email, role).await;
    mailed_token(app, email, 1).await
}

async fn preview(app: &Client, token: &str) -> Answer {
    app.post("/auth/invitations/preview", json!({ "token": token }))
        .await
}

async fn accept(app: &Client, body: Value) -> Answer {
    app.post("/auth/invitations/accept", body).await
}

/// What somebody sends who has no account.
fn newcomer(token: &str) -> Value {
    json!({ "token": token, "name": "Grace Hopper", "password": PASSWORD })
}

/// A new member who was invited and accepted, signed in with [`PASSWORD`].
pub(super) async fn accepted(app: &TestApp, admin: &str, email: &str, role: &str) -> Seat {
    let token = invited(app, admin, email, role).await;
    let body = app
        .post_native("/auth/invitations/accept", newcomer(&token))
        .await
        .expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Seat {
        user_id: text(&body["user"]["id"]),
        email: text(&body["user"]["email"]),
        access_token: text(&body["access_token"]),
        refresh_token: text(&body["refresh_token"]),
    }
}

/// Neither shown nor accepted.
async fn is_good_for_nothing(app: &Client, token: &str) {
    let shown = preview(app, token).await;
    assert_eq!(shown.problem(400), "invitation_invalid");
    let refused = accept(app, newcomer(token)).await;
    assert_eq!(refused.problem(400), "invitation_invalid");
    assert_eq!(refused.refresh_cookie(), None);
}

async fn an_invitation_is_listed_as_who_is_invited_and_who_invites(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let told = invite(&app, admin, "Grace@Example.com", "viewer").await;
    let role = told["role"].clone();
    let id = told["id"].clone();
    let permissions = told["permissions"].clone();
    let held = permissions.as_array().unwrap();
    assert!(held.iter().any(|held| held["name"] == "users:read"));
    let workspace = json!({
        "id": ada.workspace_id, "name": "Engines", "slug": "ada-example-com",
    });
    let expected = json!({
        "id": id, "name": "Grace Hopper", "email": "Grace@Example.com", "phone": "+4930123456",
        "status": "PENDING", "avatarUrl": null,
        "workspaceId": ada.workspace_id, "workspace": workspace,
        "role": {
            "id": app.role_id(admin, "viewer").await, "name": "viewer",
            "description": role["description"], "isSystem": true, "isActive": true,
        },
        "permissions": permissions,
        "createdAt": told["createdAt"], "updatedAt": told["createdAt"], "lastActiveAt": null,
    });
    assert_eq!(told, expected);
    let path = format!("/users/{}", id.as_str().unwrap());
    assert_eq!(app.get_as(admin, &path).await.expect(200), told);

    let listed = app.get_as(admin, "/invitations").await.expect(200);
    let expires_at = listed["items"][0]["expiresAt"].clone();
    let expected = json!({
        "items": [{
            "id": id, "email": "Grace@Example.com", "name": "Grace Hopper",
            "phone": "+4930123456", "role": role,
            "invitedBy": { "id": ada.user_id, "name": "Ada Lovelace" },
            "createdAt": told["createdAt"], "expiresAt": expires_at,
        }],
        "nextCursor": null,
    });
    assert_eq!(listed, expected);
    app.advance_secs(7 * 24 * 3_600);
    let then = app.log_in("ada@example.com", PASSWORD).await.expect(200);
    assert_eq!(expires_at, then["session"]["startedAt"]);
}

async fn s28_who_is_a_member_or_invited_already_is_not_invited_again(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let eve = app.join(&ada, "eve@example.com", "agent").await;
    let aside = format!("/users/{}/deactivate", eve.user_id);
    app.put_as(admin, &aside, json!({})).await.expect(200);
    invite(&app, admin, "mary@example.com", "agent").await;
    for (email, code) in [
        ("ada@example.com", "already_member"),
        ("BOB@Example.com", "already_member"),
        ("eve@example.com", "already_member"),
        ("mary@example.com", "invitation_pending"),
        ("Mary@EXAMPLE.com", "invitation_pending"),
    ] {
        for role in ["agent", "viewer"] {
            let refused = app.post_as(admin, "/users", person(email, role)).await;
            assert_eq!(refused.problem(409), code, "{email}");
        }
    }
    let listed = app.get_as(admin, "/invitations").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    // Who was a member and is not any more is invited like anybody else.
    app.delete_as(admin, &format!("/users/{}", bob.user_id))
        .await
        .expect(200);
    invite(&app, admin, "bob@example.com", "agent").await;
}

async fn s28_of_parallel_invitations_of_one_address_one_is_made(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let emails = ["grace@example.com", "Grace@Example.com"];
    let tries = (0..20).map(|n| {
        let body = person(emails[n % 2], "agent");
        app.post_as(&ada.access_token, "/users", body)
    });
    let answers = futures_util::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(made.count(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.problem(409), "invitation_pending");
    }
    let listed = app.get_as(&ada.access_token, "/invitations").await;
    assert_eq!(listed.expect(200)["items"].as_array().unwrap().len(), 1);
}

async fn an_address_may_be_invited_into_two_workspaces_and_accept_both(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let email = "grace@example.com";
    let first = invited(&app, &ada.access_token, email, "agent").await;
    invite(&app, &eve.access_token, email, "viewer").await;
    let second = mailed_token(&app, email, 2).await;
    assert_ne!(first, second);

    let body = accept(&app, newcomer(&first)).await.expect(200);
    assert_eq!(body["workspace"]["id"], *ada.workspace_id);
    let shown = preview(&app, &second).await.expect(200);
    assert_eq!(shown["hasAccount"], true);
    let body = json!({ "token": second, "password": PASSWORD });
    let body = accept(&app, body).await.expect(200);
    assert_eq!(body["workspace"]["id"], *eve.workspace_id);
    assert_eq!(body["user"]["role"], "viewer");

    let token = body["access_token"].as_str().unwrap();
    let listed = app.get_as(token, "/health/workspaces").await.expect(200);
    let mut there: Vec<(&str, &str)> = listed["workspaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["role"].as_str().unwrap()))
        .collect();
    there.sort_unstable();
    let mut expected = [
        (ada.workspace_id.as_str(), "agent"),
        (eve.workspace_id.as_str(), "viewer"),
    ];
    expected.sort_unstable();
    assert_eq!(there, expected);
}
