//! A person with several workspaces: making a further one, going from one to another, deleting one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Backend, PASSWORD, TestApp, on_both, tenant_rows};

on_both!(
    a_further_workspace_is_made_and_gone_to_and_the_session_stays_the_same,
    who_is_no_active_member_cannot_go_there,
    a_further_workspace_needs_a_token_and_a_free_slug,
    the_next_sign_in_opens_where_the_person_was_last,
    a_deleted_workspace_is_gone_with_its_sessions_and_the_asker_is_in_none,
    a_workspace_is_deleted_with_the_password_only,
    all_workspaces_of_a_person_are_listed_with_what_they_are_there,
);

async fn further(app: &TestApp, token: &str, slug: &str) -> Value {
    let body = json!({ "name": "Second", "slug": slug, "branding": { "industry": "Retail" } });
    app.post_as(token, "/workspace", body).await.expect(201)
}

async fn switch(app: &TestApp, token: &str, workspace: &Value) -> Value {
    let body = json!({ "workspaceId": workspace });
    app.post_as(token, "/auth/switch-workspace", body)
        .await
        .expect(200)
}

async fn a_further_workspace_is_made_and_gone_to_and_the_session_stays_the_same(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    let made = further(&app, token, "second").await;
    assert_eq!(made["name"], "Second");
    assert_eq!(made["branding"], json!({ "industry": "Retail" }));
    assert!(made["apiToken"].as_str().unwrap().starts_with("kgw_"));
    // The session is where it was.
    let profile = app.get_as(token, "/users/profile").await.expect(200);
    assert_eq!(profile["workspaceId"], *ada.workspace_id);

    let switched = switch(&app, token, &made["id"]).await;
    let mut members: Vec<&String> = switched.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(
        members,
        ["access_token", "expiresIn", "token_type", "workspace"]
    );
    assert_eq!(switched["workspace"]["slug"], "second");
    assert!(switched["workspace"].get("apiToken").is_none());
    let there = switched["access_token"].as_str().unwrap();
    let profile = app.get_as(there, "/users/profile").await.expect(200);
    assert_eq!(profile["workspaceId"], made["id"]);
    assert_eq!(profile["role"]["name"], "admin");
    let before = app.get_as(token, "/users/profile").await;
    assert_eq!(before.problem(401), "invalid_token");

    let sessions = app.get_as(there, "/health/sessions").await.expect(200);
    assert_eq!(sessions["total"], 1);
    assert_eq!(sessions["sessions"][0]["id"], *ada.session_id);
    assert_eq!(sessions["sessions"][0]["workspaceId"], made["id"]);
    // The refresh token is that of the session, and mints for where it is.
    let refreshed = app.refresh(&ada.refresh_token).await.expect(200);
    let token = refreshed["access_token"].as_str().unwrap();
    let profile = app.get_as(token, "/users/profile").await.expect(200);
    assert_eq!(profile["workspaceId"], made["id"]);
    let back = switch(&app, token, &json!(ada.workspace_id)).await;
    assert_eq!(back["workspace"]["id"], *ada.workspace_id);
}

async fn who_is_no_active_member_cannot_go_there(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "viewer").await;
    app.admit(&eve, &bob.user_id, "viewer").await;
    let aside = format!("/users/{}/deactivate", bob.user_id);
    app.put_as(&eve.access_token, &aside, json!({}))
        .await
        .expect(200);
    let unknown = "0192f3c0-ffff-7abc-8def-0123456789ab";
    for (token, workspace) in [
        (&ada.access_token, eve.workspace_id.as_str()),
        (&ada.access_token, unknown),
        (&bob.access_token, eve.workspace_id.as_str()),
    ] {
        let body = json!({ "workspaceId": workspace });
        let refused = app.post_as(token, "/auth/switch-workspace", body).await;
        assert_eq!(refused.problem(404), "not_found");
        app.get_as(token, "/users/profile").await.expect(200);
    }
}

async fn a_further_workspace_needs_a_token_and_a_free_slug(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let body = |slug: &str| json!({ "name": "Second", "slug": slug });
    let nobody = app.post("/workspace", body("second")).await;
    assert_eq!(nobody.problem(401), "unauthenticated");
    let forged = app.post_as("forged", "/workspace", body("second")).await;
    assert_eq!(forged.problem(401), "invalid_token");
    let taken = app
        .post_as(&ada.access_token, "/workspace", body("ada-example-com"))
        .await;
    assert_eq!(taken.problem(409), "slug_taken");
    let reserved = app
        .post_as(&ada.access_token, "/workspace", body("admin"))
        .await;
    assert_eq!(reserved.problem(400), "validation_failed");
    // Two at once: the slug decides.
    let tries = (0..10).map(|_| app.post_as(&ada.access_token, "/workspace", body("second")));
    let answers = futures_util::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    assert!(
        answers
            .iter()
            .all(|answer| [201, 409].contains(&answer.status))
    );
}

