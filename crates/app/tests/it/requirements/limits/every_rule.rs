//! Each rule at its default: so many within one millisecond and no more, and the wait is true.

use std::collections::BTreeSet;

use kogents_domain::limits::{LimitRule, LimitRules};
use kogents_domain::time::Span;
use reqwest::Method;
use serde_json::{Value, json};

use super::{client_address, from, limited, log_in_from, post_from, wait_secs};
use crate::support::{Account, Answer, Backend, Client, PASSWORD, TestApp, on_both};

on_both!(
    s24_every_rule_blocks_a_burst_and_its_wait_is_true,
    s24_codes_a_day_are_limited_beside_codes_an_hour,
    s25_an_ipv6_client_counts_as_its_64,
    s25_forwarded_addresses_of_an_untrusted_peer_change_no_count,
    s24_instances_count_together,
);

const ONE_CLIENT: &str = "203.0.113.9";
const RESET: &str = "/auth/verify/request-password-reset";

/// What a rule is driven with.
struct Drive {
    account: Option<Account>,
    signup: Option<String>,
    invitation: Option<String>,
}

/// Sends a request that counts against a rule and, as far as that can be, against no other.
async fn send(client: &Client, rule: LimitRule, drive: &mut Drive, number: usize) -> Answer {
    let unknown = json!({ "sessionId": "unknown-unknown-unknown" });
    let person = format!("person-{number}@example.com");
    let elsewhere = client_address(number);
    let begin = |email: &str| json!({ "name": "Ada", "email": email, "password": PASSWORD });
    let signup = drive.signup.clone().unwrap_or_default();
    match rule {
        LimitRule::LoginPair => log_in_from(client, "ada@example.com", "wrong", ONE_CLIENT).await,
        LimitRule::LoginAccount => {
            log_in_from(client, "ada@example.com", "wrong", &elsewhere).await
        }
        LimitRule::LoginAddress => log_in_from(client, &person, "wrong", ONE_CLIENT).await,
        LimitRule::SignupEmail => {
            let body = begin("ada@example.com");
            post_from(client, "/auth/signup", &body, &elsewhere).await
        }
        LimitRule::SignupAddress => {
            post_from(client, "/auth/signup", &begin(&person), ONE_CLIENT).await
        }
        LimitRule::SendEmail => {
            let body = json!({ "sessionId": signup });
            post_from(client, "/auth/verify/send-otp", &body, &elsewhere).await
        }
        LimitRule::SendAddress => {
            post_from(
                client,
                "/auth/verify/send-for-session",
                &unknown,
                ONE_CLIENT,
            )
            .await
        }
        LimitRule::ConfirmAddress => {
            let body = json!({ "sessionId": "unknown-unknown-unknown", "code": "000000" });
            post_from(client, "/auth/verify/confirm-otp", &body, ONE_CLIENT).await
        }
        LimitRule::ResumeAddress => post_from(client, "/auth/resume", &unknown, ONE_CLIENT).await,
        LimitRule::RefreshSession => {
            let account = drive.account.as_mut().unwrap();
            let answer = client.refresh(&account.refresh_token).await;
            if let Some(next) = answer.json()["refresh_token"].as_str() {
                account.refresh_token = next.to_owned();
            }
            answer
        }
        LimitRule::RefreshAddress => {
            post_from(client, "/auth/refresh", &json!({}), ONE_CLIENT).await
        }
        LimitRule::WorkspaceSignup => {
            let body = json!({ "sessionId": signup, "name": "Engines", "slug": "engines" });
            post_from(client, "/workspace", &body, &elsewhere).await
        }
        LimitRule::WorkspaceAddress => {
            let body = json!({ "sessionId": "unknown", "name": "Engines", "slug": "engines" });
            post_from(client, "/workspace", &body, ONE_CLIENT).await
        }
        LimitRule::ResetEmail => {
            let body = json!({ "email": "ada@example.com" });
            post_from(client, RESET, &body, &elsewhere).await
        }
        LimitRule::ResetAddress => {
            post_from(client, RESET, &json!({ "email": person }), ONE_CLIENT).await
        }
        LimitRule::InviteEmail => {
            let admin = &drive.account.as_ref().unwrap().access_token;
            // What was mailed counts, also when the invitation has been withdrawn.
            if let Some(id) = drive.invitation.take() {
                let path = format!("/invitations/{id}");
                client.delete_as(admin, &path).await.expect_status(204);
            }
            let guest = "guest@example.com";
            let body = json!({ "name": "Guest", "email": guest, "role_name": "viewer" });
            let answer = client.post_as(admin, "/users", body).await;
            let id = answer.json()["id"].as_str().map(str::to_owned);
            drive.invitation = id;
            answer
        }
        LimitRule::ChangeEmail => {
            let token = &drive.account.as_ref().unwrap().access_token;
            let body = json!({ "email": person, "currentPassword": PASSWORD });
            client.put_as(token, "/users/profile", body).await
        }
        LimitRule::TokenAddress => {
            let path = ["not-me", "confirm-email", "confirm-password-reset"][number % 3];
            let body = match path {
                "confirm-password-reset" => json!({ "token": "unknown", "newPassword": PASSWORD }),
                _ => json!({ "token": "unknown" }),
            };
            post_from(client, &format!("/auth/verify/{path}"), &body, ONE_CLIENT).await
        }
        LimitRule::GeneralSession => {
            let account = drive.account.as_ref().unwrap();
            client
                .get_as(&account.access_token, "/health/sessions?limit=1")
                .await
        }
        LimitRule::GeneralAddress => {
            post_from(client, "/auth/logout", &json!({}), ONE_CLIENT).await
        }
    }
}

