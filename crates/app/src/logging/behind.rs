//! Writes what is logged from a thread of its own, some milliseconds' worth at a time.
//!
//! A line for each request, written by whoever answers it, is a call of the system for each, and one
//! worker that waits for another's to return.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait for others.
const PAUSE: Duration = Duration::from_millis(5);

/// How many octets may wait. Whoever logs more waits until they are written.
const MOST: usize = 256 * 1024;

/// Makes writers that leave the writing to the thread. What warns, and worse, is written at once,
/// after all that was said before.
pub(super) struct Behind<W>(Arc<Shared<W>>);

/// The thread that writes; dropping it writes what waits, and from then on every line is written at
/// once.
#[must_use = "the log is written late only for as long as this is held"]
pub(crate) struct Writing {
    stop: Box<dyn Fn() + Send + Sync>,
    thread: Option<JoinHandle<()>>,
}

struct Shared<W> {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    /// Locked before `waiting`, where both are: so lines stay in the order in which they were said.
    output: Mutex<W>,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    has_ended: bool,
}

impl<W: Write + Send + 'static> Behind<W> {
    /// Starts the thread.
    ///
    /// # Errors
    /// When there can be no further thread.
    pub(super) fn start(output: W) -> io::Result<(Self, Writing)> {
        let shared = Arc::new(Shared {
            waiting: Mutex::default(),
            filled: Condvar::new(),
            output: Mutex::new(output),
        });
        let (writer, ending) = (Arc::clone(&shared), Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writer.write_until_ended())?;
        let writing = Writing {
            stop: Box::new(move || ending.end()),
            thread: Some(thread),
        };
        Ok((Self(shared), writing))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        (self.stop)();
        if let Some(thread) = self.thread.take() {
            // It does not panic, and if it did, nothing would be left to be told.
            let _ = thread.join();
        }
    }
}

impl<W: Write> Shared<W> {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_until_ended(&self) {
        loop {
            {
                let idle = |waiting: &mut Waiting| waiting.lines.is_empty() && !waiting.has_ended;
                let waited = self.filled.wait_while(self.waiting(), idle);
                let waiting = waited.unwrap_or_else(PoisonError::into_inner);
                if waiting.has_ended {
                    break;
                }
            }
            std::thread::sleep(PAUSE);
            self.flush();
        }
        self.flush();
    }

    /// Adds a line; `at_once` says that it is not to wait.
    fn add(&self, line: &[u8], at_once: bool) {
        let (was_empty, is_due) = {
            let mut waiting = self.waiting();
            let was_empty = waiting.lines.is_empty();
            waiting.lines.extend_from_slice(line);
            let is_due = at_once || waiting.has_ended || waiting.lines.len() > MOST;
            (was_empty, is_due)
        };
        if is_due {
            self.flush();
        } else if was_empty {
            self.filled.notify_one();
        }
    }

    /// Writes what waits. That it cannot is said on standard error, if that is left.
    fn flush(&self) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = std::mem::take(&mut self.waiting().lines);
        if let Err(error) = output.write_all(&lines).and_then(|()| output.flush()) {
            let _ = writeln!(io::stderr(), "the log cannot be written: {error}");
        }
    }

    fn end(&self) {
        self.waiting().has_ended = true;
        self.filled.notify_one();
    }
}

impl<'a, W: Write + 'a> MakeWriter<'a> for Behind<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Line<'a, W> {
        Line {
            shared: &self.0,
            at_once: true,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Line<'a, W> {
        Line {
            shared: &self.0,
            at_once: *metadata.level() <= Level::WARN,
        }
    }
}

/// A writer that is handed an event in one piece.
pub(super) struct Line<'a, W> {
    shared: &'a Shared<W>,
    at_once: bool,
}

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.shared.add(event, self.at_once);
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::kept::Kept;
    use super::*;

    fn say(behind: &Behind<Kept>, line: &str, at_once: bool) {
        behind.0.add(line.as_bytes(), at_once);
    }

    #[test]
    fn what_is_said_is_written_soon_and_in_order() {
        let kept = Kept::default();
        let (behind, _writing) = Behind::start(kept.clone()).unwrap();
        say(&behind, "one\n", false);
        say(&behind, "two\n", false);
        let until = std::time::Instant::now() + Duration::from_secs(5);
        while !kept.text().ends_with("two\n") && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(kept.text(), "one\ntwo\n");
    }

    #[test]
    fn what_warns_is_written_at_once_behind_what_was_said_before() {
        let kept = Kept::default();
        let (behind, _writing) = Behind::start(kept.clone()).unwrap();
        say(&behind, "said\n", false);
        say(&behind, "warned\n", true);
        assert_eq!(kept.text(), "said\nwarned\n");
    }

    #[test]
    fn nothing_is_lost_at_the_end_nor_after_it() {
        let kept = Kept::default();
        let (behind, writing) = Behind::start(kept.clone()).unwrap();
        say(&behind, "before\n", false);
        drop(writing);
        assert_eq!(kept.text(), "before\n");
        say(&behind, "after\n", false);
        assert_eq!(kept.text(), "before\nafter\n");
    }

    #[test]
    fn no_more_waits_than_may() {
        let kept = Kept::default();
        let (behind, _writing) = Behind::start(kept.clone()).unwrap();
        let line = "x".repeat(MOST + 1);
        say(&behind, &line, false);
        assert_eq!(kept.text().len(), line.len());
    }
}
