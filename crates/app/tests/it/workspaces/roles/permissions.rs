//! Permissions: the built-in ones, and those that a workspace makes for itself.

use kogents_domain::access::BuiltInPermission;
use serde_json::{Value, json};

use crate::support::{Answer, Backend, Client, on_both};

on_both!(
    the_built_in_permissions_are_told_and_then_the_workspaces_own,
    a_permission_is_made_granted_renamed_and_deleted,
    s28_a_name_is_one_permissions_and_never_a_built_in_ones,
    built_in_permissions_do_not_change,
    a_permission_that_is_none_is_refused,
    s19_what_is_not_to_be_set_is_an_unknown_member,
    categories_are_those_of_built_in_permissions_and_then_the_others,
);

async fn create(app: &Client, admin: &str, name: &str, category: &str) -> Answer {
    let body = json!({ "name": name, "description": "Something.", "category": category });
    app.post_as(admin, "/permissions", body).await
}

async fn put(app: &Client, admin: &str, id: &Value, body: Value) -> Answer {
    let path = format!("/permissions/{}", id.as_str().unwrap());
    app.put_as(admin, &path, body).await
}

async fn delete(app: &Client, admin: &str, id: &Value) -> Answer {
    let path = format!("/permissions/{}", id.as_str().unwrap());
    app.delete_as(admin, &path).await
}

async fn known(app: &Client, admin: &str) -> Value {
    app.get_as(admin, "/permissions").await.expect(200)
}

async fn the_built_in_permissions_are_told_and_then_the_workspaces_own(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let mut expected: Vec<Value> = BuiltInPermission::all()
        .into_iter()
        .map(|built_in| {
            json!({
                "id": built_in.id().to_string(), "name": built_in.name().as_str(),
                "description": built_in.description(),
                "category": built_in.resource.category().as_str(),
            })
        })
        .collect();
    assert_eq!(expected.len(), 56);
    let told = json!({ "permissions": expected, "total": 56 });
    assert_eq!(known(&app, admin).await, told);
    for name in ["zebras:feed", "apples:eat"] {
        let made = create(&app, admin, name, "zoo").await.expect(201);
        expected.insert(56, made);
    }
    let told = json!({ "permissions": expected, "total": 58 });
    assert_eq!(known(&app, admin).await, told);
    // They are this workspace's alone.
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    assert_eq!(known(&app, &eve.access_token).await["total"], 56);
}

async fn a_permission_is_made_granted_renamed_and_deleted(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let body = json!({
        "name": "reports:update", "description": "Change reports.", "category": " reports ",
    });
    let made = app.post_as(admin, "/permissions", body).await.expect(201);
    let id = &made["id"];
    // `update` is another word for `edit`.
    let expected = json!({
        "id": id, "name": "reports:edit", "description": "Change reports.",
        "category": "reports",
    });
    assert_eq!(made, expected);

    let role = app
        .make_role(admin, "Reporter", &["chat:read", "reports:edit"])
        .await;
    let bob = app.join(&ada, "bob@example.com", "Reporter").await;
    let allowed = async |name: &str| {
        let path = format!("/permissions/explain?permission={name}");
        let told = app.get_as(&bob.access_token, &path).await.expect(200);
        told["allowed"].as_bool().unwrap()
    };
    assert!(allowed("reports:edit").await);
    let refused = delete(&app, admin, id).await;
    assert_eq!(refused.problem(409), "permission_in_use");

    // What a change does not name stays. Whoever holds it holds it under its new name.
    for (body, name, description, category) in [
        (json!({}), "reports:edit", "Change reports.", "reports"),
        (
            json!({ "name": "reports:update" }),
            "reports:edit",
            "Change reports.",
            "reports",
        ),
        (
            json!({ "description": null }),
            "reports:edit",
            "",
            "reports",
        ),
        (
            json!({ "category": "figures" }),
            "reports:edit",
            "",
            "figures",
        ),
        (
            json!({ "name": "figures:change" }),
            "figures:change",
            "",
            "figures",
        ),
    ] {
        let told = put(&app, admin, id, body.clone()).await.expect(200);
        let expected = json!({
            "id": id, "name": name, "description": description, "category": category,
        });
        assert_eq!(told, expected, "{body}");
        assert!(allowed(name).await, "{body}");
        let path = format!("/roles/{role}/permissions");
        let held = app.get_as(admin, &path).await.expect(200);
        assert_eq!(held[1]["permission"], expected, "{body}");
        assert_eq!(held.as_array().unwrap().len(), 2);
    }
    assert!(!allowed("reports:edit").await);
    assert_eq!(known(&app, admin).await["total"], 57);

    let path = format!("/roles/{role}/permissions");
    let body = json!({ "permissionIds": [id] });
    app.ask_as(admin, reqwest::Method::DELETE, &path, Some(body))
        .await
        .expect(200);
    assert!(!allowed("figures:change").await);
    delete(&app, admin, id).await.expect_status(204);
    assert_eq!(delete(&app, admin, id).await.problem(404), "not_found");
    let gone = put(&app, admin, id, json!({ "category": "none" })).await;
    assert_eq!(gone.problem(404), "not_found");
    assert_eq!(known(&app, admin).await["total"], 56);
    // The name may be had again, and nobody holds it by that.
    create(&app, admin, "figures:change", "figures")
        .await
        .expect(201);
    assert!(!allowed("figures:change").await);
}

