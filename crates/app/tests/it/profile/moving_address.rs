//! S13: a new address needs the password and its own mailbox, and the old one is told.

use reqwest::Method;
use serde_json::{Value, json};

use super::NEW_PASSWORD;
use crate::support::{
    Account, Answer, Backend, Beside, Client, PASSWORD, TestApp, link_in, on_both,
};

on_both!(
    s13_until_its_mailbox_confirms_a_new_address_is_nobodys,
    s13_a_confirmed_address_is_told_to_the_old_one_and_ends_the_other_sessions_everywhere,
    s13_mailed_tokens_are_good_for_what_they_were_mailed_for,
    s13_asking_once_more_voids_the_link_before,
    s13_password_and_address_are_changed_together,
    a_confirmed_address_is_found_in_the_directory,
    an_address_in_another_spelling_is_no_other_address,
);

const ADA: &str = "ada@example.com";
const NEW: &str = "Countess@Example.org";

impl Client {
    /// Asks for another address, with the password that everybody has.
    async fn wants_address(&self, token: &str, email: &str) -> Answer {
        let body = json!({ "email": email, "currentPassword": PASSWORD });
        self.put_profile(token, body).await
    }

    async fn spend(&self, path: &str, token: &str) -> Answer {
        let mut body = json!({ "token": token });
        if path.ends_with("confirm-password-reset") {
            body["newPassword"] = json!(NEW_PASSWORD);
        }
        self.post(path, body).await
    }
}

/// The token of the newest link to a page that was mailed, once there are so many of its kind.
async fn mailed_token(
    app: &TestApp,
    (to, count): (&str, usize),
    template: &str,
    page: &str,
) -> String {
    assert_eq!(
        app.mails_of(to, template).await,
        count,
        "{template} to {to}"
    );
    let mail = app.mail(to, template).await;
    link_in(mail["text"].as_str().unwrap(), page).1
}

const CONFIRM: &str = "/auth/verify/confirm-email";
const RESET: &str = "/auth/verify/confirm-password-reset";
const NOT_ME: &str = "/auth/verify/not-me";
const ACCEPT: &str = "/auth/invitations/accept";

async fn asked(app: &TestApp, ada: &Account, email: &str, count: usize) -> String {
    let told = app.wants_address(&ada.access_token, email).await;
    // The answer is the profile as it still is.
    assert_eq!(told.expect(200)["email"], ada.email);
    mailed_token(app, (email, count), "confirm_email", "confirm-email").await
}

async fn s13_until_its_mailbox_confirms_a_new_address_is_nobodys(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let other = app.seat(ADA).await;
    let before = app.mailbox(ADA).await.len();
    let token = asked(&app, &ada, NEW, 1).await;
    assert!(token.starts_with("kgm_"));
    // The old mailbox is not told yet, and has no link.
    assert_eq!(app.mailbox(ADA).await.len(), before);
    app.log_in(ADA, PASSWORD).await.expect(200);
    let refused = app.log_in(NEW, PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    app.profile(&other.access_token).await;
    let profile = app.profile(&ada.access_token).await;
    assert_eq!(profile["email"], ADA);
    // Somebody else may have it meanwhile.
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": NEW })).await.expect(200);
    assert_eq!(app.mails_of(NEW, "password_reset").await, 0);
}

async fn s13_a_confirmed_address_is_told_to_the_old_one_and_ends_the_other_sessions_everywhere(
    backend: &Backend,
) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let other = app.seat(ADA).await;
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": ADA })).await.expect(200);
    let reset = mailed_token(&app, (ADA, 1), "password_reset", "reset-password").await;
    let token = asked(&app, &ada, NEW, 1).await;
    let servers = Beside::of(backend, &app).await;
    for client in servers.all() {
        for _ in 0..2 {
            client.profile(&other.access_token).await;
        }
    }

    let body = servers.there().spend(CONFIRM, &token).await.expect(200);
    assert_eq!(body["email"], NEW);
    for client in servers.all() {
        client.is_refused(&other.access_token).await;
        // The session that asked goes on.
        assert_eq!(client.profile(&ada.access_token).await["email"], NEW);
        let refused = client.log_in(ADA, PASSWORD).await;
        assert_eq!(refused.problem(401), "invalid_credentials");
        client.log_in(NEW, PASSWORD).await.expect(200);
        let spent = client.spend(CONFIRM, &token).await;
        assert_eq!(spent.problem(400), "token_invalid");
        let void = client.spend(RESET, &reset).await;
        assert_eq!(void.problem(400), "reset_token_invalid");
    }
    app.refresh(&ada.refresh_token).await.expect(200);
    let refused = app.refresh(&other.refresh_token).await;
    assert_eq!(refused.problem(401), "invalid_refresh_token");
    let notice = servers.mail(ADA, "email_changed").await;
    assert!(
        !notice
            .to_string()
            .to_lowercase()
            .contains(&NEW.to_lowercase())
    );
}

