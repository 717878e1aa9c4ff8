//! Roles: what is told of them, and what is done with those that a workspace makes for itself.

mod explaining;
mod permissions;
mod permitting;

use reqwest::Method;
use serde_json::{Value, json};

use super::invitations::invite;
use crate::support::{Answer, Backend, Client, on_both};

on_both!(
    every_workspace_has_the_system_roles_with_their_figures,
    a_role_is_made_read_changed_and_deleted,
    s28_a_name_is_one_roles_and_never_a_system_roles,
    a_role_that_somebody_has_or_is_invited_to_stays,
    s23_system_roles_do_not_change,
    s19_what_is_not_to_be_set_is_an_unknown_member,
);

async fn put(app: &Client, token: &str, id: &str, body: Value) -> Answer {
    app.put_as(token, &format!("/roles/{id}"), body).await
}

async fn delete(app: &Client, token: &str, id: &str) -> Answer {
    app.delete_as(token, &format!("/roles/{id}")).await
}

/// The roles of the workspace that a token is for, by name.
async fn listed(app: &Client, token: &str) -> Vec<Value> {
    let roles = app.get_as(token, "/roles").await.expect(200);
    let mut roles = roles.as_array().unwrap().clone();
    roles.sort_by_key(|role| role["name"].to_string());
    roles
}

async fn every_workspace_has_the_system_roles_with_their_figures(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    app.join(&ada, "eve@example.com", "agent").await;
    // Whoever is put aside has the role; whoever is invited does not have it yet.
    let aside = format!("/users/{}/deactivate", bob.user_id);
    app.put_as(admin, &aside, json!({})).await.expect(200);
    invite(&app, admin, "mary@example.com", "viewer").await;
    let roles = listed(&app, admin).await;
    let expected = [
        ("admin", "Holds every permission of the workspace.", 1, 56),
        ("agent", "", 2, 10),
        ("manager", "", 0, 37),
        ("viewer", "", 0, 11),
    ];
    assert_eq!(roles.len(), expected.len());
    for (role, (name, description, users, permissions)) in roles.iter().zip(expected) {
        let told = json!({
            "id": app.role_id(admin, name).await, "name": name,
            "description": role["description"], "isSystem": true, "isActive": true,
            "_count": { "users": users, "rolePermissions": permissions },
        });
        assert_eq!(*role, told);
        let told = role["description"].as_str().unwrap();
        assert!(!told.is_empty() && told.starts_with(description), "{told}");
        // What it is said to hold is what it holds.
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        assert_eq!(app.get_as(admin, &path).await.expect(200), *role);
        let held = app.get_as(admin, &format!("{path}/permissions")).await;
        assert_eq!(held.expect(200).as_array().unwrap().len(), permissions);
    }
    // A permission of the workspace's own the admin holds as well, and nobody else.
    let own = json!({ "name": "reports:export", "description": "", "category": "reports" });
    app.post_as(admin, "/permissions", own).await.expect(201);
    let roles = listed(&app, admin).await;
    for (role, (name, _, _, permissions)) in roles.iter().zip(expected) {
        let more = usize::from(name == "admin");
        assert_eq!(role["_count"]["rolePermissions"], permissions + more);
    }
}

async fn a_role_is_made_read_changed_and_deleted(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let body = json!({ "name": " Night shift ", "description": "Answers at night." });
    let made = app.post_as(admin, "/roles", body).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let mut expected = json!({
        "id": id, "name": "Night shift", "description": "Answers at night.",
        "isSystem": false, "isActive": true, "_count": { "users": 0, "rolePermissions": 0 },
    });
    assert_eq!(made, expected);
    let path = format!("/roles/{id}");
    assert_eq!(app.get_as(admin, &path).await.expect(200), expected);
    assert_eq!(listed(&app, admin).await.len(), 5);

    app.join(&ada, "bob@example.com", "Night shift").await;
    let ids = app.permission_ids(admin, &["chat:read", "chat:edit"]).await;
    let permissions = format!("{path}/permissions");
    app.put_as(admin, &permissions, json!({ "permissionIds": ids }))
        .await
        .expect(200);
    expected["_count"] = json!({ "users": 1, "rolePermissions": 2 });
    assert_eq!(app.get_as(admin, &path).await.expect(200), expected);

    // What a change does not name stays, and null takes a description away.
    for (body, name, description) in [
        (json!({}), "Night shift", "Answers at night."),
        (json!({ "name": null }), "Night shift", "Answers at night."),
        (
            json!({ "name": "Night shift" }),
            "Night shift",
            "Answers at night.",
        ),
        (
            json!({ "name": "Nachtdienst" }),
            "Nachtdienst",
            "Answers at night.",
        ),
        (
            json!({ "description": "Nachts." }),
            "Nachtdienst",
            "Nachts.",
        ),
        (json!({ "description": null }), "Nachtdienst", ""),
    ] {
        expected["name"] = json!(name);
        expected["description"] = json!(description);
        let told = put(&app, admin, id, body.clone()).await.expect(200);
        assert_eq!(told, expected, "{body}");
        assert_eq!(app.get_as(admin, &path).await.expect(200), expected);
    }
    let told = app.get_as(admin, "/users?role=Nachtdienst").await;
    assert_eq!(told.expect(200)["users"][0]["role"]["name"], "Nachtdienst");

    let other = app
        .post_as(admin, "/roles", json!({ "name": "Other" }))
        .await
        .expect(201);
    assert_eq!(other["description"], "");
    let other = other["id"].as_str().unwrap();
    delete(&app, admin, other).await.expect_status(204);
    let gone = app.get_as(admin, &format!("/roles/{other}")).await;
    assert_eq!(gone.problem(404), "not_found");
    assert_eq!(delete(&app, admin, other).await.problem(404), "not_found");
    let gone = put(&app, admin, other, json!({ "name": "Again" })).await;
    assert_eq!(gone.problem(404), "not_found");
    assert_eq!(listed(&app, admin).await.len(), 5);
}

