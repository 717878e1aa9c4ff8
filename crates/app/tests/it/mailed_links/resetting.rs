//! A password is reset by way of a mailed link.

use serde_json::json;

use super::{NEW_PASSWORD, mailed_token, reset_token};
use crate::support::{Backend, Client, PASSWORD, on_both};

on_both!(
    s16_a_reset_replaces_the_password_and_ends_every_session_everywhere,
    a_reset_token_is_good_once_for_an_hour_and_for_nothing_else,
    a_weak_password_leaves_the_token_good,
    s13_a_reset_voids_what_else_was_mailed,
    s6_an_unknown_address_gets_the_same_answer_and_no_mail,
    s29_the_link_leads_where_the_settings_say_whatever_the_request_says,
    parallel_resets_with_one_token_replace_the_password_once,
    a_reset_is_written_in_the_language_of_its_reader,
);

const ADA: &str = "ada@example.com";

async fn s16_a_reset_replaces_the_password_and_ends_every_session_everywhere(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm(ADA).await;
    let other = app.log_in(ADA, PASSWORD).await.expect(200);
    let second = match backend {
        Backend::Embedded => None,
        Backend::Servers { .. } => Some(app.second().await),
    };
    let tokens = [
        &account.access_token,
        other["access_token"].as_str().unwrap(),
    ]
    .map(str::to_owned);
    let clients = || std::iter::once::<&Client>(&app).chain(second.as_deref());
    for client in clients() {
        for token in &tokens {
            client.get_as(token, "/users/profile").await.expect(200);
        }
    }

    let token = reset_token(&app, "ADA@example.com").await;
    let body = app.reset(&token, NEW_PASSWORD).await.expect(200);
    assert_eq!(body["email"], ADA);

    for client in clients() {
        for token in &tokens {
            let answer = client.get_as(token, "/users/profile").await;
            assert_eq!(answer.problem(401), "invalid_token");
        }
    }
    let answer = app.refresh(&account.refresh_token).await;
    assert_eq!(answer.problem(401), "invalid_refresh_token");
    assert_eq!(
        app.log_in(ADA, PASSWORD).await.problem(401),
        "invalid_credentials"
    );
    let signed_in = app.log_in(ADA, NEW_PASSWORD).await.expect(200);
    let access = signed_in["access_token"].as_str().unwrap();
    let all = app
        .get_as(access, "/health/sessions?all=true")
        .await
        .expect(200);
    let reasons = all["sessions"].as_array().unwrap().iter();
    let ended = reasons.filter(|session| session["endReason"] == "password_changed");
    assert_eq!(ended.count(), 2);

    let notice = app.mail(ADA, "password_changed").await;
    let text = notice["text"].as_str().unwrap();
    assert!(text.contains("127.0.0.1"), "{text}");
}

async fn a_reset_token_is_good_once_for_an_hour_and_for_nothing_else(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    let invalid = "reset_token_invalid";
    for unknown in ["kgm_", "x", "\u{1F511}", &"k".repeat(128)] {
        assert_eq!(app.reset(unknown, NEW_PASSWORD).await.problem(400), invalid);
    }
    let late = reset_token(&app, ADA).await;
    for answer in [app.not_me(&late).await, app.confirm_email(&late).await] {
        assert_eq!(answer.problem(400), "token_invalid");
    }
    app.advance_secs(3_600);
    assert_eq!(app.reset(&late, NEW_PASSWORD).await.problem(400), invalid);

    let token = reset_token(&app, ADA).await;
    app.advance_secs(3_599);
    app.reset(&token, NEW_PASSWORD).await.expect(200);
    assert_eq!(app.reset(&token, PASSWORD).await.problem(400), invalid);
    app.log_in(ADA, NEW_PASSWORD).await.expect(200);
    // It signs nobody in, and is no token of any other kind.
    assert_eq!(
        app.get_as(&token, "/users/profile").await.problem(401),
        "invalid_token"
    );
    assert_eq!(
        app.refresh(&token).await.problem(401),
        "invalid_refresh_token"
    );
}

