//! A connection on which a test sends and reads what it likes, when it likes.

use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the server's end may be waited for.
const LONG: Duration = Duration::from_secs(120);

pub(super) struct Raw(TcpStream);

impl Raw {
    /// A connection to the server at a base URL.
    pub(super) async fn connect(base: &str) -> Self {
        Self::try_connect(base).await.unwrap()
    }

    pub(super) async fn try_connect(base: &str) -> std::io::Result<Self> {
        let url = Url::parse(base).unwrap();
        let place = (url.host_str().unwrap(), url.port().unwrap());
        let stream = TcpStream::connect(place).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// A whole request with a body, which asks for the answer in one piece and for the connection
    /// to be closed after it.
    pub(super) fn post(path: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nX-Client-Type: native\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    /// A request without a body, after which the connection stays.
    pub(super) fn get(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
    }

    pub(super) async fn send(&mut self, octets: &[u8]) {
        self.0.write_all(octets).await.unwrap();
    }

    /// Everything until the server closes, and whether it did so in order.
    pub(super) async fn rest(&mut self) -> (String, bool) {
        let mut octets = Vec::new();
        let read = tokio::time::timeout(LONG, self.0.read_to_end(&mut octets)).await;
        let in_order = read.expect("the server ends the connection").is_ok();
        (String::from_utf8_lossy(&octets).into_owned(), in_order)
    }

    /// One answer on a connection that stays, by its status and its body.
    pub(super) async fn answer(&mut self) -> Option<(u16, String)> {
        let mut octets = Vec::new();
        loop {
            let told = String::from_utf8_lossy(&octets).into_owned();
            if let Some((head, body)) = told.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| {
                    let line = line.to_ascii_lowercase();
                    line.strip_prefix("content-length: ")?.trim().parse().ok()
                });
                if body.len() >= length.unwrap_or(0) {
                    let status = head.split(' ').nth(1)?.parse().ok()?;
                    return Some((status, body.to_owned()));
                }
            }
            let read = tokio::time::timeout(LONG, self.0.read_buf(&mut octets)).await;
            if read.expect("an answer comes").ok()? == 0 {
                return None;
            }
        }
    }

    /// Goes without a farewell.
    pub(super) fn hang_up(self) {
        drop(self.0);
    }
}

/// A port that nobody listens at.
pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
