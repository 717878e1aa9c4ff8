//! Keeps what the HTTP parser would panic at from reaching it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest name of a header that the parser's library can hold, in octets. It takes a longer
/// one for impossible, and the connection's task dies without an answer.
const LONGEST_NAME: usize = 65_535;

/// A connection on which too long a name ends in a NUL, which the parser refuses with a bare 400
/// wherever it stands in a head. A body is no longer than such a name, and none that consists of
/// its characters alone is JSON.
#[derive(Debug)]
pub(crate) struct GuardedStream<T> {
    stream: T,
    /// How many of the last octets could all belong to one name.
    run: usize,
}

impl<T> GuardedStream<T> {
    pub(crate) const fn new(stream: T) -> Self {
        Self { stream, run: 0 }
    }

    fn guard(&mut self, octets: &mut [u8]) {
        if self.run.saturating_add(octets.len()) <= LONGEST_NAME {
            // Too few to be too long: only where a name may go on in the next is of interest.
            let begins = octets.iter().rposition(|octet| !is_of_name(*octet));
            self.run = match begins {
                Some(at) => octets.len().saturating_sub(at.saturating_add(1)),
                None => self.run.saturating_add(octets.len()),
            };
            return;
        }
        for octet in octets {
            if is_of_name(*octet) {
                self.run += 1;
                if self.run > LONGEST_NAME {
                    *octet = 0;
                    self.run = 0;
                }
            } else {
                self.run = 0;
            }
        }
    }
}

/// Whether a header's name may contain an octet (RFC 9110 section 5.6.2, "tchar").
const fn is_of_name(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(
            octet,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

impl<T: AsyncRead + Unpin> AsyncRead for GuardedStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let new = buffer.filled_mut().get_mut(before..).unwrap_or_default();
        self.guard(new);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for GuardedStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt as _;

    async fn read(sent: &[u8]) -> Vec<u8> {
        let mut received = Vec::new();
        let mut stream = GuardedStream::new(sent);
        stream.read_to_end(&mut received).await.unwrap();
        received
    }

    #[tokio::test]
    async fn the_longest_name_passes_and_a_longer_one_ends_in_a_nul() {
        let fitting = format!("GET / HTTP/1.1\r\n{}: x\r\n", "n".repeat(LONGEST_NAME));
        assert_eq!(read(fitting.as_bytes()).await, fitting.as_bytes());
        let longer = format!("GET / HTTP/1.1\r\n{}: x\r\n", "n".repeat(LONGEST_NAME + 1));
        let received = read(longer.as_bytes()).await;
        assert_eq!(received.len(), longer.len());
        let at = received.iter().position(|octet| *octet == 0).unwrap();
        assert_eq!(received[at + 1], b':');
    }

    #[tokio::test]
    async fn whatever_is_not_of_a_name_begins_the_count_anew() {
        let half = "x".repeat(LONGEST_NAME / 2 + 1);
        let sent = format!("{half}: {half} {half}\r\n{half}\"{half}");
        assert_eq!(read(sent.as_bytes()).await, sent.as_bytes());
    }
}
