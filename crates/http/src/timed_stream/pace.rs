//! By when a client has to send something, by what it has sent and been sent so far.

use std::time::Duration;

use memchr::memmem;
use tokio::time::Instant;

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StreamLimits {
    /// To send a head, from its first octet on.
    pub(crate) head: Duration,
    /// To take anything of an answer that waits to be sent.
    pub(crate) answer: Duration,
    /// Until anything at all is sent or taken.
    pub(crate) idle: Duration,
}

/// How far a client is.
#[derive(Debug)]
pub(super) struct Pace {
    limits: StreamLimits,
    head: Head,
    idle_until: Instant,
}

/// How far the next request's head is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Nothing has come.
    Awaited,
    /// It began, and has to end in an empty line by then.
    Coming { by: Instant, line: Line },
    /// It is whole. What comes is a body, until something is answered.
    Whole,
}

/// What the last line of a head holds so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Nothing, and nothing stood in any before it: empty lines may precede a request.
    Leading,
    /// Nothing.
    Empty,
    /// Something.
    Begun,
}

/// The end of a head.
const END: &[u8] = b"\r\n\r\n";

/// What an answer begins with that is none yet (RFC 9110 section 15.2).
const INTERIM: &[u8] = b"HTTP/1.1 1";

impl Pace {
    pub(super) fn new(limits: StreamLimits, now: Instant) -> Self {
        Self {
            limits,
            head: Head::Awaited,
            idle_until: now + limits.idle,
        }
    }

    pub(super) const fn limits(&self) -> StreamLimits {
        self.limits
    }

    /// The client sent these.
    pub(super) fn received(&mut self, octets: &[u8], now: Instant) {
        self.idle_until = now + self.limits.idle;
        let begun = Head::Coming {
            by: now + self.limits.head,
            line: Line::Leading,
        };
        if self.head == Head::Awaited && is_whole_head(octets) {
            self.head = Head::Whole;
            return;
        }
        for octet in octets {
            if self.head == Head::Awaited {
                self.head = begun;
            }
            let Head::Coming { by, line } = self.head else {
                return;
            };
            let line = match (octet, line) {
                (b'\n', Line::Empty) => {
                    self.head = Head::Whole;
                    return;
                }
                (b'\n', Line::Begun) => Line::Empty,
                (b'\r', line) | (b'\n', line @ Line::Leading) => line,
                (_, Line::Leading | Line::Empty | Line::Begun) => Line::Begun,
            };
            self.head = Head::Coming { by, line };
        }
    }

    /// The client was sent these.
    pub(super) fn sent(&mut self, octets: &[u8], now: Instant) {
        self.idle_until = now + self.limits.idle;
        if self.head == Head::Whole && !past_interim(octets).is_empty() {
            self.head = Head::Awaited;
        }
    }

    /// When the client has been waited for long enough.
    pub(super) fn late_at(&self) -> Instant {
        match self.head {
            Head::Coming { by, .. } => by.min(self.idle_until),
            Head::Awaited | Head::Whole => self.idle_until,
        }
    }
}

/// Whether these, with nothing before them, hold the whole head of a request as nearly all come: at
/// once, from its first octet to the empty line. Of others nothing is said.
fn is_whole_head(octets: &[u8]) -> bool {
    let starts = octets.first().is_some_and(u8::is_ascii_alphabetic);
    starts && memmem::find(octets, END).is_some()
}

/// What follows interim responses, which end with an empty line each and may be written together with
/// the response itself.
fn past_interim(mut octets: &[u8]) -> &[u8] {
    while octets.starts_with(INTERIM) {
        let end = memmem::find(octets, END);
        octets = end
            .and_then(|at| octets.get(at.saturating_add(END.len())..))
            .unwrap_or_default();
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: StreamLimits = StreamLimits {
        head: Duration::from_secs(10),
        answer: Duration::from_secs(30),
        idle: Duration::from_secs(85),
    };

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn r8_every_head_has_its_time_from_its_first_octet_on() {
        let start = Instant::now();
        let mut pace = Pace::new(LIMITS, start);
        for round in 0..3 {
            let at = start + secs(round * 60);
            pace.received(b"GET / HTTP/1.1\r\nHost", at);
            assert_eq!(pace.late_at(), at + LIMITS.head);
            // It is not given more because it trickles.
            pace.received(b": x\r\n", at + secs(9));
            assert_eq!(pace.late_at(), at + LIMITS.head);
            pace.received(b"\r\n", at + secs(9));
            assert_eq!(pace.late_at(), at + secs(9) + LIMITS.idle);
            pace.sent(b"HTTP/1.1 200 OK\r\n\r\n", at + secs(20));
            assert_eq!(pace.late_at(), at + secs(20) + LIMITS.idle);
        }
    }

    #[test]
    fn r8_empty_lines_are_no_end_of_a_head_that_has_not_begun() {
        let start = Instant::now();
        let mut pace = Pace::new(LIMITS, start);
        pace.received(b"\r\n\r\n\n", start);
        pace.received(b"\r\n\r\n", start + secs(5));
        assert_eq!(pace.late_at(), start + LIMITS.head);
        // A head may do without the returns.
        pace.received(b"GET / HTTP/1.1\n\n", start + secs(6));
        assert_eq!(pace.late_at(), start + secs(6) + LIMITS.idle);
    }

    #[test]
    fn a_body_is_no_head_whatever_it_looks_like() {
        let start = Instant::now();
        let mut pace = Pace::new(LIMITS, start);
        pace.received(b"POST / HTTP/1.1\r\n\r\nGET", start);
        pace.received(b" / HTTP/1.1\r\n", start);
        assert_eq!(pace.late_at(), start + LIMITS.idle);
        pace.sent(b"HTTP/1.1 100 Continue\r\n\r\n", start);
        pace.received(b"{", start);
        assert_eq!(pace.late_at(), start + LIMITS.idle);
        pace.sent(b"HTTP/1.1 200 OK\r\n\r\n", start);
        pace.received(b"P", start);
        assert_eq!(pace.late_at(), start + LIMITS.head);
    }
}
