//! S13: a new password needs the present one, and takes from everybody else what they had.

use kogents_domain::limits::{LimitRule, LimitRules};
use reqwest::Method;
use serde_json::{Value, json};

use super::{NEW_PASSWORD, PATH, violation};
use crate::support::{Answer, Backend, Beside, Client, PASSWORD, Sql, TestApp, link_in, on_both};

on_both!(
    s13_without_the_present_password_nothing_is_changed_not_even_the_name,
    s13_a_weak_password_is_refused_before_the_present_one_is_compared,
    s13_wrong_passwords_are_limited_by_the_session_wherever_it_is_used,
    s13_a_new_password_ends_the_other_sessions_everywhere_at_once_and_is_told,
    s13_a_new_password_voids_links_to_another_and_not_the_one_to_object_by,
    s13_of_parallel_changes_of_the_password_one_is_made,
);

const ADA: &str = "ada@example.com";

async fn s13_without_the_present_password_nothing_is_changed_not_even_the_name(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let other = app.seat(ADA).await;
    app.mail_is_out().await;
    let sql = Sql::of(backend, &app);
    let rows = async || {
        let mut rows = Vec::new();
        for table in ["users", "sessions", "one_time_tokens", "outbox"] {
            rows.push(sql.rows(table, "TRUE").await);
        }
        rows
    };
    let kept = rows().await;
    let changes = [
        json!({ "password": NEW_PASSWORD }),
        json!({ "email": "countess@example.org" }),
        json!({ "password": NEW_PASSWORD, "email": "countess@example.org" }),
    ];
    let proofs = [
        Value::Null,
        json!(""),
        json!("not hers"),
        // A password that is not known to be theirs is not known to be no change either.
        json!(NEW_PASSWORD),
        json!(format!("{PASSWORD} ")),
        json!(PASSWORD.to_lowercase()),
    ];
    for change in &changes {
        for proof in &proofs {
            let mut body = change.clone();
            body["name"] = json!("Somebody Else");
            body["phone"] = json!("+4930123456");
            body["newDeviceMail"] = json!(false);
            if !proof.is_null() {
                body["currentPassword"] = proof.clone();
            }
            let refused = app.put_profile(&ada.access_token, body.clone()).await;
            let code = refused.problem(403);
            assert_eq!(code, "reauthentication_required", "{body}");
            assert_eq!(rows().await, kept, "{body}");
        }
    }
    app.profile(&other.access_token).await;
    app.log_in(ADA, PASSWORD).await.expect(200);
}

async fn s13_a_weak_password_is_refused_before_the_present_one_is_compared(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let failures = "SELECT action AS line FROM audit WHERE action = 'password.rejected'";
    let sql = Sql::of(backend, &app);
    for weak in [
        "Password123!",
        "Abcdef1!",
        "ada@example.com",
        "Ada Lovelace",
        "Engines2026",
    ] {
        for proof in [PASSWORD, "not hers"] {
            let body = json!({ "password": weak, "currentPassword": proof, "name": "Else" });
            let refused = app.put_profile(&ada.access_token, body).await;
            assert_eq!(refused.status, 400, "{weak}");
            let told = ("password".to_owned(), "WEAK_PASSWORD".to_owned());
            assert_eq!(violation(&refused), told, "{weak}");
        }
    }
    assert_eq!(sql.lines(failures).await, Vec::<String>::new());
    let profile = app.profile(&ada.access_token).await;
    assert_eq!(profile["name"], "Ada Lovelace");
    app.log_in(ADA, PASSWORD).await.expect(200);
}

/// Tries to change the password from a client at this address.
async fn change_from(client: &Client, token: &str, proof: &str, address: &str) -> Answer {
    let request = client
        .request(Method::PUT, PATH)
        .bearer_auth(token)
        .header("X-Forwarded-For", address)
        .json(&json!({ "password": NEW_PASSWORD, "currentPassword": proof }));
    client.send(request).await
}

/// The limit of failed sign-ins is at its default: five in a quarter of an hour.
async fn s13_wrong_passwords_are_limited_by_the_session_wherever_it_is_used(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            let rule = LimitRule::LoginPair;
            let limits = LimitRules::default_of(rule);
            config.limits.rules = config.limits.rules.clone().with(rule, limits);
            config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        })
        .await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let other = app.seat(ADA).await;
    let token = &ada.access_token;
    for number in 0..5 {
        let address = format!("198.51.100.{number}");
        let refused = change_from(&app, token, "not hers", &address).await;
        assert_eq!(refused.problem(403), "reauthentication_required");
    }
    // From the sixth on not even the right one is compared, nor at what else asks for it.
    for proof in ["not hers", PASSWORD] {
        let refused = change_from(&app, token, proof, "203.0.113.7").await;
        assert_eq!(refused.problem(429), "rate_limited");
        assert_eq!(refused.header("retry-after"), Some("180"));
        let body = json!({ "currentPassword": proof });
        let refused = app.delete_profile(token, body).await;
        assert_eq!(refused.problem(429), "rate_limited");
    }
    // What needs no password goes on, and the person's other session does.
    let body = json!({ "name": "Ada King" });
    app.put_profile(token, body).await.expect(200);
    change_from(&app, &other.access_token, PASSWORD, "203.0.113.8")
        .await
        .expect(200);
    app.is_refused(token).await;
}

