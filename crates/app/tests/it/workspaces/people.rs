//! The members of a workspace, one by one: what is told of them, and what others change.

mod granting;

use serde_json::{Value, json};

use super::invitations::{accepted, invite};
use crate::support::{Answer, Backend, PASSWORD, Seat, TestApp, on_both};

on_both!(
    a_member_is_told_as_their_own_profile_tells_them,
    values_that_are_what_they_are_change_nothing,
    what_is_the_persons_own_nobody_else_changes,
    role_and_status_are_changed_together_or_not_at_all,
    a_role_or_status_that_cannot_be_given_is_refused,
    s19_what_is_not_to_be_set_is_an_unknown_member,
    who_is_removed_is_out_of_the_workspace_and_keeps_the_account,
    who_is_put_aside_is_taken_in_again,
);

async fn read(app: &TestApp, token: &str, id: &str) -> Value {
    app.get_as(token, &format!("/users/{id}")).await.expect(200)
}

async fn put(app: &TestApp, token: &str, id: &str, body: Value) -> Answer {
    app.put_as(token, &format!("/users/{id}"), body).await
}

/// A member who came by an invitation, with a telephone number.
async fn grace(app: &TestApp, admin: &str) -> Seat {
    accepted(app, admin, "Grace@Example.com", "agent").await
}

async fn a_member_is_told_as_their_own_profile_tells_them(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let grace = grace(&app, &ada.access_token).await;
    for (token, id) in [
        (&ada.access_token, &ada.user_id),
        (&grace.access_token, &grace.user_id),
    ] {
        let mut profile = app.get_as(token, "/users/profile").await.expect(200);
        let members = profile.as_object_mut().unwrap();
        for own in ["language", "newDeviceMail"] {
            assert!(members.remove(own).is_some(), "{own}");
        }
        for asker in [&ada.access_token, &grace.access_token] {
            assert_eq!(read(&app, asker, id).await, profile);
        }
    }
    let told = read(&app, &ada.access_token, &grace.user_id).await;
    assert_eq!(told["status"], "ACTIVE");
    assert_eq!(told["phone"], "+4930123456");
    assert_eq!(told["role"]["name"], "agent");
}

async fn values_that_are_what_they_are_change_nothing(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let grace = grace(&app, admin).await;
    let pending = invite(&app, admin, "mary@example.com", "agent").await;
    let pending = pending["id"].as_str().unwrap();
    app.advance_secs(5);
    for (id, email, status) in [
        (grace.user_id.as_str(), "GRACE@example.COM", "ACTIVE"),
        (pending, "Mary@EXAMPLE.com", "PENDING"),
    ] {
        let before = read(&app, admin, id).await;
        for body in [
            json!({}),
            json!({ "name": "Grace Hopper" }),
            json!({ "name": "  Grace Hopper " }),
            json!({ "phone": "+4930123456" }),
            json!({ "email": email }),
            json!({ "password": "" }),
            json!({ "password": null, "name": null, "email": null, "status": null }),
            json!({ "role_name": "agent" }),
            json!({ "status": status }),
            json!({
                "name": "Grace Hopper", "phone": "+4930123456", "email": email,
                "password": "", "role_name": "agent", "status": status,
            }),
        ] {
            let answer = put(&app, admin, id, body.clone()).await;
            assert_eq!(answer.expect(200), before, "{body}");
        }
        assert_eq!(read(&app, admin, id).await, before);
    }
    // Who has no telephone number has none.
    let body = json!({ "phone": null });
    let told = put(&app, admin, &ada.user_id, body).await.expect(200);
    assert_eq!(told["phone"], Value::Null);
}

