//! What a role permits: told, replaced, added to, and taken from.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Backend, TestApp, on_both};

on_both!(
    what_a_role_holds_is_told_permission_by_permission,
    permissions_are_replaced_added_and_removed,
    s20_a_role_is_given_no_permission_that_there_is_not,
    a_list_of_permissions_that_is_none_is_refused,
);

/// The permissions of a role, as the path tells them.
async fn held(app: &TestApp, admin: &str, path: &str) -> Vec<Value> {
    let told = app.get_as(admin, path).await.expect(200);
    told.as_array().unwrap().clone()
}

async fn change(app: &TestApp, admin: &str, method: Method, path: &str, ids: Value) -> Answer {
    let body = json!({ "permissionIds": ids });
    app.ask_as(admin, method, path, Some(body)).await
}

async fn what_a_role_holds_is_told_permission_by_permission(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let own = json!({ "name": "reports:export", "description": "Export.", "category": "reports" });
    app.post_as(admin, "/permissions", own).await.expect(201);
    let names = ["users:read", "chat:edit", "reports:export"];
    let role = app.make_role(admin, "Night shift", &names).await;
    let path = format!("/roles/{role}/permissions");
    let held = held(&app, admin, &path).await;
    assert_eq!(held.len(), 3);
    let known = app.get_as(admin, "/permissions").await.expect(200);
    let known = known["permissions"].as_array().unwrap();
    let mut marks = Vec::new();
    for (one, name) in held.iter().zip(names) {
        let permission = known.iter().find(|known| known["name"] == name).unwrap();
        let expected = json!({
            "id": one["id"], "roleId": role, "permissionId": permission["id"],
            "permission": permission,
        });
        assert_eq!(*one, expected);
        marks.push(one["id"].as_str().unwrap().to_owned());
    }
    // The same permission of another role has another mark; of the same role always the same.
    let other = app.make_role(admin, "Day shift", &names).await;
    let other = format!("/roles/{other}/permissions");
    let others = self::held(&app, admin, &other).await;
    let others = others.iter().map(|one| one["id"].as_str().unwrap());
    let again = self::held(&app, admin, &path).await;
    let again: Vec<&str> = again
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(again, marks);
    marks.extend(others.map(str::to_owned));
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), 6);
}

async fn permissions_are_replaced_added_and_removed(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let role = app.make_role(admin, "Night shift", &["chat:read"]).await;
    let path = format!("/roles/{role}/permissions");
    // In order: by resource, then by action. What is there already, or is not, is no error.
    for (method, names, expected) in [
        (
            Method::POST,
            &["chat:edit", "users:read"][..],
            &["users:read", "chat:read", "chat:edit"][..],
        ),
        (
            Method::POST,
            &["chat:edit", "chat:edit"],
            &["users:read", "chat:read", "chat:edit"],
        ),
        (
            Method::DELETE,
            &["chat:read", "chat:delete", "chat:read"],
            &["users:read", "chat:edit"],
        ),
        (
            Method::PUT,
            &["tags:read", "chat:edit", "tags:read"],
            &["chat:edit", "tags:read"],
        ),
        (
            Method::PUT,
            &["tags:read", "chat:edit"],
            &["chat:edit", "tags:read"],
        ),
        (Method::POST, &[], &["chat:edit", "tags:read"]),
        (Method::DELETE, &[], &["chat:edit", "tags:read"]),
        (Method::PUT, &[], &[]),
        (Method::DELETE, &["chat:edit"], &[]),
    ] {
        let ids = app.permission_ids(admin, names).await;
        let done = change(&app, admin, method.clone(), &path, json!(ids)).await;
        let done = done.expect(200);
        let members: Vec<&String> = done.as_object().unwrap().keys().collect();
        assert_eq!(members, ["message"]);
        assert!(!done["message"].as_str().unwrap().is_empty());
        let held = held(&app, admin, &path).await;
        let held: Vec<&str> = held
            .iter()
            .map(|one| one["permission"]["name"].as_str().unwrap())
            .collect();
        assert_eq!(held, expected, "{method} {names:?}");
        let told = app.get_as(admin, &format!("/roles/{role}")).await;
        assert_eq!(
            told.expect(200)["_count"]["rolePermissions"],
            expected.len()
        );
    }
}

async fn s20_a_role_is_given_no_permission_that_there_is_not(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let own = json!({ "name": "reports:export", "description": "", "category": "reports" });
    let foreign = app
        .post_as(&eve.access_token, "/permissions", own)
        .await
        .expect(201);
    let admin = &ada.access_token;
    let role = app.make_role(admin, "Night shift", &["chat:read"]).await;
    let path = format!("/roles/{role}/permissions");
    let before = held(&app, admin, &path).await;
    let good = app.permission_ids(admin, &["chat:edit"]).await;
    for unknown in [
        "0192f3c0-ffff-7abc-8def-0123456789ab",
        foreign["id"].as_str().unwrap(),
        // Of the form of built-in ones, and none.
        "00000000-0000-7000-8000-00000000ff01",
        "00000000-0000-7000-8000-000000000105",
    ] {
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            let ids = json!([good[0], unknown]);
            let refused = change(&app, admin, method, &path, ids).await;
            assert_eq!(refused.problem(404), "not_found", "{unknown}");
        }
    }
    assert_eq!(held(&app, admin, &path).await, before);
}

async fn a_list_of_permissions_that_is_none_is_refused(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let role = app.make_role(admin, "Night shift", &["chat:read"]).await;
    let path = format!("/roles/{role}/permissions");
    for (body, field, code) in [
        (json!({}), "permissionIds", "REQUIRED_FIELD"),
        (
            json!({ "permissionIds": null }),
            "permissionIds",
            "REQUIRED_FIELD",
        ),
        (
            json!({ "permissionIds": "x" }),
            "permissionIds",
            "INVALID_TYPE",
        ),
        (
            json!({ "permissionIds": [7] }),
            "permissionIds",
            "INVALID_TYPE",
        ),
        (
            json!({ "permissionIds": ["chat:read"] }),
            "permissionIds",
            "INVALID_FORMAT",
        ),
        (
            json!({ "permissionIds": [], "roleId": role }),
            "roleId",
            "UNKNOWN_FIELD",
        ),
    ] {
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            let refused = app.ask_as(admin, method, &path, Some(body.clone())).await;
            assert_eq!(refused.problem(400), "validation_failed", "{body}");
            let error = &refused.json()["errors"][0];
            let told = (&error["field"], &error["code"]);
            assert_eq!(told, (&json!(field), &json!(code)), "{body}");
        }
    }
    assert_eq!(held(&app, admin, &path).await.len(), 1);
}
