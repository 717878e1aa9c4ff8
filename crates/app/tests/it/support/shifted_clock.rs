//! The system's clock, moved by as much as a test says.

use std::sync::atomic::{AtomicI64, Ordering};

use kogents_adapter_crypto::SystemClock;
use kogents_domain::time::{Clock, Span, Timestamp};

/// A clock that a test moves.
#[derive(Debug, Default)]
pub(crate) struct ShiftedClock {
    offset_millis: AtomicI64,
}

impl ShiftedClock {
    pub(crate) fn advance(&self, by: Span) {
        self.offset_millis
            .fetch_add(by.as_millis(), Ordering::AcqRel);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let offset = Span::from_millis(self.offset_millis.load(Ordering::Acquire));
        SystemClock.now().plus(offset)
    }
}
