//! The listener of the figures, on a real connection.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::fixture::CountingIds;
use crate::{HttpMetrics, metrics_server};

const PATIENCE: Duration = Duration::from_secs(10);

/// Sends requests to one listener, each on a connection of its own; gives heads and bodies.
async fn ask(requests: &[(&str, &str)]) -> Vec<(String, String)> {
    let registry = prometheus::Registry::new();
    HttpMetrics::new(&registry).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = metrics_server(registry, Arc::new(CountingIds::default()), listener).unwrap();
    let handle = server.handle();
    tokio::spawn(server);
    let mut answers = Vec::new();
    for (method, path) in requests {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer))
            .await
            .expect("the server ends the connection")
            .unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        answers.push((head.to_owned(), body.to_owned()));
    }
    handle.stop(false).await;
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_are_given_by_get_and_their_head_by_head() {
    let answers = ask(&[
        ("GET", "/metrics"),
        ("HEAD", "/metrics"),
        ("GET", "/metrics?x=1"),
    ])
    .await;
    for (head, _) in &answers {
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/plain"), "{head}");
        assert!(head.contains("content-length: "), "{head}");
    }
    let bodies: Vec<_> = answers
        .iter()
        .map(|(_, body)| body.contains("kogents_http_requests_in_flight 0"))
        .collect();
    assert_eq!(bodies, [true, false, true]);
    assert_eq!(answers[1].1, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_else_is_asked_of_the_figures_listener_is_a_problem() {
    let requests = [
        ("POST", "/metrics", 405),
        ("OPTIONS", "/metrics", 405),
        ("BREW", "/metrics", 405),
        ("GET", "/", 404),
        ("GET", "/metrics/", 404),
        ("POST", "/auth/login", 404),
        ("GET", "/health/live", 404),
    ];
    let answers = ask(&requests.map(|(method, path, _)| (method, path))).await;
    for ((method, path, status), (head, body)) in requests.into_iter().zip(answers) {
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status}")),
            "{method} {path}: {head}"
        );
        for line in [
            "content-type: application/problem+json",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
        let allow = head.lines().any(|line| line == "allow: GET, HEAD");
        assert_eq!(allow, status == 405, "{head}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["status"], status);
        assert_eq!(body["instance"], path);
        let id = body["requestId"].as_str().unwrap();
        assert_eq!(id.len(), 36);
        assert!(head.contains(&format!("x-request-id: {id}")), "{head}");
    }
}
