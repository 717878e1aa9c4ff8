//! What an authenticated request that changes nothing costs: one round trip to the cache, and the
//! database nothing.

use kogents_domain::time::Span;
use reqwest::Method;
use serde_json::json;

use crate::support::{Backend, Client, Folder, Private, TestApp, on_both};

on_both!(a_report_of_activity_asks_the_database_nothing);

const REPORTS: u64 = 50;

async fn report(app: &TestApp, token: &str) {
    let request = app.as_session(token, Method::POST, "/auth/session/activity");
    let answer = app.send(request.json(&json!({ "pages": 1 }))).await;
    answer.expect_status(204);
}

/// How many statements the database was sent.
async fn statements(app: &TestApp) -> u64 {
    let metrics = Client::new(format!("http://{}", app.facts().metrics.unwrap()));
    let figures = metrics.get("/metrics").await.text;
    figures
        .lines()
        .filter_map(|line| line.strip_prefix("kogents_db_query_duration_seconds_count"))
        .filter_map(|rest| rest.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

async fn a_report_of_activity_asks_the_database_nothing(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            config.server.metrics_port = Some(0);
            // What runs beside the requests asks the database too, and here not while they run.
            config.sizes.activity_flush = Span::from_secs(3_600);
            config.sizes.sweep_interval = Span::from_secs(3_600);
        })
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    // The first request finds nothing in the cache.
    report(&app, &account.access_token).await;
    let before = statements(&app).await;
    for _ in 0..REPORTS {
        report(&app, &account.access_token).await;
    }
    let during = statements(&app).await - before;
    // The mail queue is looked at every second; nothing else is asked for.
    assert!(during < REPORTS / 2, "{during} statements");
    let session = app.current(&account.access_token).await;
    assert_eq!(session["pagesVisited"], REPORTS + 1);
}

/// With Redis nothing is lost that was counted, whenever a server is killed.
#[tokio::test(flavor = "multi_thread")]
async fn counts_survive_a_killed_server_where_the_cache_does() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let folder = Folder::on(&backend);
    let settings = [("ACTIVITY_FLUSH_SECS", "3600")];
    let program = folder.start_with(&settings);
    let account = program.client.sign_up_and_confirm("ada@example.com").await;
    for _ in 0..7 {
        program
            .client
            .ordinary(&account.access_token)
            .await
            .expect(200);
    }
    assert_eq!(program.end_by("KILL").code(), None);

    // The next server counts on, and writes down what the first one counted when it is stopped.
    let program = folder.start_with(&settings);
    program
        .client
        .ordinary(&account.access_token)
        .await
        .expect(200);
    let session = program.client.current(&account.access_token).await;
    assert_eq!(session["totalRequests"], 8);
    assert_eq!(program.end_by("TERM").code(), Some(0));
    let app = backend.start().await;
    let counted = super::activity::stored(&app, &account).await;
    assert_eq!(counted.total_requests, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_activity_is_one_round_trip_to_redis() {
    let Some(redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let app = backend
        .start_with(|config| {
            config.sizes.activity_flush = Span::from_secs(3_600);
            config.sizes.sweep_interval = Span::from_secs(3_600);
        })
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    report(&app, &account.access_token).await;
    let before = redis.script_calls();
    for _ in 0..REPORTS {
        report(&app, &account.access_token).await;
    }
    assert_eq!(redis.script_calls() - before, REPORTS);
}
