//! S18: sessions end at their time, without any sweep; and the sweep writes it down.

use std::time::Duration;

use kogents_domain::time::Span;
use serde_json::Value;

use crate::support::{Backend, TestApp, on_both};

on_both!(
    s18_activity_keeps_a_session_alive_past_the_end_in_its_row_and_idleness_ends_it,
    s18_nothing_keeps_a_session_alive_past_its_absolute_end,
    s18_a_session_that_lives_by_its_activity_can_be_refreshed,
    the_sweep_ends_what_has_timed_out_at_its_last_activity,
    the_sweep_leaves_what_the_cache_knows_to_be_active,
);

/// Sessions that end after a minute without activity, or after ten minutes.
async fn start(backend: &Backend, sweep_secs: i64) -> TestApp {
    backend
        .start_with(|config| {
            config.lifetimes.session_idle = Span::from_secs(60);
            config.lifetimes.session_absolute = Span::from_secs(600);
            // Longer than a test lasts, and still less than it lets pass for the sweep.
            config.sizes.activity_flush = Span::from_secs(60);
            config.sizes.sweep_interval = Span::from_secs(sweep_secs);
        })
        .await
}

async fn s18_activity_keeps_a_session_alive_past_the_end_in_its_row_and_idleness_ends_it(
    backend: &Backend,
) {
    let app = start(backend, 3_600).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = &account.access_token;
    for _ in 0..4 {
        app.advance_secs(50);
        app.ordinary(token).await.expect(200);
    }
    let session = app.current(token).await;
    assert_eq!(session["isActive"], true);
    // Looking is no activity: it does not keep the session alive.
    app.advance_secs(59);
    assert_eq!(app.current(token).await["totalRequests"], 4);
    app.advance_secs(1);
    assert_eq!(app.ordinary(token).await.problem(401), "invalid_token");
    let refused = app.refresh(&account.refresh_token).await;
    assert_eq!(refused.problem(401), "invalid_refresh_token");
}

async fn s18_nothing_keeps_a_session_alive_past_its_absolute_end(backend: &Backend) {
    let app = start(backend, 3_600).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    for _ in 0..11 {
        app.advance_secs(50);
        app.ordinary(&account.access_token).await.expect(200);
    }
    app.advance_secs(49);
    app.ordinary(&account.access_token).await.expect(200);
    app.advance_secs(1);
    let over = app.ordinary(&account.access_token).await;
    assert_eq!(over.problem(401), "invalid_token");
}

async fn s18_a_session_that_lives_by_its_activity_can_be_refreshed(backend: &Backend) {
    let app = start(backend, 3_600).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    for _ in 0..3 {
        app.advance_secs(50);
        app.ordinary(&account.access_token).await.expect(200);
    }
    app.advance_secs(50);
    let tokens = app.refresh(&account.refresh_token).await.expect(200);
    app.advance_secs(50);
    let token = tokens["access_token"].as_str().unwrap();
    app.ordinary(token).await.expect(200);
}

/// Waits until the session of a person who signs in anew is told of as ended.
async fn ended(app: &TestApp, id: &str) -> Value {
    let body = app.log_in("ada@example.com", crate::support::PASSWORD);
    let body = body.await.expect(200);
    let token = body["access_token"].as_str().unwrap();
    let path = "/health/sessions?all=true";
    let swept = async {
        loop {
            let all = app.get_as(token, path).await.expect(200);
            let sessions = all["sessions"].as_array().unwrap();
            let session = sessions.iter().find(|session| session["id"] == id).unwrap();
            // It is over at once, and its end is written by the sweep.
            assert_eq!(session["isActive"], false);
            if session["endedAt"] != Value::Null {
                return session.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, swept).await.unwrap()
}

async fn the_sweep_ends_what_has_timed_out_at_its_last_activity(backend: &Backend) {
    let app = start(backend, 1).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(30);
    app.ordinary(&account.access_token).await.expect(200);
    app.advance_secs(300);
    let session = ended(&app, &account.session_id).await;
    assert_eq!(session["endReason"], "idle_timeout");
    assert_eq!(session["endedAt"], session["lastActivityAt"]);
    assert_eq!(session["sessionDurationSec"], 30);
}

async fn the_sweep_leaves_what_the_cache_knows_to_be_active(backend: &Backend) {
    let app = start(backend, 1).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    for _ in 0..3 {
        app.advance_secs(50);
        app.ordinary(&account.access_token).await.expect(200);
        // The sweep goes its rounds meanwhile.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
    let session = app.current(&account.access_token).await;
    assert_eq!(session["endedAt"], Value::Null);
    assert_eq!(session["totalRequests"], 3);
}
