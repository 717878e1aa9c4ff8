//! What was not done is not told of.

use futures_util::future::join_all;
use kogents_domain::limits::{LimitRule, LimitRules};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backend, PASSWORD, Sql, audit_rows, on_both};

on_both!(
    refused_and_failed_requests_leave_no_entry,
    of_rivals_the_one_that_wins_is_told_of_alone,
    a_sign_in_that_is_not_even_tried_is_not_told_of,
);

async fn refused_and_failed_requests_leave_no_entry(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let admin = ada.access_token.as_str();
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let manager = app.join(&ada, "manager@example.com", "manager").await;
    let role = app.make_role(admin, "Night shift", &["chat:read"]).await;
    app.join(&ada, "night@example.com", "Night shift").await;
    let idle = app.make_role(admin, "Idle", &[]).await;
    let body = json!({ "name": "reports:export", "description": "", "category": "reports" });
    let permission = app.post_as(admin, "/permissions", body).await.expect(201);
    let permission = permission["id"].as_str().unwrap().to_owned();
    let grants = json!({ "permissionIds": [permission] });
    let path = format!("/roles/{role}/permissions");
    app.post_as(admin, &path, grants.clone()).await.expect(200);
    let guest = |email: &str| json!({ "name": "G", "email": email, "role_name": "viewer" });
    app.post_as(admin, "/users", guest("gus@example.com"))
        .await
        .expect(201);
    let held = app.permission_ids(admin, &["users:delete"]).await;
    let beyond = json!({ "permissionIds": held });
    let system = app.role_id(admin, "viewer").await;
    let unknown = "0192f3c0-ffff-7abc-8def-0123456789ab";

    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (patch, delete) = (Method::PATCH, Method::DELETE);
    let agent = bob.access_token.as_str();
    let manages = manager.access_token.as_str();
    let workspace = format!("/workspace/{}", ada.workspace_id);
    let foreign = format!("/workspace/{}", eve.workspace_id);
    let of = |place: &str, id: &str, rest: &str| format!("/{place}/{id}{rest}");
    let cases: Vec<(&str, &Method, String, Option<Value>, &str)> = vec![
        // Violations.
        (
            admin,
            &post,
            "/roles".into(),
            Some(json!({ "name": "" })),
            "validation_failed",
        ),
        (
            admin,
            &put,
            of("roles", &role, ""),
            Some(json!({ "name": 7 })),
            "validation_failed",
        ),
        (
            admin,
            &patch,
            workspace.clone(),
            Some(json!({ "slug": "-" })),
            "validation_failed",
        ),
        (
            admin,
            &post,
            "/users".into(),
            Some(guest("nobody")),
            "validation_failed",
        ),
        (
            admin,
            &put,
            of("users", &bob.user_id, ""),
            Some(json!({ "role_name": "no such role", "status": "INACTIVE" })),
            "validation_failed",
        ),
        (
            admin,
            &put,
            "/users/profile".into(),
            Some(json!({ "password": "weak", "currentPassword": PASSWORD })),
            "validation_failed",
        ),
        // Rights.
        (
            agent,
            &post,
            "/roles".into(),
            Some(json!({ "name": "Mine" })),
            "permission_denied",
        ),
        (
            agent,
            &patch,
            workspace.clone(),
            Some(json!({ "name": "Mine" })),
            "permission_denied",
        ),
        (
            agent,
            &post,
            format!("{workspace}/api-token"),
            None,
            "permission_denied",
        ),
        (
            agent,
            &delete,
            of("users", &ada.user_id, ""),
            None,
            "permission_denied",
        ),
        (
            manages,
            &put,
            of("users", &bob.user_id, ""),
            Some(json!({ "role_name": "admin" })),
            "cannot_grant",
        ),
        (
            admin,
            &put,
            of("users", &bob.user_id, ""),
            Some(json!({ "name": "Else", "status": "INACTIVE" })),
            "not_yours_to_change",
        ),
        (
            admin,
            &put,
            "/users/profile".into(),
            Some(json!({ "email": "new@example.com", "name": "Else" })),
            "reauthentication_required",
        ),
        (
            admin,
            &delete,
            workspace.clone(),
            Some(json!({})),
            "reauthentication_required",
        ),
        // What there is not.
        (
            admin,
            &put,
            of("roles", unknown, ""),
            Some(json!({ "name": "Mine" })),
            "not_found",
        ),
        (
            admin,
            &delete,
            of("permissions", unknown, ""),
            None,
            "not_found",
        ),
        (
            admin,
            &delete,
            of("users", &eve.user_id, ""),
            None,
            "not_found",
        ),
        (
            admin,
            &patch,
            foreign.clone(),
            Some(json!({ "name": "Mine" })),
            "not_found",
        ),
        (
            admin,
            &post,
            format!("{foreign}/api-token"),
            None,
            "not_found",
        ),
        (
            admin,
            &post,
            "/auth/switch-workspace".into(),
            Some(json!({ "workspaceId": eve.workspace_id })),
            "not_found",
        ),
        (
            admin,
            &delete,
            of("health/sessions", &eve.session_id, ""),
            None,
            "not_found",
        ),
        // What is so that it cannot be.
        (
            admin,
            &post,
            "/roles".into(),
            Some(json!({ "name": "Night shift" })),
            "role_name_taken",
        ),
        (
            admin,
            &put,
            of("roles", &idle, ""),
            Some(json!({ "name": "Night shift", "description": "x" })),
            "role_name_taken",
        ),
        (admin, &delete, of("roles", &role, ""), None, "role_in_use"),
        (
            admin,
            &delete,
            of("roles", &system, ""),
            None,
            "system_role",
        ),
        (
            admin,
            &put,
            of("roles", &system, "/permissions"),
            Some(beyond.clone()),
            "system_role",
        ),
        (
            admin,
            &post,
            "/permissions".into(),
            Some(json!({ "name": "reports:export", "category": "reports" })),
            "permission_name_taken",
        ),
        (
            admin,
            &delete,
            of("permissions", &permission, ""),
            None,
            "permission_in_use",
        ),
        (
            admin,
            &delete,
            of("permissions", &held[0], ""),
            None,
            "system_permission",
        ),
        (
            admin,
            &delete,
            of("users", &ada.user_id, ""),
            None,
            "last_admin",
        ),
        (
            admin,
            &put,
            of("users", &ada.user_id, ""),
            Some(json!({ "role_name": "viewer" })),
            "last_admin",
        ),
        (
            admin,
            &delete,
            "/users/profile".into(),
            Some(json!({ "currentPassword": PASSWORD })),
            "last_admin",
        ),
        (
            admin,
            &post,
            "/users".into(),
            Some(guest("BOB@example.com")),
            "already_member",
        ),
        (
            admin,
            &post,
            "/users".into(),
            Some(guest("gus@example.com")),
            "invitation_pending",
        ),
        (
            admin,
            &patch,
            workspace.clone(),
            Some(json!({
                "slug": "eve-example-com", "name": "Mine", "branding": { "theme": "dark" },
            })),
            "slug_taken",
        ),
        (
            admin,
            &post,
            "/workspace".into(),
            Some(json!({ "name": "Mine", "slug": "eve-example-com" })),
            "slug_taken",
        ),
        // Whom nobody knows.
        (
            "forged",
            &delete,
            of("users", &bob.user_id, ""),
            None,
            "invalid_token",
        ),
        (
            admin,
            &post,
            "/auth/invitations/accept".into(),
            Some(json!({ "token": "kgm_unknown", "password": "x" })),
            "invitation_invalid",
        ),
        (
            admin,
            &post,
            "/auth/verify/confirm-email".into(),
            Some(json!({ "token": "kgm_unknown" })),
            "token_invalid",
        ),
        (
            admin,
            &post,
            "/auth/verify/confirm-password-reset".into(),
            Some(json!({ "token": "kgm_unknown", "newPassword": "another long passphrase" })),
            "reset_token_invalid",
        ),
        (
            admin,
            &post,
            "/auth/refresh".into(),
            Some(json!({})),
            "invalid_refresh_token",
        ),
        (agent, &get, "/audit".into(), None, "permission_denied"),
    ];
    let sql = Sql::of(backend, &app);
    let kept = audit_rows(sql).await;
    for (token, method, path, body, code) in cases {
        let refused = app.ask_as(token, method.clone(), &path, body).await;
        assert!(refused.status >= 400, "{method} {path}: {}", refused.text);
        assert_eq!(refused.json()["code"], code, "{method} {path}");
        assert_eq!(audit_rows(sql).await, kept, "{method} {path}");
    }
    // What is only looked at is not told of either.
    for path in [
        "/users",
        "/roles",
        "/permissions",
        "/users/profile",
        "/audit",
        "/invitations",
    ] {
        app.get_as(admin, path).await.expect(200);
    }
    app.get_as(&ada.api_token, "/users").await.expect(200);
    assert_eq!(audit_rows(sql).await, kept);
}

