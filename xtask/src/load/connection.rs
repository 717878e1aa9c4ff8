//! A connection that stays open from one request to the next.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::response::{self, Answer};

/// How much is read at once.
const SPACE: usize = 8 * 1_024;

/// A connection, open or about to be opened.
#[derive(Debug)]
pub(super) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    /// Whether it has brought an answer before.
    served: bool,
    buffer: Vec<u8>,
}

/// Why there is no answer.
struct Broken {
    why: String,
    /// Whether nothing came at all.
    silent: bool,
}

impl Connection {
    /// A connection to this address, not open yet.
    pub(super) fn to(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            served: false,
            buffer: Vec::with_capacity(SPACE),
        }
    }

    /// Opens it, unless it is open.
    pub(super) async fn open(&mut self) -> Result<(), String> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address)
                .await
                .map_err(|error| format!("no connection: {error}"))?;
            stream
                .set_nodelay(true)
                .map_err(|error| format!("no connection: {error}"))?;
            self.stream = Some(stream);
            self.served = false;
        }
        Ok(())
    }

    /// Sends a request and waits for its answer. A server may close a connection that was idle,
    /// just when the next request is on its way: that is then sent again on a new one, once.
    pub(super) async fn exchange(&mut self, request: &[u8]) -> Result<Answer, String> {
        let was_used = self.served;
        match self.attempt(request).await {
            Err(broken) if broken.silent && was_used => self.attempt(request).await,
            outcome => outcome,
        }
        .map_err(|broken| broken.why)
    }

    /// The bytes of the last answer.
    pub(super) fn last(&self, answer: &Answer) -> &[u8] {
        self.buffer.get(..answer.length).unwrap_or_default()
    }

    async fn attempt(&mut self, request: &[u8]) -> Result<Answer, Broken> {
        let outcome = self.send_and_read(request).await;
        match &outcome {
            Ok(answer) if answer.keeps_alive => self.served = true,
            Ok(_) | Err(_) => {
                self.stream = None;
                self.served = false;
            }
        }
        outcome.map_err(|why| Broken {
            why,
            silent: self.buffer.is_empty(),
        })
    }

    async fn send_and_read(&mut self, request: &[u8]) -> Result<Answer, String> {
        self.buffer.clear();
        self.open().await?;
        let Some(stream) = &mut self.stream else {
            return Err("no connection".to_owned());
        };
        stream
            .write_all(request)
            .await
            .map_err(|error| format!("sending: {error}"))?;
        loop {
            self.buffer.reserve(SPACE / 2);
            let read = stream
                .read_buf(&mut self.buffer)
                .await
                .map_err(|error| format!("reading: {error}"))?;
            if let Some(answer) = response::read(&self.buffer, read == 0)? {
                return Ok(answer);
            }
            if read == 0 {
                return Err("closed without an answer".to_owned());
            }
        }
    }
}
