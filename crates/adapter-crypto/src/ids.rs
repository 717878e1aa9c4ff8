//! Ids: UUIDv7 from the system's clock and random source.

use kogents_domain::ids::IdGenerator;
use uuid::Uuid;

/// UUIDv7 (RFC 9562) with a counter, so that every id of this process is later than all before
/// it, also within one millisecond and when the clock is set back.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdGenerator for SystemIds {
    fn next(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "this is the id generator")]
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_rise() {
        let ids: Vec<Uuid> = (0..10_000).map(|_| SystemIds.next()).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn ids_of_many_threads_are_distinct() {
        let threads: Vec<_> = (0..8)
            .map(|_| std::thread::spawn(|| (0..2_000).map(|_| SystemIds.next()).collect()))
            .collect();
        let mut all: Vec<Uuid> = threads
            .into_iter()
            .flat_map(|thread| -> Vec<Uuid> { thread.join().unwrap() })
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 16_000);
    }
}
