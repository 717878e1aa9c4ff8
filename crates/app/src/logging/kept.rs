//! A log that a test reads.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;

use super::subscriber;
use crate::config::{Log, LogFormat};

/// Keeps what is written.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    /// Keeps, as text, the warnings that this thread logs for as long as the guard is held.
    pub(crate) fn warnings() -> (Self, DefaultGuard) {
        let log = Log {
            filter: "warn".to_owned(),
            format: LogFormat::Text,
        };
        let kept = Self::default();
        let writer = kept.clone();
        let subscriber = subscriber(&log, false, move || writer.clone());
        (kept, tracing::subscriber::set_default(subscriber))
    }

    /// What was written so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Kept {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
