//! The figures move as they should.

use serde_json::Value;

use crate::support::{Backend, TestApp, on_both, within};

on_both!(
    the_database_says_what_it_is,
    queries_are_counted_and_timed,
    connections_are_told,
);

async fn performance(app: &TestApp) -> Value {
    app.get("/health/database/performance").await.expect(200)["performance"].clone()
}

async fn the_database_says_what_it_is(backend: &Backend) {
    let app = backend.start().await;
    let told = app.get("/health/database").await.expect(200);
    let database = &told["database"];
    assert_eq!(database["status"], "healthy");
    assert!(database["latencyMs"].as_u64().unwrap() < 2_000, "{told}");
    let product = match backend {
        Backend::Embedded => "SQLite 3.",
        Backend::Servers { .. } => "PostgreSQL 1",
    };
    let version = database["version"].as_str().unwrap();
    assert!(version.starts_with(product), "{version}");
    assert!(database["migrations"]["applied"].as_u64().unwrap() >= 5);
    assert_eq!(database["migrations"]["pending"], 0);
    let timestamp = told["timestamp"].as_str().unwrap();
    assert!(timestamp.ends_with('Z') && timestamp.len() == 24, "{told}");
}

async fn queries_are_counted_and_timed(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let before = performance(&app).await;
    for _ in 0..40 {
        let token = &account.access_token;
        app.get_as(token, "/health/sessions").await.expect(200);
    }
    let after = performance(&app).await;

    let queries = |told: &Value, name: &str| told["queries"][name].as_f64().unwrap();
    let asked = queries(&after, "total") - queries(&before, "total");
    assert!(asked >= 80.0, "{before} {after}");
    let percentiles = ["p50Ms", "p95Ms", "p99Ms"].map(|name| queries(&after, name));
    assert!(percentiles.is_sorted(), "{percentiles:?}");
    assert!(percentiles[0] > 0.0 && percentiles[2] < 10_000.0, "{after}");
    // All there ever were came within the last minute, and it took more than a tenth of a second.
    let per_second = queries(&after, "perSecond");
    assert!(per_second > 1.0, "{after}");
    assert!(per_second < queries(&after, "total") * 10.0, "{after}");
    assert!(queries(&after, "errors") <= queries(&after, "total") / 10.0);
    assert_eq!(after["slowQueries"]["thresholdMs"], 200);
    assert!(after["databaseSizeBytes"].as_u64().unwrap() > 100_000);
    match backend {
        Backend::Embedded => {
            assert_eq!(after["cacheHitRatio"], Value::Null);
            assert_eq!(after["deadlocks"], Value::Null);
        }
        Backend::Servers { .. } => {
            assert_eq!(after["deadlocks"], 0);
            // The server adds up what its connections have counted once a second.
            let ratio = within(async || performance(&app).await["cacheHitRatio"].as_f64()).await;
            assert!((0.0..=1.0).contains(&ratio), "{ratio}");
        }
    }
    assert!(!after.to_string().to_lowercase().contains("select "));
}

async fn connections_are_told(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let told = app.get("/health/database/pool").await.expect(200);
    let pool = |name: &str| told["connectionPool"][name].as_u64().unwrap();
    assert_eq!(
        pool("activeConnections") + pool("idleConnections"),
        pool("totalConnections"),
        "{told}"
    );
    assert!(pool("totalConnections") >= 1, "{told}");
    let most = match backend {
        Backend::Embedded => 5,
        Backend::Servers { .. } => 10,
    };
    assert_eq!(pool("maxConnections"), most);
    assert_eq!(pool("timeoutsTotal"), 0);
    let used = told["connectionPool"]["utilizationPercentage"].as_f64();
    assert!((0.0..=100.0).contains(&used.unwrap()), "{told}");
}
