//! What an operator sees of a server: health, figures, documentation, the mailbox.

use std::time::Duration;

use crate::support::{Backend, Client, on_both};

on_both!(a_started_server_is_live_ready_and_healthy,);

async fn a_started_server_is_live_ready_and_healthy(backend: &Backend) {
    let app = backend.start().await;
    app.get("/health/live").await.expect(200);
    app.get("/health/ready").await.expect(200);
    let health = app.get("/health").await.expect(200);
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["checks"]["database"]["status"], "up");
    assert_eq!(health["checks"]["geoip"]["status"], "disabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_have_a_listener_of_their_own() {
    let app = Backend::Embedded
        .start_with(|config| config.server.metrics_port = Some(0))
        .await;
    app.get("/health/live").await.expect(200);
    let metrics = Client::new(format!("http://{}", app.facts().metrics.unwrap()));
    let figures = metrics.get("/metrics").await;
    assert_eq!(figures.status, 200);
    assert!(
        figures.text.contains("kogents_http_requests_total"),
        "{}",
        figures.text
    );
    let elsewhere = metrics.get("/health/live").await;
    assert_eq!(elsewhere.problem(404), "not_found");
    assert!(elsewhere.header("x-request-id").is_some());
    assert_eq!(app.get("/metrics").await.problem(404), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_document_is_the_one_the_program_prints() {
    let app = Backend::Embedded.start().await;
    let published = app.get("/openapi.json").await.expect(200);
    let printed: serde_json::Value = serde_json::from_str(&kogents_http::openapi_json()).unwrap();
    assert_eq!(published["openapi"], "3.1.0");
    assert_eq!(published["paths"], printed["paths"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_takes_no_connections() {
    let app = Backend::Embedded.start().await;
    app.get("/health/ready").await.expect(200);
    let base = app.base().to_owned();
    app.stop().await;
    let request = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = request.get(base).timeout(Duration::from_secs(5));
    assert!(request.send().await.unwrap_err().is_connect());
}
