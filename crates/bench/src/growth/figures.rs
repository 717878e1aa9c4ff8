//! What many times of the same come to.

use std::time::Duration;

/// The time that so many of a hundred did not pass, in milliseconds; the nearest that was measured.
pub(super) fn percentile(times: &[Duration], of_hundred: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * of_hundred).div_ceil(100);
    let found = sorted.get(rank.saturating_sub(1));
    found.map_or(0.0, |time| millis(*time))
}

/// In milliseconds.
pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// How much each of so many had of a total.
pub(super) fn each(total: i64, count: usize) -> f64 {
    let exact = |number: u64| u32::try_from(number).map_or(f64::from(u32::MAX), f64::from);
    let total = exact(u64::try_from(total).unwrap_or(0));
    total / exact(u64::try_from(count).unwrap_or(1)).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=300).rev().map(Duration::from_millis).collect();
        assert!((percentile(&times, 50) - 150.0).abs() < 1e-9);
        assert!((percentile(&times, 99) - 297.0).abs() < 1e-9);
        assert!((percentile(&times[..1], 99) - 300.0).abs() < 1e-9);
        assert!(percentile(&[], 50).abs() < 1e-9);
    }

    #[test]
    fn a_total_is_shared() {
        assert!((each(1_500, 300) - 5.0).abs() < 1e-9);
        assert!(each(0, 0).abs() < 1e-9);
    }
}
