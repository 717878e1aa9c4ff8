//! A new address is confirmed by its own mailbox.

use super::reset_token;
use crate::support::{Account, Backend, PASSWORD, TestApp, asks_for_address, on_both};

on_both!(
    s13_a_confirmed_address_replaces_the_old_one_which_is_told,
    s28_an_address_that_was_taken_meanwhile_is_not_confirmed,
    a_confirmation_is_good_once_for_a_day_and_for_nothing_else,
);

const OLD: &str = "ada@example.com";
const NEW: &str = "Countess@example.org";

async fn asked_for(app: &TestApp, account: &Account, to: &str) -> String {
    asks_for_address(app, &account.user_id, &account.session_id, to).await
}

async fn s13_a_confirmed_address_replaces_the_old_one_which_is_told(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm(OLD).await;
    let other = app.log_in(OLD, PASSWORD).await.expect(200);
    let reset = reset_token(&app, OLD).await;
    let token = asked_for(&app, &account, NEW).await;
    let body = app.confirm_email(&token).await.expect(200);
    assert_eq!(body["email"], NEW);

    assert_eq!(
        app.log_in(OLD, PASSWORD).await.problem(401),
        "invalid_credentials"
    );
    app.log_in("COUNTESS@example.org", PASSWORD)
        .await
        .expect(200);
    // The session that asked goes on, the other one does not.
    let profile = app
        .get_as(&account.access_token, "/users/profile")
        .await
        .expect(200);
    assert_eq!(profile["email"], NEW);
    let access = other["access_token"].as_str().unwrap();
    assert_eq!(
        app.get_as(access, "/users/profile").await.problem(401),
        "invalid_token"
    );

    let notice = app.mail(OLD, "email_changed").await;
    let text = notice["text"].as_str().unwrap();
    assert!(
        text.contains("C\u{2026}@example.org") && !text.contains(NEW),
        "{text}"
    );
    // What was mailed to the old mailbox opens nothing any more.
    let answer = app.reset(&reset, "another long passphrase 7").await;
    assert_eq!(answer.problem(400), "reset_token_invalid");
}

async fn s28_an_address_that_was_taken_meanwhile_is_not_confirmed(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm(OLD).await;
    let token = asked_for(&app, &account, NEW).await;
    app.sign_up_and_confirm("countess@example.org").await;
    assert_eq!(
        app.confirm_email(&token).await.problem(400),
        "token_invalid"
    );
    app.log_in(OLD, PASSWORD).await.expect(200);
    app.get_as(&account.access_token, "/users/profile")
        .await
        .expect(200);
}

async fn a_confirmation_is_good_once_for_a_day_and_for_nothing_else(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm(OLD).await;
    let late = asked_for(&app, &account, NEW).await;
    app.advance_secs(24 * 3_600);
    assert_eq!(app.confirm_email(&late).await.problem(400), "token_invalid");
    let token = asked_for(&app, &account, NEW).await;
    assert_eq!(app.not_me(&token).await.problem(400), "token_invalid");
    let answer = app.reset(&token, "another long passphrase 7").await;
    assert_eq!(answer.problem(400), "reset_token_invalid");
    app.confirm_email(&token).await.expect(200);
    assert_eq!(
        app.confirm_email(&token).await.problem(400),
        "token_invalid"
    );
}