async fn what_is_the_persons_own_nobody_else_changes(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let grace = grace(&app, admin).await;
    let pending = invite(&app, admin, "mary@example.com", "agent").await;
    let pending = pending["id"].as_str().unwrap();
    for id in [grace.user_id.as_str(), pending, ada.user_id.as_str()] {
        let before = read(&app, admin, id).await;
        let other_phone = json!({ "phone": "+4930999999" });
        let no_phone = json!({ "phone": null });
        let mut bodies = vec![
            json!({ "name": "Somebody Else" }),
            json!({ "email": "else@example.com" }),
            json!({ "password": "SecurePassword123!" }),
            json!({ "password": " " }),
            json!({ "name": "Somebody Else", "role_name": "viewer" }),
            json!({ "email": "else@example.com", "status": "INACTIVE" }),
            other_phone,
        ];
        if before["phone"] != Value::Null {
            bodies.push(no_phone);
        }
        for body in bodies {
            let refused = put(&app, admin, id, body.clone()).await;
            assert_eq!(refused.problem(403), "not_yours_to_change", "{body}");
        }
        assert_eq!(read(&app, admin, id).await, before);
    }
    // Who is not there yet is pending, and nothing that others say changes it.
    for status in ["ACTIVE", "INACTIVE", "SUSPENDED"] {
        let refused = put(&app, admin, pending, json!({ "status": status })).await;
        assert_eq!(refused.problem(403), "not_yours_to_change", "{status}");
    }
    let path = format!("/users/{pending}/activate");
    let refused = app.put_as(admin, &path, json!({})).await;
    assert_eq!(refused.problem(403), "not_yours_to_change");
    app.log_in("grace@example.com", PASSWORD).await.expect(200);
}

async fn role_and_status_are_changed_together_or_not_at_all(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let grace = grace(&app, admin).await;
    let before = read(&app, admin, &grace.user_id).await;
    app.advance_secs(5);
    let body = json!({ "role_name": "viewer", "status": "INACTIVE" });
    let changed = put(&app, admin, &grace.user_id, body).await.expect(200);
    assert_eq!(changed["role"]["name"], "viewer");
    assert_eq!(changed["status"], "INACTIVE");
    assert_eq!(changed["createdAt"], before["createdAt"]);
    assert_ne!(changed["updatedAt"], before["updatedAt"]);
    let held = changed["permissions"].as_array().unwrap();
    assert!(held.iter().any(|held| held["name"] == "roles:read"));
    assert!(held.iter().all(|held| held["name"] != "chat:edit"));
    assert_eq!(read(&app, admin, &grace.user_id).await, changed);

    let body = json!({ "role_name": "no such role", "status": "ACTIVE" });
    let refused = put(&app, admin, &grace.user_id, body).await;
    assert_eq!(refused.problem(400), "validation_failed");
    assert_eq!(read(&app, admin, &grace.user_id).await, changed);

    // An invitation takes another role as well, and gives it.
    let pending = invite(&app, admin, "mary@example.com", "agent").await;
    let pending = pending["id"].as_str().unwrap();
    let body = json!({ "role_name": "manager" });
    let changed = put(&app, admin, pending, body).await.expect(200);
    assert_eq!(changed["role"]["name"], "manager");
    assert_eq!(changed["status"], "PENDING");
}

async fn a_role_or_status_that_cannot_be_given_is_refused(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    for (body, field, code) in [
        (
            json!({ "role_name": "nobody has this" }),
            "role_name",
            "INVALID_ENUM_VALUE",
        ),
        (json!({ "role_name": " " }), "role_name", "INVALID_LENGTH"),
        (json!({ "role_name": "x" }), "role_name", "INVALID_LENGTH"),
        (json!({ "role_name": 7 }), "role_name", "INVALID_TYPE"),
        (
            json!({ "status": "PENDING" }),
            "status",
            "INVALID_ENUM_VALUE",
        ),
        (
            json!({ "status": "active" }),
            "status",
            "INVALID_ENUM_VALUE",
        ),
        (json!({ "phone": "030 1234" }), "phone", "INVALID_FORMAT"),
        (json!({ "email": "bob" }), "email", "INVALID_EMAIL"),
    ] {
        let refused = put(&app, admin, &bob.user_id, body.clone()).await;
        assert_eq!(refused.problem(400), "validation_failed", "{body}");
        let errors = refused.json()["errors"].clone();
        assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
        let told = (&errors[0]["field"], &errors[0]["code"]);
        assert_eq!(told, (&json!(field), &json!(code)), "{body}");
    }
    let invited = json!({
        "name": "Grace", "email": "grace@example.com", "role_name": "nobody has this",
    });
    let refused = app.post_as(admin, "/users", invited).await;
    assert_eq!(refused.problem(400), "validation_failed");
    assert_eq!(refused.json()["errors"][0]["field"], "role_name");
}

