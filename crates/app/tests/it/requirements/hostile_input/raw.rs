//! Octets to a server and the answers that come back, with no client between that would tidy up.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the server may take until it ends a connection whose other side has said everything.
const PATIENCE: Duration = Duration::from_secs(20);

/// One answer.
#[derive(Debug)]
pub(super) struct RawAnswer {
    pub(super) status: u16,
    head: String,
    body: Vec<u8>,
}

impl RawAnswer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Whether this is what the HTTP parser itself refuses with: no problem, and the last answer
    /// of this connection, which the reader has seen the end of.
    pub(super) fn is_bare(&self) -> bool {
        let handled = self.header("x-request-id").is_some();
        matches!(self.status, 400 | 408 | 431) && self.body.is_empty() && !handled
    }

    /// What is wrong with an answer to a hostile request, if anything: it must be no failure, and
    /// what is refused must be a problem, unless it is bare.
    pub(super) fn fault(&self, is_head: bool) -> Option<String> {
        if !(200..500).contains(&self.status) {
            return Some(format!(
                "{} {}",
                self.head,
                String::from_utf8_lossy(&self.body)
            ));
        }
        if self.status < 400 || self.is_bare() || is_head {
            return None;
        }
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let is_problem = self.header("content-type") == Some("application/problem+json")
            && body["status"] == self.status
            && body["code"].is_string()
            && body["requestId"].is_string();
        (!is_problem).then(|| format!("no problem: {self:?}"))
    }

    /// The problem's code; empty without one.
    pub(super) fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// What a client does after its last octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// It says that nothing more will come.
    Ends,
    /// It leaves the connection open: only the server can end it.
    Waits,
}

/// Sends octets and reads until the server ends the connection.
pub(super) async fn exchange(
    address: &str,
    octets: &[u8],
    afterwards: Afterwards,
) -> Vec<RawAnswer> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let send = async {
        // A server that has refused already need not read on.
        let _ = writing.write_all(octets).await;
        if afterwards == Afterwards::Ends {
            let _ = writing.shutdown().await;
        }
    };
    let mut received = Vec::new();
    let receive = async {
        // A reset comes after the answer, where there is one.
        let _ = reading.read_to_end(&mut received).await;
    };
    tokio::time::timeout(PATIENCE, async { tokio::join!(send, receive) })
        .await
        .unwrap_or_else(|_| panic!("no end to {:?}", String::from_utf8_lossy(octets)));
    answers(&received, is_head(octets))
}

/// Whether the first request is a HEAD; line ends before it do not count (RFC 9112 section 2.2).
pub(super) fn is_head(octets: &[u8]) -> bool {
    octets.trim_ascii_start().starts_with(b"HEAD ")
}

/// The answers, one after another. Those to HEAD have a length and no body; only the first request
/// is known to be one.
fn answers(mut received: &[u8], is_head: bool) -> Vec<RawAnswer> {
    let mut answers: Vec<RawAnswer> = Vec::new();
    while !received.is_empty() {
        let end = received
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("half an answer: {:?}", String::from_utf8_lossy(received)));
        let (head, rest) = received.split_at(end + 4);
        let head = String::from_utf8(head.to_vec()).expect("a head is text");
        let status = head
            .strip_prefix("HTTP/1.")
            .and_then(|rest| rest.get(2..5))
            .and_then(|status| status.parse().ok())
            .unwrap_or_else(|| panic!("no status: {head}"));
        let mut answer = RawAnswer {
            status,
            head,
            body: Vec::new(),
        };
        received = rest;
        if (100..200).contains(&status) {
            continue;
        }
        let bodyless = status == 204 || status == 304 || (is_head && answers.is_empty());
        let is_chunked = answer.header("transfer-encoding") == Some("chunked");
        if is_chunked && !bodyless {
            (answer.body, received) = unchunked(received);
            answers.push(answer);
            continue;
        }
        let length = answer.header("content-length").map(|n| n.parse().unwrap());
        let length = if bodyless { 0 } else { length.unwrap_or(0) };
        let (body, rest) = received.split_at(length.min(received.len()));
        answer.body = body.to_vec();
        received = rest;
        answers.push(answer);
    }
    answers
}

/// A body that came in chunks (RFC 9112 section 7.1), as far as it came, and what comes after it.
fn unchunked(mut received: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut body = Vec::new();
    while let Some(end) = received.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&received[..end]).expect("a size is text");
        let size = usize::from_str_radix(size, 16).expect("a size is hexadecimal");
        let (chunk, rest) = received[end + 2..].split_at(size.min(received.len() - end - 2));
        body.extend_from_slice(chunk);
        received = rest.strip_prefix(b"\r\n").unwrap_or(rest);
        if size == 0 {
            return (body, received);
        }
    }
    (body, &[])
}
