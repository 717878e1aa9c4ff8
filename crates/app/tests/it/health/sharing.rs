//! However many ask, the database is asked once a second.

use crate::support::{Backend, Client, TestApp, on_both, within};

on_both!(a_hundred_who_ask_at_once_share_one_question);

/// How often the database was asked something.
async fn asked(app: &TestApp, query: &str) -> u64 {
    let metrics = Client::new(format!("http://{}", app.facts().metrics.unwrap()));
    let figures = metrics.get("/metrics").await.text;
    let name = format!("query=\"{query}\"");
    figures
        .lines()
        .filter(|line| line.starts_with("kogents_db_query_duration_seconds_count"))
        .filter(|line| line.contains(&name))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

async fn a_hundred_ask(app: &TestApp) {
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..100 {
        let client = Client::new(app.base());
        asking.spawn(async move {
            let path = if number % 2 == 0 {
                "/health/database"
            } else {
                "/health/database/performance"
            };
            client.get(path).await.expect_status(200);
        });
    }
    asking.join_all().await;
}

async fn a_hundred_who_ask_at_once_share_one_question(backend: &Backend) {
    let app = backend
        .start_with(|config| config.server.metrics_port = Some(0))
        .await;
    // The figures for Prometheus have asked by themselves, once a minute.
    let by_itself = within(async || {
        let rows = asked(&app, "health.table_rows").await;
        (rows > 0).then_some(asked(&app, "health.storage").await)
    })
    .await;
    app.stand_still();
    a_hundred_ask(&app).await;
    assert_eq!(asked(&app, "health.describe").await, 1);
    assert_eq!(asked(&app, "health.storage").await, by_itself + 1);
    a_hundred_ask(&app).await;
    assert_eq!(asked(&app, "health.describe").await, 1);
    app.advance_secs(1);
    a_hundred_ask(&app).await;
    assert_eq!(asked(&app, "health.describe").await, 2);
    assert_eq!(asked(&app, "health.storage").await, by_itself + 2);
}