async fn s19_what_is_not_to_be_set_is_an_unknown_member(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let before = read(&app, admin, &bob.user_id).await;
    for (member, value) in [
        ("id", json!(eve.user_id)),
        ("workspaceId", json!(eve.workspace_id)),
        ("workspace_id", json!(eve.workspace_id)),
        ("permissions", json!(["users:delete"])),
        ("isActive", json!(true)),
        ("role", json!({ "name": "admin" })),
        ("roleId", json!(before["role"]["id"])),
        ("role_id", json!(before["role"]["id"])),
        ("invitedBy", json!(eve.user_id)),
        ("createdAt", json!("2020-01-01T00:00:00.000Z")),
        ("lastActiveAt", json!("2020-01-01T00:00:00.000Z")),
        ("expiresAt", json!("2099-01-01T00:00:00.000Z")),
        ("avatarUrl", json!("https://cdn.example/x.png")),
        ("token", json!("kgm_x")),
        ("emailVerified", json!(true)),
    ] {
        let mut invited =
            json!({ "name": "Grace", "email": "grace@example.com", "role_name": "agent" });
        invited[member] = value.clone();
        let mut changed = json!({ "role_name": "viewer" });
        changed[member] = value;
        for refused in [
            app.post_as(admin, "/users", invited).await,
            put(&app, admin, &bob.user_id, changed).await,
        ] {
            assert_eq!(refused.problem(400), "validation_failed", "{member}");
            let errors = refused.json()["errors"].clone();
            let expected = (&json!(member), &json!("UNKNOWN_FIELD"));
            assert_eq!((&errors[0]["field"], &errors[0]["code"]), expected);
        }
    }
    assert_eq!(read(&app, admin, &bob.user_id).await, before);
    let listed = app.get_as(admin, "/users").await.expect(200);
    assert_eq!(listed["total"], 2);
}

async fn who_is_removed_is_out_of_the_workspace_and_keeps_the_account(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let bob = app.join(&ada, "bob@example.com", "manager").await;
    let eve = app.join(&ada, "eve@example.com", "manager").await;
    let pending = invite(&app, admin, "mary@example.com", "agent").await;
    // Whoever may remove others may leave as well.
    for (token, id) in [
        (admin, bob.user_id.as_str()),
        (&eve.access_token, &eve.user_id),
        (admin, pending["id"].as_str().unwrap()),
    ] {
        let path = format!("/users/{id}");
        let gone = app.delete_as(token, &path).await.expect(200);
        let members: Vec<&String> = gone.as_object().unwrap().keys().collect();
        assert_eq!(members, ["message"]);
        assert!(!gone["message"].as_str().unwrap().is_empty());
        assert_eq!(app.get_as(admin, &path).await.problem(404), "not_found");
        assert_eq!(app.delete_as(admin, &path).await.problem(404), "not_found");
    }
    let listed = app.get_as(admin, "/users").await.expect(200);
    assert_eq!(listed["total"], 1);
    let again = app.log_in(&bob.email, PASSWORD).await;
    let again = again.expect(200);
    assert_eq!(again["user"]["id"], *bob.user_id);
    assert_eq!(again["workspace"], Value::Null);
}

async fn who_is_put_aside_is_taken_in_again(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    for (step, status) in [
        ("deactivate", "INACTIVE"),
        ("deactivate", "INACTIVE"),
        ("activate", "ACTIVE"),
        ("activate", "ACTIVE"),
    ] {
        let path = format!("/users/{}/{step}", bob.user_id);
        let told = app.put_as(&ada.access_token, &path, json!({})).await;
        let told = told.expect(200);
        assert_eq!(told["id"], *bob.user_id);
        assert_eq!(told["status"], status);
        assert_eq!(told["role"]["name"], "agent");
        assert_eq!(read(&app, &ada.access_token, &bob.user_id).await, told);
    }
    app.seat(&bob.email).await;
}