async fn s13_mailed_tokens_are_good_for_what_they_were_mailed_for(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    app.advance_secs(120);
    let device = app
        .request(Method::POST, "/auth/login")
        .header(
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0",
        )
        .json(&json!({ "email": ADA, "password": PASSWORD }));
    app.send(device).await.expect(200);
    let not_me = mailed_token(&app, (ADA, 1), "new_device", "not-me").await;
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": ADA })).await.expect(200);
    let reset = mailed_token(&app, (ADA, 1), "password_reset", "reset-password").await;
    let guest = json!({ "name": "Gus", "email": NEW, "role_name": "viewer" });
    app.post_as(&ada.access_token, "/users", guest)
        .await
        .expect(201);
    let invitation = mailed_token(&app, (NEW, 1), "invitation", "accept-invitation").await;
    let confirm = asked(&app, &ada, NEW, 1).await;

    let tokens = [
        (CONFIRM, &confirm),
        (RESET, &reset),
        (NOT_ME, &not_me),
        (ACCEPT, &invitation),
    ];
    for (path, code) in [
        (CONFIRM, "token_invalid"),
        (RESET, "reset_token_invalid"),
        (NOT_ME, "token_invalid"),
        (ACCEPT, "invitation_invalid"),
    ] {
        let others = tokens.iter().filter(|(own, _)| *own != path);
        for token in others.map(|(_, token)| token.as_str()).chain([
            ada.access_token.as_str(),
            ada.refresh_token.as_str(),
            ada.api_token.as_str(),
            &ada.session_id,
        ]) {
            let refused = app.spend(path, token).await;
            let too_long = refused.status == 400 && refused.json()["code"] == "validation_failed";
            assert!(too_long || refused.problem(400) == code, "{path}");
        }
    }
    // None of them was spent by it.
    app.spend(CONFIRM, &confirm).await.expect(200);
    let body = json!({ "token": invitation });
    app.post("/auth/invitations/preview", body)
        .await
        .expect(200);
}

async fn s13_asking_once_more_voids_the_link_before(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.sign_up_and_confirm("bob@example.com").await;
    let first = asked(&app, &ada, NEW, 1).await;
    let of_bob = asked(&app, &bob, "robert@example.org", 1).await;
    let second = asked(&app, &ada, "ada@example.net", 1).await;
    let third = asked(&app, &ada, "ada@example.net", 2).await;
    for void in [&first, &second] {
        let refused = app.spend(CONFIRM, void).await;
        assert_eq!(refused.problem(400), "token_invalid");
    }
    assert_eq!(app.profile(&ada.access_token).await["email"], ADA);
    app.spend(CONFIRM, &third).await.expect(200);
    app.spend(CONFIRM, &of_bob).await.expect(200);
    let profile = app.profile(&ada.access_token).await;
    assert_eq!(profile["email"], "ada@example.net");
}

async fn s13_password_and_address_are_changed_together(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let other = app.seat(ADA).await;
    let body = json!({
        "name": "Augusta King", "email": NEW, "password": NEW_PASSWORD,
        "currentPassword": PASSWORD,
    });
    let told = app.put_profile(&ada.access_token, body).await.expect(200);
    assert_eq!(told["name"], "Augusta King");
    assert_eq!(told["email"], ADA);
    app.is_refused(&other.access_token).await;
    // The link that was mailed with the change is not what the change voids.
    let token = mailed_token(&app, (NEW, 1), "confirm_email", "confirm-email").await;
    assert_eq!(app.mails_of(ADA, "password_changed").await, 1);
    app.log_in(ADA, NEW_PASSWORD).await.expect(200);
    app.spend(CONFIRM, &token).await.expect(200);
    app.log_in(NEW, NEW_PASSWORD).await.expect(200);
    let refused = app.log_in(NEW, PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
}

async fn total(app: &TestApp, token: &str, search: &str) -> Value {
    let path = format!("/users?search={search}");
    app.get_as(token, &path).await.expect(200)["total"].clone()
}

async fn a_confirmed_address_is_found_in_the_directory(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.sign_up_and_confirm("bob@example.com").await;
    app.admit(&bob, &ada.user_id, "viewer").await;
    let token = asked(&app, &ada, NEW, 1).await;
    for admin in [&ada.access_token, &bob.access_token] {
        assert_eq!(total(&app, admin, "countess%40").await, 0);
        assert_eq!(total(&app, admin, "ada%40example.com").await, 1);
    }
    app.spend(CONFIRM, &token).await.expect(200);
    for admin in [&ada.access_token, &bob.access_token] {
        assert_eq!(total(&app, admin, "countess%40").await, 1);
        assert_eq!(total(&app, admin, "ada%40example.com").await, 0);
    }
}

async fn an_address_in_another_spelling_is_no_other_address(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@m\u{fc}nchen.example").await;
    for same in [
        "ada@m\u{fc}nchen.example",
        "Ada@M\u{dc}NCHEN.Example",
        "ADA@xn--mnchen-3ya.example",
    ] {
        let told = app
            .put_profile(&ada.access_token, json!({ "email": same }))
            .await
            .expect(200);
        assert_eq!(told["email"], ada.email, "{same}");
        assert_eq!(app.mails_of(same, "confirm_email").await, 0);
    }
}