async fn a_weak_password_leaves_the_token_good(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    let token = reset_token(&app, ADA).await;
    for weak in ["Password123!", "ada@example.com", "Ada Lovelace"] {
        let answer = app.reset(&token, weak).await;
        assert_eq!(answer.problem(400), "validation_failed");
        let error = &answer.json()["errors"][0];
        assert_eq!(
            (&error["field"], &error["code"]),
            (&"newPassword".into(), &"WEAK_PASSWORD".into())
        );
    }
    let answer = app.reset("", "short").await;
    let errors = answer.json()["errors"].clone();
    assert_eq!(errors.as_array().map(Vec::len), Some(2), "{errors}");
    app.reset(&token, NEW_PASSWORD).await.expect(200);
}

async fn s13_a_reset_voids_what_else_was_mailed(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    let first = reset_token(&app, ADA).await;
    let second = reset_token(&app, ADA).await;
    assert_ne!(first, second);
    app.reset(&first, NEW_PASSWORD).await.expect(200);
    let answer = app.reset(&second, PASSWORD).await;
    assert_eq!(answer.problem(400), "reset_token_invalid");
}

async fn s6_an_unknown_address_gets_the_same_answer_and_no_mail(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    let known = app.request_reset(ADA).await;
    let unknown = app.request_reset("bob@example.com").await;
    let (mut one, mut other) = (known.expect(200), unknown.expect(200));
    assert_eq!(
        (&one["email"], &other["email"]),
        (&ADA.into(), &"bob@example.com".into())
    );
    for body in [&mut one, &mut other] {
        body.as_object_mut().unwrap().remove("email");
    }
    assert_eq!(one, other);
    let names = |answer: &crate::support::Answer| -> Vec<String> {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        // A map's order is nobody's.
        names.sort_unstable();
        names
    };
    assert_eq!(names(&known), names(&unknown));
    app.mail(ADA, "password_reset").await;
    // Not even when its time has come: the row that was written for it has expired by then.
    app.advance_secs(3_601);
    reset_token(&app, ADA).await;
    assert_eq!(app.mailbox("bob@example.com").await.len(), 0);
}

async fn s29_the_link_leads_where_the_settings_say_whatever_the_request_says(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.server.dashboard_url = Some("https://chat.example.com/app".parse().unwrap());
        })
        .await;
    app.sign_up_and_confirm(ADA).await;
    let request = app
        .request(reqwest::Method::POST, "/auth/verify/request-password-reset")
        .header("Host", "evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .header("Forwarded", "host=evil.example")
        .header("Origin", "https://evil.example")
        .json(&json!({ "email": ADA }));
    app.send(request).await.expect(200);
    let mail = app.mail(ADA, "password_reset").await;
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.contains("\nhttps://chat.example.com/app/reset-password?token=kgm_"),
        "{text}"
    );
    assert!(!mail.to_string().contains("evil.example"));
}

async fn parallel_resets_with_one_token_replace_the_password_once(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    let token = reset_token(&app, ADA).await;
    let tries = (0..8).map(|n| {
        let (app, token) = (&app, &token);
        async move {
            let password = format!("{NEW_PASSWORD} number {n}");
            (app.reset(token, &password).await.status, password)
        }
    });
    let done = futures_util::future::join_all(tries).await;
    let (won, lost): (Vec<_>, Vec<_>) = done.into_iter().partition(|(status, _)| *status == 200);
    assert_eq!(won.len(), 1, "{won:?}");
    for (status, password) in lost {
        // Too many hashes at once are put off.
        assert!([400, 503].contains(&status), "{status}");
        assert_ne!(app.log_in(ADA, &password).await.status, 200);
    }
    app.log_in(ADA, &won[0].1).await.expect(200);
}

async fn a_reset_is_written_in_the_language_of_its_reader(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm(ADA).await;
    for (accepted, mark) in [
        ("de-AT, en;q=0.5", "Passwort"),
        ("fr, en;q=0.5", "password"),
    ] {
        let before = app.mailbox(ADA).await.len();
        let request = app
            .request(reqwest::Method::POST, "/auth/verify/request-password-reset")
            .header("Accept-Language", accepted)
            .json(&json!({ "email": ADA }));
        app.send(request).await.expect(200);
        while app.mailbox(ADA).await.len() == before {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let mail = app.mail(ADA, "password_reset").await;
        let subject = mail["subject"].as_str().unwrap();
        assert!(subject.contains(mark), "{subject}");
        // The workspace's name is in it.
        assert!(mail["text"].as_str().unwrap().contains("Engines"));
    }
    mailed_token(&app, ADA, "password_reset", "reset-password").await;
}
