//! How long many things took, counted in buckets, without a lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Each doubling of time is this many buckets wide: what is told is at most an eighth too long.
const STEPS: usize = 8;
/// The base-two logarithm of that.
const STEP_BITS: u32 = 3;
/// Durations from 2^24 microseconds, some 17 seconds, on are all in the last bucket: queries are
/// given up long before.
const LONGEST_MICROS: u64 = (1 << 24) - 1;
/// Up to 8 microseconds a bucket each, then eight for each of 21 doublings.
const BUCKETS: usize = STEPS * 22;

/// Counts since the start.
///
/// Growth: none; 1.4 KB.
#[derive(Debug)]
pub(super) struct Latencies([AtomicU64; BUCKETS]);

impl Default for Latencies {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Latencies {
    /// Something took so long.
    pub(super) fn count(&self, took: Duration) {
        if let Some(bucket) = self.0.get(bucket_of(took)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The counts of this moment.
    pub(super) fn counts(&self) -> Counts {
        Counts(
            self.0
                .iter()
                .map(|bucket| bucket.load(Ordering::Relaxed))
                .collect(),
        )
    }
}

/// Counts of a moment, or of a time between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counts(Vec<u64>);

impl Counts {
    /// How many there are.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// What came after an earlier moment.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let both = self.0.iter().zip(&earlier.0);
        Self(both.map(|(now, then)| now.saturating_sub(*then)).collect())
    }

    /// What so many in a hundred took at most, never told too short; None when there are none.
    pub(super) fn percentile(&self, percent: u64) -> Option<Duration> {
        let rank = self.total().saturating_mul(percent).div_ceil(100).max(1);
        let mut seen = 0_u64;
        let position = self.0.iter().position(|count| {
            seen = seen.saturating_add(*count);
            seen >= rank
        });
        position.map(end_of)
    }
}

fn bucket_of(took: Duration) -> usize {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let micros = micros.min(LONGEST_MICROS);
    let doublings = micros.max(1).ilog2().saturating_sub(STEP_BITS);
    // Within a doubling, its highest bits say which step; the topmost is always set.
    let step = usize::try_from(micros >> doublings).unwrap_or(STEPS);
    let before = usize::try_from(doublings)
        .unwrap_or(0)
        .saturating_mul(STEPS);
    before.saturating_add(step)
}

/// The longest that is in a bucket.
fn end_of(bucket: usize) -> Duration {
    let doublings = (bucket / STEPS).saturating_sub(1);
    let step = bucket.saturating_sub(doublings.saturating_mul(STEPS));
    let next = u64::try_from(step.saturating_add(1)).unwrap_or(u64::MAX);
    let doublings = u32::try_from(doublings).unwrap_or(0);
    let end = next.checked_shl(doublings).unwrap_or(u64::MAX);
    Duration::from_micros(end.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_is_in_a_bucket_that_ends_at_most_an_eighth_later() {
        let mut last = 0;
        for micros in (0..200_000).chain((200_000..20_000_000).step_by(997)) {
            let bucket = bucket_of(Duration::from_micros(micros));
            assert!(bucket < BUCKETS && bucket >= last, "{micros}: {bucket}");
            last = bucket;
            let end = u64::try_from(end_of(bucket).as_micros()).unwrap();
            if micros > LONGEST_MICROS {
                assert_eq!(end, LONGEST_MICROS);
            } else {
                assert!(
                    end >= micros && end - micros <= micros / 8,
                    "{micros}: {end}"
                );
            }
        }
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_durations() {
        let latencies = Latencies::default();
        assert_eq!(latencies.counts().percentile(50), None);
        for millis in 1..=100 {
            latencies.count(Duration::from_millis(millis));
        }
        let counts = latencies.counts();
        assert_eq!(counts.total(), 100);
        for (percent, millis) in [(50, 50), (95, 95), (99, 99), (100, 100)] {
            let told = counts.percentile(percent).unwrap();
            let true_one = Duration::from_millis(millis);
            assert!(
                told >= true_one && told <= true_one * 9 / 8,
                "{percent}: {told:?}"
            );
        }
    }

    #[test]
    fn what_came_before_a_moment_does_not_count_after_it() {
        let latencies = Latencies::default();
        latencies.count(Duration::from_secs(1));
        let then = latencies.counts();
        latencies.count(Duration::from_millis(1));
        let later = latencies.counts().since(&then);
        assert_eq!(later.total(), 1);
        assert!(later.percentile(100).unwrap() < Duration::from_millis(2));
        assert_eq!(then.since(&then).percentile(99), None);
    }
}
