//! What the conversation runs over: a plain connection, or one that is protected already.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// In place of a greeting, which a server does not repeat after STARTTLS (RFC 3207 section 4.2) and
/// which the library waits for.
const AFTER_STARTTLS: &[u8] = b"220 protected\r\n";

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Wire {
    /// What is read before anything that the server says.
    first: &'static [u8],
    stream: Stream,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Protected(Box<TlsStream<TcpStream>>),
}

impl Wire {
    /// Without TLS.
    pub(super) const fn plain(stream: TcpStream) -> Self {
        Self {
            first: &[],
            stream: Stream::Plain(stream),
        }
    }

    /// Protected from the first octet.
    pub(super) fn implicit(stream: TlsStream<TcpStream>) -> Self {
        Self {
            first: &[],
            stream: Stream::Protected(Box::new(stream)),
        }
    }

    /// Protected after STARTTLS.
    pub(super) fn upgraded(stream: TlsStream<TcpStream>) -> Self {
        Self {
            first: AFTER_STARTTLS,
            stream: Stream::Protected(Box::new(stream)),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.stream {
            Stream::Plain(stream) => stream.peer_addr(),
            Stream::Protected(stream) => stream.get_ref().0.peer_addr(),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let fits = self.first.len().min(buffer.remaining());
            let (now, later) = self.first.split_at_checked(fits).unwrap_or_default();
            buffer.put_slice(now);
            self.first = later;
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Protected(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, octets),
            Stream::Protected(stream) => Pin::new(stream).poll_write(context, octets),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Protected(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Protected(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
