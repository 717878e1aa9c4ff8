//! What sessions do is counted, and costs the database nothing.

use std::time::Duration;

use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::SessionActivity;
use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use reqwest::Method;
use serde_json::json;

use crate::support::{Account, Backend, TestApp, on_both};

on_both!(
    requests_of_any_status_count_and_looking_at_sessions_does_not,
    gaps_of_more_than_half_an_hour_are_visits,
    a_refresh_is_a_sign_of_life_and_no_request,
    totals_reach_the_database_in_batches_and_at_shutdown,
    an_ended_sessions_last_counts_reach_the_database,
    a_change_outside_of_auth_is_an_action,
);

/// A server that writes counts back seldom, so that what is read has been counted in the cache.
async fn start(backend: &Backend) -> TestApp {
    backend
        .start_with(|config| config.sizes.activity_flush = Span::from_secs(3_600))
        .await
}

/// The counters as the database has them.
pub(super) async fn stored(app: &TestApp, account: &Account) -> SessionActivity {
    let user = UserId::parse(&account.user_id).unwrap();
    let id = SessionId::parse(&account.session_id).unwrap();
    let mut unit = app.store().read(Scope::Person(user)).await.unwrap();
    let found = unit.sessions().find_activity(id).await.unwrap();
    found.expect("the session has counters")
}

async fn requests_of_any_status_count_and_looking_at_sessions_does_not(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = &account.access_token;
    app.advance_secs(5);
    app.ordinary(token).await.expect(200);
    // Authenticated, and refused: of an unknown member, and of a wrong type.
    let refused = app.as_session(token, Method::POST, "/auth/session");
    let answer = app.send(refused.json(&json!({ "nonsense": 1 }))).await;
    assert_eq!(answer.problem(400), "validation_failed");
    let refused = app.as_session(token, Method::POST, "/auth/session");
    app.send(refused.body("x")).await.problem(415);
    // Nobody's request is nobody's.
    app.ordinary("forged").await.problem(401);
    app.advance_secs(5);
    for _ in 0..3 {
        let session = app.current(token).await;
        assert_eq!(session["totalRequests"], 3);
        assert_eq!(session["sessionDurationSec"], 5);
        assert_eq!(session["engagedDurationSec"], 5);
        assert_eq!(session["visitCount"], 1);
    }
    // The database has not been written.
    let activity = stored(&app, &account).await;
    assert_eq!(activity.total_requests, 0);
}

async fn gaps_of_more_than_half_an_hour_are_visits(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.sizes.activity_flush = Span::from_secs(3_600);
            config.lifetimes.access_token = Span::from_secs(86_400);
        })
        .await;
    app.stand_still();
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = &account.access_token;
    for secs in [1_800, 1_801, 10] {
        app.advance_secs(secs);
        app.ordinary(token).await.expect(200);
    }
    let session = app.current(token).await;
    assert_eq!(session["totalRequests"], 3);
    assert_eq!(session["sessionDurationSec"], 3_611);
    assert_eq!(session["engagedDurationSec"], 1_810);
    assert_eq!(session["visitCount"], 2);
}

async fn a_refresh_is_a_sign_of_life_and_no_request(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(100);
    app.refresh(&account.refresh_token).await.expect(200);
    app.advance_secs(10);
    let session = app.current(&account.access_token).await;
    assert_eq!(session["totalRequests"], 0);
    assert_eq!(session["sessionDurationSec"], 100);
    assert_eq!(session["engagedDurationSec"], 100);
}

async fn totals_reach_the_database_in_batches_and_at_shutdown(backend: &Backend) {
    let app = backend
        .start_with(|config| config.sizes.activity_flush = Span::from_secs(1))
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(7);
    app.ordinary(&account.access_token).await.expect(200);
    let flushed = async {
        while stored(&app, &account).await.total_requests < 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, flushed).await.unwrap();
    assert_eq!(stored(&app, &account).await.engaged_millis / 1_000, 7);

    let app = app
        .restart_with(|config| config.sizes.activity_flush = Span::from_secs(3_600))
        .await;
    for _ in 0..4 {
        app.ordinary(&account.access_token).await.expect(200);
    }
    assert_eq!(app.current(&account.access_token).await["totalRequests"], 5);
    let app = app.restart().await;
    assert_eq!(stored(&app, &account).await.total_requests, 5);
    assert_eq!(app.current(&account.access_token).await["totalRequests"], 5);
}

async fn an_ended_sessions_last_counts_reach_the_database(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(3);
    app.ordinary(&account.access_token).await.expect(200);
    let ended = app
        .delete_as(&account.access_token, "/health/sessions/current")
        .await
        .expect(200);
    assert_eq!(ended["session"]["totalRequests"], 1);
    assert_eq!(ended["session"]["isActive"], false);
    let app = app.restart().await;
    assert_eq!(stored(&app, &account).await.total_requests, 1);
}

async fn a_change_outside_of_auth_is_an_action(backend: &Backend) {
    let app = start(backend).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    // Neither what /auth does, nor ending sessions, nor what changes nothing.
    let open = app.as_session(&account.access_token, Method::POST, "/auth/session");
    app.send(open.json(&json!({}))).await.expect(201);
    app.delete_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    app.ordinary(&account.access_token).await.expect(200);
    let session = app.current(&account.access_token).await;
    assert_eq!(session["totalRequests"], 2);
    assert_eq!(session["actionsPerformed"], 0);
}
