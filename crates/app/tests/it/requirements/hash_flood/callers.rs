//! Those who sign in: over plain connections, so that thousands of them cost little themselves.

use std::iter::Sum;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::PASSWORD;

/// How often the callers were answered, and how.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// 200 or 401: the password was compared.
    pub(super) judged: usize,
    /// 503 with a time to wait.
    pub(super) told_to_wait: usize,
    /// Anything else.
    pub(super) other: usize,
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, next| Self {
            judged: sum.judged + next.judged,
            told_to_wait: sum.told_to_wait + next.told_to_wait,
            other: sum.other + next.other,
        })
    }
}

/// Whether a caller who is told to come back later does so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// For as long as the answer says.
    AsTold,
    /// Not at all.
    None,
}

/// Signs in again and again over one connection until it is over.
pub(super) async fn keep_signing_in(
    address: String,
    number: usize,
    patience: Patience,
    over: Arc<AtomicBool>,
) -> Counts {
    let mut counts = Counts::default();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = request(number);
    while !over.load(Ordering::Acquire) {
        connection.write_all(&request).await.unwrap();
        let head = answer(&mut connection).await;
        match (head.get(9..12), header(&head, "retry-after")) {
            (Some("200" | "401"), _) => counts.judged += 1,
            (Some("503"), Some(wait)) => {
                counts.told_to_wait += 1;
                if patience == Patience::AsTold {
                    tokio::time::sleep(Duration::from_secs(wait)).await;
                }
            }
            _ => counts.other += 1,
        }
    }
    counts
}

/// A number in a head.
fn header(head: &str, name: &str) -> Option<u64> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| *found == name)?.1.parse().ok()
}

/// Asks to be signed in and is gone after five milliseconds.
pub(super) async fn hang_up(address: String, number: usize) {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(&request(number)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
}

/// A right password, a wrong one, or an address that nobody has.
fn request(number: usize) -> Vec<u8> {
    let (email, password) = match number % 3 {
        0 => ("ada@example.com", PASSWORD),
        1 => ("ada@example.com", "a wrong password"),
        _ => ("nobody@example.com", PASSWORD),
    };
    let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
    format!(
        "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         X-Client-Type: native\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Reads one answer to its end and gives its head, in lower case.
async fn answer(connection: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        let length = connection.read(&mut buffer).await.unwrap();
        assert!(length > 0, "the server hung up");
        read.extend_from_slice(&buffer[..length]);
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(read[..end].to_vec()).unwrap();
        let head = head.to_ascii_lowercase();
        let body = usize::try_from(header(&head, "content-length").unwrap()).unwrap();
        if read.len() >= end + 4 + body {
            return head;
        }
    }
}
