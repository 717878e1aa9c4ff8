//! Sign up, verify, get a workspace, sign in, stay signed in: through the whole stack.

use kogents_domain::ids::UserId;
use kogents_domain::store::Scope;
use serde_json::json;

use crate::support::{Backend, PASSWORD, on_both};

on_both!(
    a_person_signs_up_signs_in_and_stays_signed_in,
    a_browser_holds_the_refresh_token_in_a_cookie,
    what_was_confirmed_is_in_the_store,
    time_ends_tokens_and_sessions,
    a_restart_keeps_accounts_and_sign_ins,
);

async fn a_person_signs_up_signs_in_and_stays_signed_in(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;

    let sessions = app
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    assert_eq!(sessions["total"], 1);
    assert_eq!(sessions["sessions"][0]["id"], *account.session_id);
    assert_eq!(sessions["sessions"][0]["isCurrent"], true);

    let refreshed = app.refresh(&account.refresh_token).await.expect(200);
    assert_ne!(refreshed["refresh_token"], *account.refresh_token);

    let signed_in = app.log_in("Ada@Example.com", PASSWORD).await.expect(200);
    assert_eq!(signed_in["user"]["id"], *account.user_id);
    assert_eq!(signed_in["workspace"]["id"], *account.workspace_id);
    assert_eq!(
        app.log_in(&account.email, "wrong").await.problem(401),
        "invalid_credentials"
    );

    let token = signed_in["access_token"].as_str().unwrap();
    let refresh = json!({ "refresh_token": signed_in["refresh_token"] });
    app.post_native("/auth/logout", refresh).await.expect(204);
    assert_eq!(
        app.get_as(token, "/health/sessions").await.problem(401),
        "invalid_token"
    );
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
}

async fn a_browser_holds_the_refresh_token_in_a_cookie(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let body = json!({ "email": account.email, "password": PASSWORD });
    let answer = app.post("/auth/login", body).await;
    assert!(answer.expect(200).get("refresh_token").is_none());
    let cookie = answer.refresh_cookie().unwrap();
    let refresh = app.request(reqwest::Method::POST, "/auth/refresh");
    let answer = app
        .send(refresh.header("Cookie", format!("refreshToken={cookie}")))
        .await;
    assert!(answer.expect(200)["access_token"].is_string());
    assert_ne!(answer.refresh_cookie().unwrap(), cookie);
}

async fn what_was_confirmed_is_in_the_store(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let id = UserId::parse(&account.user_id).unwrap();
    let mut unit = app.store().read(Scope::System).await.unwrap();
    let user = unit.users().find(id).await.unwrap().unwrap();
    assert_eq!(user.email.as_given(), "ada@example.com");
    assert!(user.created_at <= app.now());
    let live = unit.sessions().list_open(id, app.now()).await.unwrap();
    assert_eq!(live.len(), 1);
    drop(unit);
    let welcome = app.mail("ada@example.com", "welcome").await;
    assert!(welcome["otp"].is_null());
}

async fn time_ends_tokens_and_sessions(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    // Past the leeway for clocks that differ as well.
    app.advance_secs(900 + 30);
    let answer = app.get_as(&account.access_token, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    let refreshed = app.refresh(&account.refresh_token).await.expect(200);
    app.advance_secs(604_801);
    let token = refreshed["refresh_token"].as_str().unwrap();
    assert_eq!(
        app.refresh(token).await.problem(401),
        "invalid_refresh_token"
    );
}

async fn a_restart_keeps_accounts_and_sign_ins(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let app = app.restart().await;
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    app.refresh(&account.refresh_token).await.expect(200);
    app.log_in(&account.email, PASSWORD).await.expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_nothing_secret_rests_in_the_folder_in_the_clear() {
    let app = Backend::Embedded.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let signup = app.sign_up("bob@example.com").await;
    app.choose_workspace(&signup, "other-engines").await;
    app.send_code(&signup, "bob@example.com").await;
    let secrets = [
        PASSWORD,
        &signup,
        &account.access_token,
        &account.refresh_token,
        &account.api_token,
    ];
    let mut files = 0;
    for file in std::fs::read_dir(app.folder().join("data")).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{}", path.display());
        }
        files += 1;
    }
    assert!(files >= 3, "the lock, the secrets, the database");
}
