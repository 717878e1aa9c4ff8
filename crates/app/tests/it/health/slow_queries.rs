//! A query that is known to be slow is told and logged, by its name.

use std::time::Duration;

use serde_json::Value;

use super::lock::Lock;
use crate::support::{Backend, PASSWORD, lines_with, on_both, within};

on_both!(a_query_that_waits_for_a_lock_is_told_as_slow);

/// What a lock is held for at least.
const HELD: Duration = Duration::from_millis(500);

async fn a_query_that_waits_for_a_lock_is_told_as_slow(backend: &Backend) {
    let app = backend.start().await;
    app.sign_up_and_confirm("ada@example.com").await;
    let told = async || app.get("/health/database/performance").await.expect(200);
    let before = told().await["performance"]["slowQueries"]["total"]
        .as_u64()
        .unwrap();

    let lock = Lock::of(backend, &app).await;
    let signing_in = app.log_in("ada@example.com", PASSWORD);
    let releasing = async {
        tokio::time::sleep(HELD).await;
        lock.release().await;
    };
    let (signed_in, ()) = tokio::join!(signing_in, releasing);
    signed_in.expect(200);

    let waited = match backend {
        // The statement with which the transaction that writes begins; or, where a task in the
        // background asks for the lock first, the turn to begin one.
        Backend::Embedded => ["users.find_for_update", "unit.begin"].as_slice(),
        Backend::Servers { .. } => &["users.find_by_email"],
    };
    let has_waited = |query: &Value| waited.contains(&query["name"].as_str().unwrap());
    let slow = within(async || {
        let slow = told().await["performance"]["slowQueries"].clone();
        let recent = slow["recent"].as_array().unwrap();
        let found = recent.iter().any(has_waited);
        found.then_some(slow)
    })
    .await;
    assert!(slow["total"].as_u64().unwrap() > before, "{slow}");
    let recent = slow["recent"].as_array().unwrap();
    let query = recent.iter().find(|query| has_waited(query)).unwrap();
    let millis = query["durationMs"].as_u64().unwrap();
    assert!((200..2_000).contains(&millis), "{query}");
    assert!(query["at"].as_str().unwrap().ends_with('Z'), "{query}");
    let lines = lines_with("a query was slow");
    let name = query["name"].as_str().unwrap();
    let named = lines.iter().find(|line| line.contains(name));
    let line = named.unwrap_or_else(|| panic!("{lines:?}"));
    assert!(
        line.contains("WARN") && line.contains("duration_ms"),
        "{line}"
    );
    assert!(!line.to_lowercase().contains("select "), "{line}");
}
