//! Why somebody may do something, or why not.

use serde_json::{Value, json};

use crate::support::{Backend, Client, on_both};

on_both!(
    a_permission_is_explained_by_the_role,
    an_own_permission_is_explained_to_admins_and_to_those_who_hold_it,
    without_a_workspace_nothing_is_allowed,
);

async fn explained(app: &Client, token: &str, permission: &str) -> Value {
    let path = format!("/permissions/explain?permission={permission}");
    app.get_as(token, &path).await.expect(200)
}

async fn a_permission_is_explained_by_the_role(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let viewer = app.join(&ada, "viewer@example.com", "viewer").await;
    // Whoever may not even see which permissions there are is told of their own.
    let agent = app.join(&ada, "agent@example.com", "agent").await;
    app.make_role(&ada.access_token, "Night shift", &["chat:edit"])
        .await;
    let night = app.join(&ada, "night@example.com", "Night shift").await;
    for (token, permission, allowed, because) in [
        (
            &ada.access_token,
            "users:delete",
            true,
            "The role \"admin\" includes users:delete.",
        ),
        (
            &viewer.access_token,
            "users:read",
            true,
            "The role \"viewer\" includes users:read.",
        ),
        (
            &viewer.access_token,
            "users:update",
            false,
            "The role \"viewer\" does not include users:edit.",
        ),
        (
            &agent.access_token,
            "permissions:read",
            false,
            "The role \"agent\" does not include permissions:read.",
        ),
        (
            &night.access_token,
            "chat:update",
            true,
            "The role \"Night shift\" includes chat:edit.",
        ),
        (
            &night.access_token,
            "chat:read",
            false,
            "The role \"Night shift\" does not include chat:read.",
        ),
    ] {
        let expected = json!({ "allowed": allowed, "because": because });
        assert_eq!(explained(&app, token, permission).await, expected);
    }
    for (query, code) in [
        ("", "REQUIRED_FIELD"),
        ("?permission=", "REQUIRED_FIELD"),
        ("?permission=users", "INVALID_FORMAT"),
        ("?permission=users:%00", "INVALID_FORMAT"),
    ] {
        let path = format!("/permissions/explain{query}");
        let refused = app.get_as(&ada.access_token, &path).await;
        assert_eq!(refused.problem(400), "validation_failed", "{query}");
        let error = &refused.json()["errors"][0];
        assert_eq!(error["field"], "permission", "{query}");
        assert_eq!(error["code"], code, "{query}");
    }
}

async fn an_own_permission_is_explained_to_admins_and_to_those_who_hold_it(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let admin = &ada.access_token;
    let own = json!({ "name": "reports:export", "description": "", "category": "reports" });
    app.post_as(admin, "/permissions", own).await.expect(201);
    app.make_role(admin, "Exporter", &["reports:export"]).await;
    let exporter = app.join(&ada, "exporter@example.com", "Exporter").await;
    let viewer = app.join(&ada, "viewer@example.com", "viewer").await;
    let stranger = app.join(&eve, "stranger@example.com", "viewer").await;
    for (token, permission, allowed, because) in [
        (
            admin,
            "reports:export",
            true,
            "The role \"admin\" includes reports:export.",
        ),
        (
            &exporter.access_token,
            "reports:export",
            true,
            "The role \"Exporter\" includes reports:export.",
        ),
        (
            &viewer.access_token,
            "reports:export",
            false,
            "The role \"viewer\" does not include reports:export.",
        ),
        // What nobody made nobody holds but who holds everything; so it is with what another
        // workspace made.
        (
            &viewer.access_token,
            "reports:shred",
            false,
            "There is no permission reports:shred in the workspace.",
        ),
        (
            admin,
            "reports:shred",
            true,
            "The role \"admin\" includes reports:shred.",
        ),
        (
            &stranger.access_token,
            "reports:export",
            false,
            "There is no permission reports:export in the workspace.",
        ),
    ] {
        let expected = json!({ "allowed": allowed, "because": because });
        assert_eq!(explained(&app, token, permission).await, expected);
    }
}

async fn without_a_workspace_nothing_is_allowed(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.join(&ada, "bob@example.com", "admin").await;
    let path = format!("/users/{}", bob.user_id);
    app.delete_as(&ada.access_token, &path).await.expect(200);
    let bob = app.seat(&bob.email).await;
    for permission in ["users:read", "reports:export"] {
        let because = format!("Without a role in a workspace nobody has {permission}.");
        let expected = json!({ "allowed": false, "because": because });
        let told = explained(&app, &bob.access_token, permission).await;
        assert_eq!(told, expected);
    }
    let nobody = app.get("/permissions/explain?permission=users:read").await;
    assert_eq!(nobody.problem(401), "unauthenticated");
}