/// What a rule needs before: an account, or a signup with a workspace.
async fn arrange(app: &TestApp, rule: LimitRule) -> Drive {
    let mut drive = Drive {
        account: None,
        signup: None,
        invitation: None,
    };
    let of_accounts = [
        LimitRule::RefreshSession,
        LimitRule::GeneralSession,
        LimitRule::InviteEmail,
        LimitRule::ChangeEmail,
    ];
    if of_accounts.contains(&rule) {
        let email = format!("{}@example.com", rule.as_str());
        drive.account = Some(app.sign_up_and_confirm(&email).await);
    }
    if [LimitRule::SendEmail, LimitRule::WorkspaceSignup].contains(&rule) {
        let signup = app.sign_up("ada@example.com").await;
        app.choose_workspace(&signup, "engines").await;
        drive.signup = Some(signup);
        // The workspace that was just chosen counts as well; it is back after a while.
        app.advance_secs(3_600);
    }
    drive
}

/// A server with this rule alone. Codes may follow each other at once: the pause between them has
/// tests of its own.
async fn server(backend: &Backend, rule: LimitRule) -> TestApp {
    let app = backend
        .start_with(|config| {
            super::limit(config, &[rule]);
            config.lifetimes.otp_resend = Span::from_secs(0);
        })
        .await;
    app.stand_still();
    app
}

async fn s24_every_rule_blocks_a_burst_and_its_wait_is_true(backend: &Backend) {
    let mut seen = BTreeSet::new();
    for rule in LimitRule::ALL {
        seen.insert(rule);
        let app = server(backend, rule).await;
        let mut drive = arrange(&app, rule).await;
        let first = LimitRules::default_of(rule)[0];
        let quota = usize::try_from(first.quota()).unwrap();

        for number in 0..quota {
            let answer = send(&app, rule, &mut drive, number).await;
            assert!(answer.status < 429, "{rule:?} number {number}: {answer:?}");
        }
        let refused = send(&app, rule, &mut drive, quota).await;
        let wait = wait_secs(&refused);
        let policy = refused.header("ratelimit-policy").unwrap();
        assert!(policy.contains(rule.as_str()), "{rule:?}: {policy}");
        let exact = (first.interval_micros() + 999) / 1_000;
        assert_eq!(wait, (exact + 999) / 1_000, "{rule:?}");

        app.advance_millis(exact - 1);
        let early = send(&app, rule, &mut drive, quota + 1).await;
        assert_eq!(early.problem(429), "rate_limited", "{rule:?}");
        app.advance_millis(1);
        let granted = send(&app, rule, &mut drive, quota + 2).await;
        assert!(granted.status < 429, "{rule:?}: {granted:?}");
        let again = send(&app, rule, &mut drive, quota + 3).await;
        assert_eq!(again.problem(429), "rate_limited", "{rule:?}");
    }
    assert_eq!(seen.len(), LimitRule::ALL.len());
}