async fn the_next_sign_in_opens_where_the_person_was_last(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let made = further(&app, &ada.access_token, "second").await;
    let signed_in = app.log_in(&ada.email, PASSWORD).await.expect(200);
    assert_eq!(signed_in["workspace"]["id"], *ada.workspace_id);
    let token = signed_in["access_token"].as_str().unwrap();
    switch(&app, token, &made["id"]).await;
    let signed_in = app.log_in(&ada.email, PASSWORD).await.expect(200);
    assert_eq!(signed_in["workspace"]["id"], made["id"]);
}

async fn delete(
    app: &TestApp,
    token: &str,
    workspace: &str,
    body: Value,
) -> crate::support::Answer {
    let path = format!("/workspace/{workspace}");
    app.ask_as(token, Method::DELETE, &path, Some(body)).await
}

async fn a_deleted_workspace_is_gone_with_its_sessions_and_the_asker_is_in_none(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "manager").await;
    app.make_role(&ada.access_token, "Night shift", &["chat:read"])
        .await;
    let elsewhere = app.seat(&ada.email).await;
    let other = tenant_rows(backend, &app, &eve.workspace_id).await;
    for token in [&bob.access_token, &elsewhere.access_token] {
        app.get_as(token, "/users/profile").await.expect(200);
    }

    let body = json!({ "currentPassword": PASSWORD });
    delete(&app, &ada.access_token, &ada.workspace_id, body)
        .await
        .expect_status(204);

    for token in [
        &bob.access_token,
        &elsewhere.access_token,
        &ada.access_token,
    ] {
        let refused = app.get_as(token, "/users/profile").await;
        assert_eq!(refused.problem(401), "invalid_token");
    }
    for token in [&bob.refresh_token, &elsewhere.refresh_token] {
        assert_eq!(
            app.refresh(token).await.problem(401),
            "invalid_refresh_token"
        );
    }
    let refreshed = app.refresh(&ada.refresh_token).await.expect(200);
    let token = refreshed["access_token"].as_str().unwrap();
    let profile = app.get_as(token, "/users/profile").await.expect(200);
    assert_eq!(profile["workspaceId"], Value::Null);
    assert_eq!(profile["permissions"], json!([]));
    let listed = app.get_as(token, "/health/workspaces").await.expect(200);
    assert_eq!(listed, json!({ "workspaces": [] }));
    let denied = app.get_as(token, "/users").await;
    assert_eq!(denied.problem(403), "permission_denied");
    let rows = tenant_rows(backend, &app, &ada.workspace_id).await;
    let kept: Vec<&str> = rows.lines().filter(|line| line.contains(',')).collect();
    // Of it only sessions are left, which have ended.
    assert!(kept.iter().all(|line| line.contains("removed")), "{rows}");
    assert_eq!(tenant_rows(backend, &app, &eve.workspace_id).await, other);
    // The slug may be had again.
    let path = "/workspace/slug/ada-example-com/available";
    assert_eq!(
        app.get(path).await.expect(200),
        json!({ "available": true })
    );
    further(&app, token, "ada-example-com").await;
}

async fn a_workspace_is_deleted_with_the_password_only(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "manager").await;
    let own = |account: &Account| account.workspace_id.clone();
    for body in [
        json!({}),
        json!({ "currentPassword": "" }),
        json!({ "currentPassword": null }),
        json!({ "currentPassword": "not hers" }),
    ] {
        let refused = delete(&app, &ada.access_token, &own(&ada), body).await;
        assert_eq!(refused.problem(403), "reauthentication_required");
    }
    let typed = json!({ "currentPassword": 7 });
    let refused = delete(&app, &ada.access_token, &own(&ada), typed).await;
    assert_eq!(refused.problem(400), "validation_failed");
    let body = json!({ "currentPassword": PASSWORD });
    let denied = delete(&app, &bob.access_token, &own(&ada), body).await;
    assert_eq!(denied.problem(403), "permission_denied");
    app.get_as(
        &ada.access_token,
        &format!("/workspace/{}", ada.workspace_id),
    )
    .await
    .expect(200);
}

async fn all_workspaces_of_a_person_are_listed_with_what_they_are_there(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.admit(&eve, &ada.user_id, "viewer").await;
    app.join(&eve, "bob@example.com", "agent").await;
    let listed = app
        .get_as(&ada.access_token, "/health/workspaces")
        .await
        .expect(200);
    let mut listed = listed["workspaces"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 2);
    listed.sort_by_key(|workspace| workspace["slug"].to_string());
    let (own, other) = (&listed[0], &listed[1]);
    assert_eq!(own["id"], *ada.workspace_id);
    assert_eq!(own["role"], "admin");
    assert_eq!(own["isCurrent"], true);
    assert_eq!(own["members"], 1);
    assert_eq!(own["activeSessions"], 1);
    assert_eq!(other["id"], *eve.workspace_id);
    assert_eq!(other["role"], "viewer");
    assert_eq!(other["isCurrent"], false);
    assert_eq!(other["members"], 3);
    assert_eq!(other["activeSessions"], 2);
    let holds = |workspace: &Value, name: &str| {
        let names = workspace["permissions"].as_array().unwrap();
        names.iter().any(|held| held == name)
    };
    assert!(holds(own, "workspace:delete") && holds(other, "workspace:read"));
    assert!(!holds(other, "workspace:delete"));
}