async fn s28_a_name_is_one_permissions_and_never_a_built_in_ones(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    create(&app, admin, "reports:edit", "reports")
        .await
        .expect(201);
    let other = create(&app, admin, "figures:edit", "reports").await;
    let other = other.expect(201)["id"].clone();
    let before = known(&app, admin).await;
    for taken in [
        "users:read",
        "chat:update",
        "chat:edit",
        "canned-responses:delete",
        "reports:edit",
        "reports:update",
    ] {
        let refused = create(&app, admin, taken, "reports").await;
        assert_eq!(refused.problem(409), "permission_name_taken", "{taken}");
        let refused = put(&app, admin, &other, json!({ "name": taken })).await;
        assert_eq!(refused.problem(409), "permission_name_taken", "{taken}");
    }
    assert_eq!(known(&app, admin).await, before);
    let tries = (0..10).map(|_| create(&app, admin, "graphs:read", "reports"));
    let answers = futures_util::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(made.count(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.problem(409), "permission_name_taken");
    }
    // What is built in on one side of the colon only is free.
    create(&app, admin, "users:export", "people")
        .await
        .expect(201);
}

async fn built_in_permissions_do_not_change(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let before = known(&app, admin).await;
    for permission in before["permissions"].as_array().unwrap() {
        let id = &permission["id"];
        for refused in [
            put(&app, admin, id, json!({ "description": "Mine." })).await,
            put(&app, admin, id, json!({})).await,
            delete(&app, admin, id).await,
        ] {
            assert_eq!(refused.problem(409), "system_permission", "{permission}");
        }
    }
    assert_eq!(known(&app, admin).await, before);
}

async fn a_permission_that_is_none_is_refused(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let made = create(&app, admin, "reports:edit", "reports").await;
    let id = made.expect(201)["id"].clone();
    let long = "x".repeat(201);
    for (member, value, code) in [
        ("name", json!("reports"), "INVALID_FORMAT"),
        ("name", json!("Reports:export"), "INVALID_FORMAT"),
        ("name", json!("reports:*"), "INVALID_FORMAT"),
        ("name", json!(["reports:export"]), "INVALID_TYPE"),
        ("description", json!(long), "INVALID_LENGTH"),
        ("description", json!(7), "INVALID_TYPE"),
        ("category", json!("x"), "INVALID_LENGTH"),
        ("category", json!("<b>"), "INVALID_FORMAT"),
    ] {
        let mut body = json!({ "name": "reports:export", "category": "reports" });
        body[member] = value;
        for refused in [
            app.post_as(admin, "/permissions", body.clone()).await,
            put(&app, admin, &id, body.clone()).await,
        ] {
            assert_eq!(refused.problem(400), "validation_failed", "{body}");
            let error = &refused.json()["errors"][0];
            let told = (&error["field"], &error["code"]);
            assert_eq!(told, (&json!(member), &json!(code)), "{body}");
        }
    }
    for missing in [json!({}), json!({ "name": " ", "category": "" })] {
        let refused = app.post_as(admin, "/permissions", missing).await;
        assert_eq!(refused.problem(400), "validation_failed");
        let errors = refused.json()["errors"].clone();
        let errors = errors.as_array().unwrap();
        assert_eq!(errors.len(), 2);
        assert!(errors.iter().all(|error| error["code"] == "REQUIRED_FIELD"));
    }
    assert_eq!(known(&app, admin).await["total"], 57);
}

async fn s19_what_is_not_to_be_set_is_an_unknown_member(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let made = create(&app, admin, "reports:edit", "reports").await;
    let made = made.expect(201);
    for (member, value) in [
        ("id", json!("00000000-0000-7000-8000-000000000901")),
        ("workspaceId", json!(ada.workspace_id)),
        ("isSystem", json!(true)),
        ("roleId", json!(ada.user_id)),
    ] {
        let mut body = json!({ "name": "reports:export", "category": "reports" });
        body[member] = value;
        for refused in [
            app.post_as(admin, "/permissions", body.clone()).await,
            put(&app, admin, &made["id"], body).await,
        ] {
            assert_eq!(refused.problem(400), "validation_failed", "{member}");
            let error = &refused.json()["errors"][0];
            let told = (&error["field"], &error["code"]);
            assert_eq!(told, (&json!(member), &json!("UNKNOWN_FIELD")));
        }
    }
    assert_eq!(known(&app, admin).await["permissions"][56], made);
}

async fn categories_are_those_of_built_in_permissions_and_then_the_others(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let told = async || {
        let path = "/permissions/categories";
        app.get_as(admin, path).await.expect(200)
    };
    let mut expected = vec!["workspace", "people", "access", "insight", "chat"];
    assert_eq!(told().await, json!({ "categories": expected, "total": 5 }));
    for (name, category) in [
        ("reports:read", "reports"),
        ("reports:edit", "reports"),
        ("talks:hold", "chat"),
        ("zebras:feed", "Zoo & Garten"),
    ] {
        create(&app, admin, name, category).await.expect(201);
    }
    expected.extend(["reports", "Zoo & Garten"]);
    assert_eq!(told().await, json!({ "categories": expected, "total": 7 }));
}