async fn s28_a_name_is_one_roles_and_never_a_system_roles(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    app.make_role(admin, "Night shift", &["chat:read"]).await;
    let other = app.make_role(admin, "Day shift", &["chat:read"]).await;
    let before = listed(&app, admin).await;
    for taken in [
        "Night shift",
        " Night shift ",
        "admin",
        "Admin",
        "VIEWER",
        "agent",
    ] {
        let refused = app.post_as(admin, "/roles", json!({ "name": taken })).await;
        assert_eq!(refused.problem(409), "role_name_taken", "{taken}");
        let refused = put(&app, admin, &other, json!({ "name": taken })).await;
        assert_eq!(refused.problem(409), "role_name_taken", "{taken}");
    }
    for (bad, code) in [
        ("", "REQUIRED_FIELD"),
        ("x", "INVALID_LENGTH"),
        (&"x".repeat(51), "INVALID_LENGTH"),
        ("<b>bold</b>", "INVALID_FORMAT"),
    ] {
        let refused = app.post_as(admin, "/roles", json!({ "name": bad })).await;
        assert_eq!(refused.problem(400), "validation_failed", "{bad}");
        assert_eq!(refused.json()["errors"][0]["code"], code, "{bad}");
    }
    assert_eq!(listed(&app, admin).await, before);

    let tries = (0..10).map(|_| app.post_as(admin, "/roles", json!({ "name": "Late shift" })));
    let answers = futures_util::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(made.count(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.problem(409), "role_name_taken");
    }
    // In another workspace the name is another role's.
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.make_role(&eve.access_token, "Night shift", &["chat:read"])
        .await;
}

async fn a_role_that_somebody_has_or_is_invited_to_stays(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let id = app.make_role(admin, "Night shift", &["chat:read"]).await;
    let bob = app.join(&ada, "bob@example.com", "Night shift").await;
    let mary = invite(&app, admin, "mary@example.com", "Night shift").await;
    let aside = format!("/users/{}/deactivate", bob.user_id);
    app.put_as(admin, &aside, json!({})).await.expect(200);
    // First both keep it, then the invitation alone, and then nobody.
    for who in [bob.user_id.as_str(), mary["id"].as_str().unwrap()] {
        let refused = delete(&app, admin, &id).await;
        assert_eq!(refused.problem(409), "role_in_use");
        let path = format!("/users/{who}");
        app.put_as(admin, &path, json!({ "role_name": "viewer" }))
            .await
            .expect(200);
    }
    delete(&app, admin, &id).await.expect_status(204);
    let refused = app
        .put_as(
            admin,
            &format!("/users/{}", bob.user_id),
            json!({ "role_name": "Night shift" }),
        )
        .await;
    assert_eq!(refused.problem(400), "validation_failed");

    // By a member alone as well.
    let id = app.make_role(admin, "Night shift", &["chat:read"]).await;
    app.join(&ada, "eve@example.com", "Night shift").await;
    assert_eq!(delete(&app, admin, &id).await.problem(409), "role_in_use");
}

async fn s23_system_roles_do_not_change(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let before = listed(&app, admin).await;
    let ids = app.permission_ids(admin, &["chat:read"]).await;
    let ids = json!({ "permissionIds": ids });
    for role in &before {
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        let permissions = format!("{path}/permissions");
        let described = json!({ "description": role["description"] });
        for (method, path, body) in [
            (Method::PUT, &path, Some(json!({ "name": "Boss" }))),
            (Method::PUT, &path, Some(json!({ "description": null }))),
            (Method::PUT, &path, Some(described)),
            (Method::DELETE, &path, None),
            (Method::PUT, &permissions, Some(ids.clone())),
            (
                Method::PUT,
                &permissions,
                Some(json!({ "permissionIds": [] })),
            ),
            (Method::POST, &permissions, Some(ids.clone())),
            (Method::DELETE, &permissions, Some(ids.clone())),
        ] {
            let refused = app.ask_as(admin, method.clone(), path, body).await;
            let name = &role["name"];
            assert_eq!(refused.problem(409), "system_role", "{method} {name}");
        }
    }
    assert_eq!(listed(&app, admin).await, before);
}

async fn s19_what_is_not_to_be_set_is_an_unknown_member(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let id = app.make_role(admin, "Night shift", &["chat:read"]).await;
    let before = listed(&app, admin).await;
    for (member, value) in [
        ("id", json!(ada.user_id)),
        ("workspaceId", json!(ada.workspace_id)),
        ("isSystem", json!(true)),
        ("isActive", json!(false)),
        ("permissions", json!(["users:delete"])),
        ("permissionIds", json!([])),
        ("_count", json!({ "users": 3 })),
        ("system", json!("admin")),
    ] {
        let mut body = json!({ "name": "Late shift" });
        body[member] = value;
        for refused in [
            app.post_as(admin, "/roles", body.clone()).await,
            put(&app, admin, &id, body).await,
        ] {
            assert_eq!(refused.problem(400), "validation_failed", "{member}");
            let error = &refused.json()["errors"][0];
            let told = (&error["field"], &error["code"]);
            assert_eq!(told, (&json!(member), &json!("UNKNOWN_FIELD")));
        }
    }
    assert_eq!(listed(&app, admin).await, before);
}
