//! Ids: UUIDv7 from a clock and a random generator of the process, which the system seeds.

use std::sync::{Arc, Mutex};

use kogents_domain::ids::IdGenerator;
use kogents_domain::time::Clock;
use uuid::{ContextV7, Timestamp, Uuid};

use crate::SystemClock;

/// UUIDv7 (RFC 9562) with a counter, so that every id of this generator is later than all before
/// it, also within one millisecond and when the clock is set back. The clock is the one that
/// everything else goes by: rows are looked for, and dropped, by the moment that their ids carry.
pub struct SystemIds {
    clock: Arc<dyn Clock>,
    context: Mutex<ContextV7>,
}

impl SystemIds {
    /// A generator that goes by a clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            context: Mutex::new(ContextV7::new()),
        }
    }
}

impl Default for SystemIds {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

impl IdGenerator for SystemIds {
    fn next(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let nanos = u32::try_from(millis % 1_000).map_or(0, |millis| millis * 1_000_000);
        Uuid::new_v7(Timestamp::from_unix(&self.context, millis / 1_000, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_rise() {
        let ids = SystemIds::default();
        let ids: Vec<Uuid> = (0..10_000).map(|_| ids.next()).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn ids_of_many_threads_are_distinct() {
        let ids = Arc::new(SystemIds::default());
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let ids = Arc::clone(&ids);
                std::thread::spawn(move || (0..2_000).map(|_| ids.next()).collect())
            })
            .collect();
        let mut all: Vec<Uuid> = threads
            .into_iter()
            .flat_map(|thread| -> Vec<Uuid> { thread.join().unwrap() })
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 16_000);
    }

    struct Standing(i64);

    impl Clock for Standing {
        fn now(&self) -> kogents_domain::time::Timestamp {
            kogents_domain::time::Timestamp::from_millis(self.0)
        }
    }

    #[test]
    fn ids_carry_the_clocks_moment_and_rise_while_it_stands() {
        let moment = 1_767_225_600_123;
        let ids = SystemIds::new(Arc::new(Standing(moment)));
        let ids: Vec<Uuid> = (0..1_000).map(|_| ids.next()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        for id in ids {
            let (secs, nanos) = id.get_timestamp().unwrap().to_unix();
            assert_eq!((secs, nanos / 1_000_000), (1_767_225_600, 123));
        }
    }
}