async fn s24_codes_a_day_are_limited_beside_codes_an_hour(backend: &Backend) {
    let rule = LimitRule::SendEmail;
    let app = server(backend, rule).await;
    let mut drive = arrange(&app, rule).await;
    for number in 0..5 {
        send(&app, rule, &mut drive, number).await.expect(200);
    }
    app.advance_secs(3_600);
    for number in 5..10 {
        send(&app, rule, &mut drive, number).await.expect(200);
    }
    app.advance_secs(3_600);
    let refused = send(&app, rule, &mut drive, 10).await;
    // One of ten comes back in 2 h 24 min; two hours are over.
    assert_eq!(wait_secs(&refused), 24 * 60);
    app.advance_secs(24 * 60);
    send(&app, rule, &mut drive, 11).await.expect(200);
}

async fn s25_an_ipv6_client_counts_as_its_64(backend: &Backend) {
    let app = limited(backend, &[LimitRule::ResumeAddress]).await;
    let body = json!({ "sessionId": "unknown" });
    for number in 0..60 {
        let address = format!("2001:db8:1:2:{number:x}::{number:x}");
        let answer = post_from(&app, "/auth/resume", &body, &address).await;
        assert_eq!(answer.problem(404), "signup_not_found");
    }
    let neighbour = post_from(&app, "/auth/resume", &body, "2001:db8:1:2:ffff::1").await;
    wait_secs(&neighbour);
    let other = post_from(&app, "/auth/resume", &body, "2001:db8:1:3::1").await;
    assert_eq!(other.problem(404), "signup_not_found");
}

async fn s25_forwarded_addresses_of_an_untrusted_peer_change_no_count(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            super::limit(config, &[LimitRule::ResumeAddress]);
            config.server.trusted_proxies.clear();
        })
        .await;
    app.stand_still();
    let body = json!({ "sessionId": "unknown" });
    for number in 0..61 {
        let address = client_address(number);
        let request = from(&app, Method::POST, "/auth/resume", &address)
            .header("X-Real-IP", &address)
            .header("Forwarded", format!("for={address}"))
            .json(&body);
        let answer = app.send(request).await;
        let expected = if number < 60 { 404 } else { 429 };
        assert_eq!(answer.status, expected, "{number}");
    }
    // Nor do they reach what is kept of a session.
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let body = json!({ "email": account.email, "password": PASSWORD });
    let signed_in: Value = post_from(&app, "/auth/login", &body, "198.51.100.7")
        .await
        .expect(200);
    assert_eq!(signed_in["session"]["ipAddress"], "127.0.0.1");
}

async fn s24_instances_count_together(backend: &Backend) {
    if matches!(backend, Backend::Embedded) {
        return; // There only ever is one.
    }
    let app = limited(backend, &[LimitRule::ResumeAddress]).await;
    let second = app.second().await;
    let body = json!({ "sessionId": "unknown" });
    let mut granted = 0;
    for number in 0..70 {
        let client: &Client = if number % 2 == 0 { &app } else { &second };
        let answer = post_from(client, "/auth/resume", &body, ONE_CLIENT).await;
        granted += usize::from(answer.status == 404);
    }
    assert_eq!(granted, 60);
}
