//! Counts how often the mail worker was woken.

use std::sync::atomic::{AtomicUsize, Ordering};

use kogents_domain::mail::OutboxSignal;

/// A signal that counts.
#[derive(Debug, Default)]
pub struct CountingSignal(AtomicUsize);

impl CountingSignal {
    /// How often it was given.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl OutboxSignal for CountingSignal {
    fn wake(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
