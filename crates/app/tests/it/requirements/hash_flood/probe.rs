//! Looks at `/health/live` all the time, from a thread of its own, and remembers how long it took.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const REQUEST: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const PAUSE: Duration = Duration::from_millis(10);

/// Looks until it is finished.
pub(super) struct Probe {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Duration>>,
}

impl Probe {
    /// Begins to look. Each time it connects anew, as what watches a server does.
    pub(super) fn start(address: &str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (address, stop) = (address.to_owned(), over.clone());
        let thread = std::thread::spawn(move || {
            let mut times = Vec::new();
            while !stop.load(Ordering::Acquire) {
                times.push(look(&address));
                std::thread::sleep(PAUSE);
            }
            times
        });
        Self { over, thread }
    }

    /// Ends it.
    pub(super) fn finish(self) -> Times {
        self.over.store(true, Ordering::Release);
        let mut times = self.thread.join().unwrap();
        times.sort_unstable();
        Times(times)
    }
}

fn look(address: &str) -> Duration {
    let begun = Instant::now();
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(REQUEST).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    begun.elapsed()
}

/// How long each look took, the shortest first.
pub(super) struct Times(Vec<Duration>);

impl Times {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// What so many of a hundred stay at or below.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0[rank - 1]
    }
}