async fn of_rivals_the_one_that_wins_is_told_of_alone(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let admin = &ada.access_token;
    let told = async |action: &str| {
        let query = format!("?action={action}");
        app.whole_audit(admin, &query).await.len()
    };
    let tries = (0..10).map(|_| app.post_as(admin, "/roles", json!({ "name": "Night shift" })));
    let made = join_all(tries).await;
    assert_eq!(made.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(told("role.created").await, 1);

    let guest = json!({ "name": "G", "email": "gus@example.com", "role_name": "viewer" });
    let tries = (0..10).map(|_| app.post_as(admin, "/users", guest.clone()));
    let sent = join_all(tries).await;
    assert_eq!(sent.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(told("invitation.sent").await, 1);

    let mail = app.mail("gus@example.com", "invitation").await;
    let (_, token) = crate::support::link_in(mail["text"].as_str().unwrap(), "accept-invitation");
    let body = json!({ "token": token, "name": "Gus", "password": PASSWORD });
    let path = "/auth/invitations/accept";
    let tries = (0..6).map(|_| app.post(path, body.clone()));
    let accepted = join_all(tries).await;
    assert_eq!(
        accepted
            .iter()
            .filter(|answer| answer.status == 200)
            .count(),
        1
    );
    // One more joined when the workspace was made.
    assert_eq!(told("member.joined").await, 2);
    assert_eq!(told("session.opened").await, 2);

    let bob = app.join(&ada, "bob@example.com", "viewer").await;
    let path = format!("/users/{}", bob.user_id);
    let tries = (0..10).map(|_| app.delete_as(admin, &path));
    let removed = join_all(tries).await;
    assert_eq!(
        removed.iter().filter(|answer| answer.status == 200).count(),
        1
    );
    assert_eq!(told("member.removed").await, 1);
    assert_eq!(told("session.ended").await, 1);
}

async fn a_sign_in_that_is_not_even_tried_is_not_told_of(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            let rule = LimitRule::LoginPair;
            let limits = LimitRules::default_of(rule);
            config.limits.rules = config.limits.rules.clone().with(rule, limits);
        })
        .await;
    app.stand_still();
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let told = async || {
        let query = "?action=sign_in.failed";
        app.whole_audit(&ada.access_token, query).await.len()
    };
    for number in 1..=5 {
        app.log_in(&ada.email, "wrong").await.expect(401);
        assert_eq!(told().await, number);
    }
    for password in ["wrong", PASSWORD] {
        app.log_in(&ada.email, password).await.expect(429);
    }
    app.post("/auth/login", json!({ "email": ada.email }))
        .await
        .expect(400);
    assert_eq!(told().await, 5);
}
