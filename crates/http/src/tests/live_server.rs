//! What shows only on a real connection.

use std::net::TcpListener;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::fixture::{http, settings};
use crate::{HttpMetrics, metrics_server, serve};

const PATIENCE: Duration = Duration::from_secs(10);

/// Starts a server that allows bodies 300 ms, and connects to it.
async fn connect() -> (TcpStream, actix_web::dev::ServerHandle) {
    let mut settings = settings();
    settings.body_deadline = Duration::from_millis(300);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = serve(http(settings), listener, 1).unwrap();
    let handle = server.handle();
    tokio::spawn(server);
    (TcpStream::connect(address).await.unwrap(), handle)
}

/// Sends bytes and reads until the server closes.
async fn exchange(sent: &str) -> String {
    let (mut stream, handle) = connect().await;
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut received))
        .await
        .expect("the server ends the connection")
        .unwrap();
    handle.stop(false).await;
    String::from_utf8(received).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_to_head_has_a_length_and_no_body() {
    let answer =
        exchange("HEAD /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("content-length: 17"), "{head}");
    assert_eq!(body, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r8_a_body_that_does_not_arrive_ends_its_connection() {
    let answer = exchange(
        "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{\"email\"",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r8_a_body_that_nobody_reads_ends_its_connection() {
    for framing in ["Transfer-Encoding: chunked", "Content-Length: 100"] {
        let answer = exchange(&format!(
            "GET /health/live HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n"
        ))
        .await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{framing}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_serves_one_request_after_another() {
    let login = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                 Content-Length: 2\r\n\r\n{}";
    let last = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = exchange(&format!("{login}{login}{last}")).await;
    assert_eq!(answer.matches("HTTP/1.1 400").count(), 2, "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 1, "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_have_a_listener_of_their_own() {
    let registry = prometheus::Registry::new();
    HttpMetrics::new(&registry, "1.2.3").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = metrics_server(registry, listener).unwrap();
    let handle = server.handle();
    tokio::spawn(server);
    for (path, status) in [("/metrics", "HTTP/1.1 200"), ("/", "HTTP/1.1 404")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer))
            .await
            .expect("the server ends the connection")
            .unwrap();
        assert!(answer.starts_with(status), "{path}: {answer}");
        assert_eq!(answer.contains("kogents_build_info"), path == "/metrics");
    }
    handle.stop(false).await;
}