async fn s13_a_new_password_ends_the_other_sessions_everywhere_at_once_and_is_told(
    backend: &Backend,
) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let others = [app.seat(ADA).await, app.seat(ADA).await];
    let servers = Beside::of(backend, &app).await;
    for client in servers.all() {
        for token in others.iter().map(|other| &other.access_token) {
            // It is known from the cache.
            for _ in 0..2 {
                client.profile(token).await;
            }
        }
    }
    let body = json!({
        "name": "Ada King", "password": NEW_PASSWORD, "currentPassword": PASSWORD,
    });
    let changed = servers.there().put_profile(&ada.access_token, body).await;
    assert_eq!(changed.expect(200)["name"], "Ada King");
    assert_eq!(changed.refresh_cookie(), None);

    for client in servers.all() {
        for other in &others {
            client.is_refused(&other.access_token).await;
            let refused = client.refresh(&other.refresh_token).await;
            assert_eq!(refused.problem(401), "invalid_refresh_token");
        }
        client.profile(&ada.access_token).await;
        client.profile(&eve.access_token).await;
        let refused = client.log_in(ADA, PASSWORD).await;
        assert_eq!(refused.problem(401), "invalid_credentials");
    }
    app.refresh(&ada.refresh_token).await.expect(200);
    servers.there().log_in(ADA, NEW_PASSWORD).await.expect(200);
    let path = "/health/sessions?all=true";
    let listed = app.get_as(&ada.access_token, path).await.expect(200);
    let reasons = listed["sessions"].as_array().unwrap().iter();
    let ended = reasons.filter(|session| session["endReason"] == "password_changed");
    assert_eq!(ended.count(), 2);

    let notice = servers.mail(ADA, "password_changed").await;
    let text = notice["text"].as_str().unwrap();
    assert!(
        text.contains("127.0.0.1") && text.contains("Ada King"),
        "{text}"
    );
    for secret in [NEW_PASSWORD, PASSWORD] {
        assert!(!notice.to_string().contains(secret));
    }
}

async fn mailed_token(app: &TestApp, template: &str, page: &str) -> String {
    let mail = app.mail(ADA, template).await;
    link_in(mail["text"].as_str().unwrap(), page).1
}

async fn s13_a_new_password_voids_links_to_another_and_not_the_one_to_object_by(backend: &Backend) {
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
    let not_me = mailed_token(&app, "new_device", "not-me").await;
    let path = "/auth/verify/request-password-reset";
    app.post(path, json!({ "email": ADA })).await.expect(200);
    let reset = mailed_token(&app, "password_reset", "reset-password").await;
    let body = json!({ "email": "countess@example.org", "currentPassword": PASSWORD });
    app.put_profile(&ada.access_token, body).await.expect(200);
    let mail = app.mail("countess@example.org", "confirm_email").await;
    let (_, confirm) = link_in(mail["text"].as_str().unwrap(), "confirm-email");

    let body = json!({ "password": NEW_PASSWORD, "currentPassword": PASSWORD });
    app.put_profile(&ada.access_token, body).await.expect(200);
    let body = json!({ "token": reset, "newPassword": "yet another passphrase 9" });
    let refused = app.post("/auth/verify/confirm-password-reset", body).await;
    assert_eq!(refused.problem(400), "reset_token_invalid");
    let body = json!({ "token": confirm });
    let refused = app.post("/auth/verify/confirm-email", body).await;
    assert_eq!(refused.problem(400), "token_invalid");
    app.log_in(ADA, NEW_PASSWORD).await.expect(200);
    // Whoever knew the password may have been somebody else, and its owner can still say so.
    let body = json!({ "token": not_me });
    app.post("/auth/verify/not-me", body).await.expect(200);
}

async fn s13_of_parallel_changes_of_the_password_one_is_made(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let tries = (0..8).map(|number| {
        let body = json!({
            "password": format!("{NEW_PASSWORD} {number}"), "currentPassword": PASSWORD,
            "name": format!("Ada {number}"),
        });
        app.put_profile(&ada.access_token, body)
    });
    let answers = futures_util::future::join_all(tries).await;
    let mut winner = None;
    for (number, answer) in answers.iter().enumerate() {
        match answer.status {
            200 => assert_eq!(winner.replace(number), None, "two have won"),
            // Whoever lost has proven a password that is none any more.
            403 => assert_eq!(answer.problem(403), "reauthentication_required"),
            _ => panic!("{}", answer.text),
        }
    }
    let winner = winner.expect("one wins");
    let password = format!("{NEW_PASSWORD} {winner}");
    app.log_in(ADA, &password).await.expect(200);
    let profile = app.profile(&ada.access_token).await;
    assert_eq!(profile["name"], format!("Ada {winner}"));
    assert_eq!(app.mails_of(ADA, "password_changed").await, 1);
}
