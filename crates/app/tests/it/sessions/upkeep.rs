//! What becomes of sessions when they are over.

use std::time::Duration;

use kogents_domain::time::Span;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::IN_BERLIN;
use crate::support::{Backend, PASSWORD, TestApp, on_both};

on_both!(
    thirty_days_after_its_end_a_session_tells_less,
    thirteen_months_after_its_start_a_session_is_gone,
);

const DAY: i64 = 86_400;

async fn start(backend: &Backend) -> TestApp {
    backend
        .start_with(|config| {
            config.sizes.sweep_interval = Span::from_secs(1);
            config.server.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        })
        .await
}

/// Signs in from an address with analytics; gives the body.
async fn sign_in(app: &TestApp) -> Value {
    let body = json!({
        "email": "ada@example.com", "password": PASSWORD,
        "latitude": 52.5163, "longitude": 13.3777,
        "referrerUrl": "https://www.google.com/search?q=chat",
        "landingPage": "https://app.example.com/?utm_source=google",
    });
    let request = app.request(Method::POST, "/auth/login").json(&body);
    let request = request.header("x-client-type", "native");
    app.send(request.header("x-forwarded-for", IN_BERLIN))
        .await
        .expect(200)
}

/// Waits until all the person's sessions, as a new one sees them, are as wanted.
async fn wait(app: &TestApp, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let body = sign_in(app).await;
    let token = body["access_token"].as_str().unwrap();
    let path = "/health/sessions?all=true&limit=100";
    let reached = async {
        loop {
            let all = app.get_as(token, path).await.expect(200);
            let sessions = all["sessions"].as_array().unwrap();
            if wanted(sessions) {
                return sessions.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, reached).await.unwrap()
}

async fn thirty_days_after_its_end_a_session_tells_less(backend: &Backend) {
    let app = start(backend).await;
    app.sign_up_and_confirm("ada@example.com").await;
    let session = sign_in(&app).await;
    let id = session["session"]["id"].clone();
    let token = session["access_token"].as_str().unwrap();
    app.delete_as(token, "/health/sessions/current")
        .await
        .expect(200);
    let find = |sessions: &[Value]| {
        let found = sessions.iter().find(|session| session["id"] == id);
        found.expect("it is listed").clone()
    };

    app.advance_secs(30 * DAY - 60);
    // Whoever times out meanwhile is ended; what ended sooner than 30 days ago stays as it is.
    let sessions = wait(&app, |sessions| {
        sessions
            .iter()
            .filter(|one| one["endedAt"] != Value::Null)
            .count()
            >= 2
    })
    .await;
    assert_eq!(find(&sessions)["ipAddress"], IN_BERLIN);

    app.advance_secs(120);
    let sessions = wait(&app, |sessions| find(sessions)["ipAddress"] != IN_BERLIN).await;
    let session = find(&sessions);
    for (member, expected) in [
        ("ipAddress", json!("81.2.69.0")),
        ("latitude", json!(52.5)),
        ("longitude", json!(13.4)),
        ("referrerUrl", json!("https://www.google.com/search")),
        ("landingPage", json!("https://app.example.com/")),
        ("referrerDomain", json!("www.google.com")),
        ("endReason", json!("revoked")),
    ] {
        assert_eq!(session[member], expected, "{member}");
    }
}

async fn thirteen_months_after_its_start_a_session_is_gone(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(300 * DAY);
    let is_there = |sessions: &[Value]| {
        sessions
            .iter()
            .any(|session| session["id"] == account.session_id && session["endedAt"] != Value::Null)
    };
    wait(&app, is_there).await;
    // A whole month of partitions goes at a time.
    app.advance_secs((396 + 31 - 300) * DAY);
    let sessions = wait(&app, |sessions| {
        !sessions
            .iter()
            .any(|session| session["id"] == account.session_id)
    })
    .await;
    assert!(!sessions.is_empty());
}
