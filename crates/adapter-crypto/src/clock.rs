//! The system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use kogents_domain::time::{Clock, Timestamp};

/// The time of the operating system, in whole milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let now = SystemTime::now();
        // A clock before 1970 counts as 1970: nothing the product keeps is older.
        let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_in_this_century() {
        let now = SystemClock.now().as_millis();
        assert!(now > 1_700_000_000_000, "{now}");
        assert!(now < 4_100_000_000_000, "{now}");
    }
}
