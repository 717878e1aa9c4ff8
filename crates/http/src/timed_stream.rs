//! Ends a connection whose client leaves a head, or an answer, half-way.

mod pace;

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use pace::Pace;
pub(crate) use pace::StreamLimits;

/// A connection with limits that the HTTP library lacks: it times the first head of a connection
/// only, and waits for ever for a client that does not read.
///
/// Where a limit passes, reading comes to its end, as if the client had closed its side, or writing
/// fails; either way the library closes the connection.
#[derive(Debug)]
pub(crate) struct TimedStream<T> {
    stream: T,
    pace: Pace,
    waiting: Pin<Box<Sleep>>,
    /// Present while what is written has to wait for the client.
    writing: Option<Pin<Box<Sleep>>>,
    has_ended: bool,
}

impl<T> TimedStream<T> {
    pub(crate) fn new(stream: T, limits: StreamLimits) -> Self {
        let pace = Pace::new(limits, Instant::now());
        Self {
            stream,
            waiting: Box::pin(sleep_until(pace.late_at())),
            pace,
            writing: None,
            has_ended: false,
        }
    }

    /// Whether the client has been waited for long enough.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let until = self.pace.late_at();
        // Every request moves the moment further away; the timer is set anew only when it is over.
        if until < self.waiting.deadline() {
            self.waiting.as_mut().reset(until);
        }
        while self.waiting.as_mut().poll(cx).is_ready() {
            if self.waiting.deadline() >= until {
                return true;
            }
            self.waiting.as_mut().reset(until);
        }
        false
    }

    /// What came of writing these octets.
    fn after_write(
        &mut self,
        cx: &mut Context<'_>,
        octets: &[u8],
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(count)) => {
                if count > 0 {
                    self.writing = None;
                    self.pace.sent(octets, Instant::now());
                }
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let limit = self.pace.limits().answer;
                let writing = self
                    .writing
                    .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + limit)));
                match writing.as_mut().poll(cx) {
                    Poll::Ready(()) => {
                        tracing::debug!("a client does not read its answer; its connection ends");
                        Poll::Ready(Err(ErrorKind::TimedOut.into()))
                    }
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for TimedStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.has_ended {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                let octets = buffer.filled().get(before..).unwrap_or_default();
                self.pace.received(octets, Instant::now());
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending if self.is_late(cx) => {
                tracing::debug!("a client sends nothing more; its connection ends");
                self.has_ended = true;
                Poll::Ready(Ok(()))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for TimedStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, octets);
        self.after_write(cx, octets, written)
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
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        let first = slices.first().map_or(&[][..], |slice| &**slice);
        self.after_write(cx, first, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests;
