//! A sign-in on a new device is mailed, and its reader may object.

use kogents_domain::ids::UserId;
use kogents_domain::store::Scope;
use kogents_testkit::builders::a_user;
use reqwest::Method;
use serde_json::{Value, json};

use super::{NEW_PASSWORD, mailed_token};
use crate::support::{Answer, Backend, PASSWORD, TestApp, on_both};

on_both!(
    a_new_device_is_mailed_and_a_known_one_is_not,
    in_the_first_minute_after_signing_up_no_device_is_mailed,
    whoever_does_not_want_to_be_told_is_not,
    objecting_ends_the_session_and_starts_a_reset,
    an_objection_is_good_once_for_a_week_and_for_nothing_else,
);

const ADA: &str = "ada@example.com";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) \
    AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 \
    (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

async fn log_in_on(app: &TestApp, device: &str) -> Answer {
    let body = json!({ "email": ADA, "password": PASSWORD });
    let request = app
        .request(Method::POST, "/auth/login")
        .header("User-Agent", device)
        .header("X-Client-Type", "native")
        .json(&body);
    app.send(request).await
}

/// The mails of a template that have arrived when a later mail has.
async fn mails_of(app: &TestApp, template: &str) -> Vec<Value> {
    let bob = format!("bob{}@example.com", app.mailbox("").await.len());
    app.request_reset(&bob).await.expect(200);
    // What was queued before is due before; a look at the queue is enough to know it is empty.
    loop {
        let mut unit = app.store().read(Scope::System).await.unwrap();
        let now = app.now();
        let depths = unit.outbox_administration().depths(now).await.unwrap();
        drop(unit);
        if depths.iter().all(|depth| depth.waiting_since.is_none()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let mut mails = app.mailbox(ADA).await;
    mails.retain(|mail| mail["template"] == template);
    mails
}

async fn a_new_device_is_mailed_and_a_known_one_is_not(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    app.advance_secs(60);
    log_in_on(&app, IPHONE).await.expect(200);
    let mail = app.mail(ADA, "new_device").await;
    let text = mail["text"].as_str().unwrap();
    for part in ["iPhone", "127.0.0.1", "Engines", "/not-me?token=kgm_"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    log_in_on(&app, IPHONE).await.expect(200);
    assert_eq!(mails_of(&app, "new_device").await.len(), 1);
    app.advance_secs(60);
    log_in_on(&app, MAC).await.expect(200);
    assert_eq!(mails_of(&app, "new_device").await.len(), 2);
}

async fn in_the_first_minute_after_signing_up_no_device_is_mailed(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    app.stand_still();
    let session = log_in_on(&app, IPHONE).await.expect(200)["session"].clone();
    assert_eq!(session["isNewDevice"], true);
    assert_eq!(mails_of(&app, "new_device").await, Vec::<Value>::new());
}

async fn whoever_does_not_want_to_be_told_is_not(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("bob@example.com").await;
    let bob = UserId::parse(&account.user_id).unwrap();
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    let bob = unit.users().find(bob).await.unwrap().unwrap();
    let ada = a_user()
        .email(ADA)
        .password_hash(bob.password_hash)
        .with(|user| user.notify_new_device = false)
        .build();
    unit.users().insert(&ada).await.unwrap();
    unit.commit().await.unwrap();
    let session = log_in_on(&app, IPHONE).await.expect(200)["session"].clone();
    assert_eq!(session["isNewDevice"], true);
    assert_eq!(mails_of(&app, "new_device").await, Vec::<Value>::new());
}

async fn objecting_ends_the_session_and_starts_a_reset(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm(ADA).await;
    app.advance_secs(60);
    let thief = log_in_on(&app, IPHONE).await.expect(200);
    let token = mailed_token(&app, ADA, "new_device", "not-me").await;
    let body = app.not_me(&token).await.expect(200);
    assert!(body["message"].is_string());
    let access = thief["access_token"].as_str().unwrap();
    let answer = app.get_as(access, "/users/profile").await;
    assert_eq!(answer.problem(401), "invalid_token");
    // The reader's own session goes on, until they have chosen another password.
    app.get_as(&account.access_token, "/users/profile")
        .await
        .expect(200);
    let all = app
        .get_as(&account.access_token, "/health/sessions?all=true")
        .await
        .expect(200);
    let sessions = all["sessions"].as_array().unwrap();
    let ended = sessions
        .iter()
        .find(|session| session["id"] == thief["session"]["id"]);
    assert_eq!(ended.unwrap()["endReason"], "revoked");

    let reset = mailed_token(&app, ADA, "password_reset", "reset-password").await;
    app.reset(&reset, NEW_PASSWORD).await.expect(200);
    app.log_in(ADA, NEW_PASSWORD).await.expect(200);
}

async fn an_objection_is_good_once_for_a_week_and_for_nothing_else(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    app.advance_secs(60);
    log_in_on(&app, IPHONE).await.expect(200);
    let token = mailed_token(&app, ADA, "new_device", "not-me").await;
    let answer = app.reset(&token, NEW_PASSWORD).await;
    assert_eq!(answer.problem(400), "reset_token_invalid");
    assert_eq!(
        app.confirm_email(&token).await.problem(400),
        "token_invalid"
    );
    app.advance_secs(7 * 24 * 3_600 - 120);
    app.not_me(&token).await.expect(200);
    assert_eq!(app.not_me(&token).await.problem(400), "token_invalid");

    log_in_on(&app, MAC).await.expect(200);
    assert_eq!(mails_of(&app, "new_device").await.len(), 2);
    let late = mailed_token(&app, ADA, "new_device", "not-me").await;
    app.advance_secs(7 * 24 * 3_600);
    assert_eq!(app.not_me(&late).await.problem(400), "token_invalid");
}
