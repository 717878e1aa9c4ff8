//! The system's clock, moved by as much as a test says.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use kogents_adapter_crypto::SystemClock;
use kogents_domain::time::{Clock, Span, Timestamp};

/// A clock that a test moves.
#[derive(Debug, Default)]
pub(crate) struct ShiftedClock {
    /// From the system's time; the time itself while the clock stands.
    offset_millis: AtomicI64,
    stands: AtomicBool,
}

impl ShiftedClock {
    /// One that shows this moment now, and goes on from there.
    pub(crate) fn at(moment: Timestamp) -> Self {
        let offset = moment.since(SystemClock.now()).as_millis();
        Self {
            offset_millis: AtomicI64::new(offset),
            stands: AtomicBool::new(false),
        }
    }

    /// From now on only [`advance`](Self::advance) moves it.
    pub(crate) fn stand(&self) {
        let now = self.now().as_millis();
        self.offset_millis.store(now, Ordering::Release);
        self.stands.store(true, Ordering::Release);
    }

    pub(crate) fn advance(&self, by: Span) {
        self.offset_millis
            .fetch_add(by.as_millis(), Ordering::AcqRel);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let offset = self.offset_millis.load(Ordering::Acquire);
        if self.stands.load(Ordering::Acquire) {
            Timestamp::from_millis(offset)
        } else {
            SystemClock.now().plus(Span::from_millis(offset))
        }
    }
}
