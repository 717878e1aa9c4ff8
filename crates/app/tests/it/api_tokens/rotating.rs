//! Making another token, and having none.

use futures_util::future::join_all;
use kogents_domain::secret::SecretText;
use reqwest::Method;
use serde_json::json;

use crate::support::{Account, Backend, Beside, Client, PASSWORD, Sql, on_both};

on_both!(
    the_token_of_the_signup_is_good_until_another_is_made,
    s16_a_revoked_token_is_refused_everywhere_at_once,
    s28_of_tokens_made_in_parallel_one_is_good,
    s5_a_token_is_shown_once_and_its_digest_alone_is_kept,
    a_workspaces_tokens_are_no_more_than_two_rows,
    the_token_of_a_deleted_workspace_is_good_for_nothing,
);

const ADA: &str = "ada@example.com";

async fn is_good(on: &Client, token: &str, workspace: &str) {
    let path = format!("/workspace/{workspace}");
    assert_eq!(on.get_as(token, &path).await.expect(200)["id"], *workspace);
}

async fn the_token_of_the_signup_is_good_until_another_is_made(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let servers = Beside::of(backend, &app).await;
    let mut token = ada.api_token.clone();
    for round in 0..3 {
        for on in servers.all() {
            is_good(on, &token, &ada.workspace_id).await;
        }
        // Made on one server, and known on the other.
        let on = if round % 2 == 0 {
            &*app
        } else {
            servers.there()
        };
        let next = on.api_token(&ada.access_token, &ada.workspace_id).await;
        assert!(next.starts_with("kgw_") && next.len() == 47, "{next}");
        for on in servers.all() {
            on.is_no_token(&token).await;
            is_good(on, &next, &ada.workspace_id).await;
            is_good(on, &eve.api_token, &eve.workspace_id).await;
        }
        token = next;
    }
    // A further workspace has one of its own.
    let body = json!({ "name": "Second", "slug": "second" });
    let second = app
        .post_as(&ada.access_token, "/workspace", body)
        .await
        .expect(201);
    let workspace = super::text(&second["id"]);
    is_good(&app, &super::text(&second["apiToken"]), &workspace).await;
    is_good(&app, &token, &ada.workspace_id).await;
}

async fn s16_a_revoked_token_is_refused_everywhere_at_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let servers = Beside::of(backend, &app).await;
    for on in servers.all() {
        is_good(on, &ada.api_token, &ada.workspace_id).await;
    }
    for _ in 0..2 {
        // Where there is none any more, there is nothing left to do.
        let revoked = servers
            .there()
            .revoke_api_token(&ada.access_token, &ada.workspace_id)
            .await;
        revoked.expect_status(204);
        for on in servers.all() {
            on.is_no_token(&ada.api_token).await;
            is_good(on, &eve.api_token, &eve.workspace_id).await;
        }
    }
    let next = app.api_token(&ada.access_token, &ada.workspace_id).await;
    for on in servers.all() {
        is_good(on, &next, &ada.workspace_id).await;
        on.is_no_token(&ada.api_token).await;
    }
}

async fn s28_of_tokens_made_in_parallel_one_is_good(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let tries = (0..12).map(|_| app.api_token(&ada.access_token, &ada.workspace_id));
    let made = join_all(tries).await;
    let mut good = 0;
    for token in &made {
        let answer = app.get_as(token, "/users").await;
        good += usize::from(answer.status == 200);
    }
    assert_eq!(good, 1);
    app.is_no_token(&ada.api_token).await;
}

/// What the owner of a workspace may look at.
async fn everything(app: &Client, ada: &Account) -> String {
    let mut told = String::new();
    let workspace = format!("/workspace/{}", ada.workspace_id);
    for path in [
        workspace.as_str(),
        "/health/workspaces",
        "/users/profile",
        "/users/profile/export",
        "/users",
        "/roles",
        "/permissions",
        "/audit?limit=100",
        "/health/sessions?all=true",
        "/workspace/slug/ada-example-com",
    ] {
        let answer = app.get_as(&ada.access_token, path).await;
        answer.expect(200);
        told.push_str(&answer.text);
    }
    let body = json!({ "name": "Engines and more" });
    let changed = app
        .ask_as(&ada.access_token, Method::PATCH, &workspace, Some(body))
        .await;
    changed.expect(200);
    told.push_str(&changed.text);
    let signed_in = app.log_in(&ada.email, PASSWORD).await;
    signed_in.expect(200);
    told.push_str(&signed_in.text);
    told
}

async fn s5_a_token_is_shown_once_and_its_digest_alone_is_kept(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let next = app.api_token(&ada.access_token, &ada.workspace_id).await;
    let told = everything(&app, &ada).await;
    let rows = Sql::of(backend, &app).all_rows().await;
    let rows: Vec<String> = rows.into_values().flatten().collect();
    let rows = rows.join("\n").to_lowercase();
    for token in [&ada.api_token, &next] {
        let secret = token.strip_prefix("kgw_").unwrap();
        // By its first characters tokens are told from each other; no more of it is anywhere.
        assert!(!told.contains(&secret[8..]), "it is shown once more");
        assert!(!rows.contains(&secret[8..].to_lowercase()));
        let digester = &app.adapters().digester;
        let digest = digester.random_secret(&SecretText::new(token.clone()));
        let octets = digest.as_bytes().iter();
        let hex: String = octets.map(|octet| format!("{octet:02x}")).collect();
        assert!(rows.contains(&hex), "its digest is kept");
        assert!(!told.contains(&hex));
    }
}

async fn a_workspaces_tokens_are_no_more_than_two_rows(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    for round in 0..6 {
        if round % 3 == 2 {
            app.revoke_api_token(&ada.access_token, &ada.workspace_id)
                .await
                .expect_status(204);
        }
        app.api_token(&ada.access_token, &ada.workspace_id).await;
        let rows = Sql::of(backend, &app).rows("api_tokens", "TRUE").await;
        assert!(rows.len() <= 2, "{rows:?}");
    }
}

async fn the_token_of_a_deleted_workspace_is_good_for_nothing(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let path = format!("/workspace/{}", ada.workspace_id);
    let body = json!({ "currentPassword": PASSWORD });
    app.ask_as(&ada.access_token, Method::DELETE, &path, Some(body))
        .await
        .expect_status(204);
    app.is_no_token(&ada.api_token).await;
    let refused = app.get_as(&ada.api_token, &path).await;
    assert_eq!(refused.problem(401), "invalid_token");
}
