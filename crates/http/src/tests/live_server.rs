//! What shows only on a real connection.

use std::net::TcpListener;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::fixture::{http, settings};
use crate::serve;

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
async fn r8_a_body_that_does_not_arrive_is_a_problem_and_ends_its_connection() {
    for framing in [
        "Content-Length: 100\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{",
    ] {
        let answer = exchange(&format!(
            "POST /auth/login HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example.com\r\n\
             X-Request-Id: slow-1\r\nContent-Type: application/json\r\n{framing}"
        ))
        .await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 408"), "{answer}");
        for line in [
            "connection: close",
            "content-type: application/problem+json",
            "x-request-id: slow-1",
            "x-content-type-options: nosniff",
            "access-control-allow-origin: https://app.example.com",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["code"], "request_timeout");
        assert_eq!(body["requestId"], "slow-1");
        assert_eq!(body["instance"], "/auth/login");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_body_or_no_route_is_a_problem_on_the_wire_too() {
    let post = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    for (request, status) in [
        (
            format!("{post}Connection: close\r\nContent-Length: 70000\r\n\r\n"),
            413,
        ),
        (
            "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
            404,
        ),
        (
            "BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
            405,
        ),
        (
            "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
            404,
        ),
    ] {
        let answer = exchange(&request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{request}: {answer}"
        );
        assert!(
            answer.contains("content-type: application/problem+json"),
            "{answer}"
        );
        assert!(answer.contains("x-request-id: "), "{answer}");
    }
}

/// The HTTP library takes a broken chunk for a lost connection, and ends it as soon as nothing more
/// is ready to be written: what is answered until then is a problem, and nothing else is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_that_are_none_are_refused_and_end_the_connection() {
    let post = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let answer = exchange(&format!("{post}Transfer-Encoding: chunked\r\n\r\nzz\r\n")).await;
    let answers = answer.matches("HTTP/1.1 ").count();
    assert!(answers <= 1, "{answer}");
    let is_problem = answer.starts_with("HTTP/1.1 400")
        && answer.contains("content-type: application/problem+json")
        && answer.contains("\"code\":\"malformed_json\"");
    assert!(answers == 0 || is_problem, "{answer}");
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
