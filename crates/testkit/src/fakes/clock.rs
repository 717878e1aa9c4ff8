//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use kogents_domain::time::{Clock, Span, Timestamp};

use crate::builders::START;

/// A clock that a test sets.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows a moment.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_millis()))
    }

    /// Moves the hands to a moment.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }

    /// Moves the hands by a span.
    pub fn advance(&self, by: Span) {
        self.0.fetch_add(by.as_millis(), Ordering::SeqCst);
    }
}

/// Shows [`START`].
impl Default for FixedClock {
    fn default() -> Self {
        Self::at(START)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_when_it_is_told_to() {
        let clock = FixedClock::default();
        assert_eq!(clock.now(), START);
        clock.advance(Span::from_secs(2));
        assert_eq!(clock.now().since(START), Span::from_secs(2));
        clock.set(START);
        assert_eq!(clock.now(), START);
    }
}
