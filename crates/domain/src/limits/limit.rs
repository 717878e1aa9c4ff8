//! One limit, and the arithmetic of its counter.

use crate::time::{Span, Timestamp};

/// At most `quota` at once, and no more than `quota` in every `window` from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit {
    quota: u32,
    window: Span,
}

/// How full a counter is: the moment, in microseconds since the Unix epoch, at which it is empty
/// again if nothing more is taken. An empty counter is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(i64);

impl Level {
    /// From its microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Its microseconds.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The first whole millisecond at which it counts no more.
    #[must_use]
    pub const fn ends_at(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_add(999).div_euclid(1_000))
    }
}

/// A moment in microseconds.
const fn micros(moment: Timestamp) -> i64 {
    moment.as_millis().saturating_mul(1_000)
}

/// How long it is until a later moment in microseconds, rounded up to milliseconds.
const fn until(later: i64, now: Timestamp) -> Span {
    let gap = later.saturating_sub(micros(now));
    Span::from_millis(gap.saturating_add(999).div_euclid(1_000))
}

impl Limit {
    /// A limit; a quota or window below one counts as one.
    #[must_use]
    pub const fn new(quota: u32, window: Span) -> Self {
        Self {
            quota: if quota == 0 { 1 } else { quota },
            window: if window.as_millis() < 1 {
                Span::from_millis(1)
            } else {
                window
            },
        }
    }

    /// How many at once.
    #[must_use]
    pub const fn quota(&self) -> u32 {
        self.quota
    }

    /// In how long that many come back.
    #[must_use]
    pub const fn window(&self) -> Span {
        self.window
    }

    /// Half of the quota, rounded up, in the same window.
    #[must_use]
    pub const fn halved(&self) -> Self {
        Self::new(self.quota.div_ceil(2), self.window)
    }

    /// What one costs, in microseconds: rounded up, so that rounding grants nothing.
    #[must_use]
    pub fn interval_micros(&self) -> i64 {
        let quota = i64::from(self.quota);
        let window = self.window.as_millis().saturating_mul(1_000);
        // The quota is at least 1, and both are positive.
        window.saturating_add(quota - 1).div_euclid(quota)
    }

    /// What a full counter holds, in microseconds.
    #[must_use]
    pub fn depth_micros(&self) -> i64 {
        self.interval_micros().saturating_mul(i64::from(self.quota))
    }

    /// The level after taking one; None when there is none left.
    #[must_use]
    pub fn take(&self, level: Option<Level>, now: Timestamp) -> Option<Level> {
        let next = self
            .present(level, now)
            .saturating_add(self.interval_micros());
        (next.saturating_sub(micros(now)) <= self.depth_micros()).then_some(Level(next))
    }

    /// The level after giving one back; None when nothing is left to count.
    #[must_use]
    pub fn give_back(&self, level: Option<Level>, now: Timestamp) -> Option<Level> {
        let before = self
            .present(level, now)
            .saturating_sub(self.interval_micros());
        (before > micros(now)).then_some(Level(before))
    }

    /// How many can be taken at a level.
    #[must_use]
    pub fn remaining(&self, level: Option<Level>, now: Timestamp) -> u32 {
        let held = self.present(level, now).saturating_sub(micros(now));
        let free = self.depth_micros().saturating_sub(held);
        u32::try_from(free.div_euclid(self.interval_micros()))
            .unwrap_or(0)
            .min(self.quota)
    }

    /// How long it is until one can be taken; nothing when one can be now.
    #[must_use]
    pub fn wait(&self, level: Option<Level>, now: Timestamp) -> Span {
        let next = self
            .present(level, now)
            .saturating_add(self.interval_micros());
        let wait = until(next.saturating_sub(self.depth_micros()), now);
        wait.max(Span::from_millis(0))
    }

    /// How long it is until the whole quota is there again.
    #[must_use]
    pub fn reset(&self, level: Option<Level>, now: Timestamp) -> Span {
        until(self.present(level, now), now)
    }

    fn present(&self, level: Option<Level>, now: Timestamp) -> i64 {
        level.map_or(i64::MIN, Level::as_micros).max(micros(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE_IN_A_QUARTER: Limit = Limit::new(5, Span::from_secs(900));

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + secs * 1_000)
    }

    /// Takes until nothing is left.
    fn drain(limit: Limit, now: Timestamp) -> (u32, Option<Level>) {
        let (mut taken, mut level) = (0, None);
        while let Some(next) = limit.take(level, now) {
            level = Some(next);
            taken += 1;
        }
        (taken, level)
    }

    #[test]
    fn s24_a_burst_within_one_millisecond_takes_the_quota_and_no_more() {
        for limit in [
            FIVE_IN_A_QUARTER,
            Limit::new(1, Span::from_secs(60)),
            Limit::new(7, Span::from_millis(1)),
            Limit::new(600, Span::from_secs(60)),
            Limit::new(100_000, Span::from_secs(1)),
            Limit::new(99_999, Span::from_secs(2_592_000)),
        ] {
            let (taken, level) = drain(limit, at(0));
            assert_eq!(taken, limit.quota(), "{limit:?}");
            assert_eq!(limit.remaining(level, at(0)), 0, "{limit:?}");
        }
    }

    #[test]
    fn s24_the_wait_is_exact() {
        let limit = FIVE_IN_A_QUARTER;
        let (_, level) = drain(limit, at(0));
        let wait = limit.wait(level, at(0));
        assert_eq!(wait, Span::from_secs(180));
        let just_before = at(0).plus(wait).minus(Span::from_millis(1));
        assert_eq!(limit.take(level, just_before), None);
        let level = limit.take(level, at(0).plus(wait));
        assert!(level.is_some());
        assert_eq!(limit.take(level, at(0).plus(wait)), None);
    }

    #[test]
    fn the_whole_quota_is_back_after_the_window() {
        let limit = FIVE_IN_A_QUARTER;
        let (_, level) = drain(limit, at(0));
        assert_eq!(limit.reset(level, at(0)), Span::from_secs(900));
        assert_eq!(limit.remaining(level, at(899)), 4);
        assert_eq!(limit.remaining(level, at(900)), 5);
        assert_eq!(limit.reset(level, at(900)), Span::from_secs(0));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let limit = FIVE_IN_A_QUARTER;
        let (_, level) = drain(limit, at(0));
        let level = limit.give_back(level, at(0));
        assert_eq!(limit.remaining(level, at(0)), 1);
        assert_eq!(limit.wait(level, at(0)), Span::from_millis(0));
        let one = limit.take(None, at(0));
        assert_eq!(limit.give_back(one, at(0)), None);
        assert_eq!(limit.give_back(None, at(0)), None);
    }

    #[test]
    fn a_clock_that_lags_grants_nothing_more() {
        let limit = FIVE_IN_A_QUARTER;
        let (_, level) = drain(limit, at(0));
        assert_eq!(limit.take(level, at(-5)), None);
        assert_eq!(limit.remaining(level, at(-5)), 0);
    }

    #[test]
    fn half_of_a_quota_is_at_least_one() {
        assert_eq!(FIVE_IN_A_QUARTER.halved().quota(), 3);
        assert_eq!(Limit::new(1, Span::from_secs(1)).halved().quota(), 1);
        assert_eq!(Limit::new(0, Span::from_secs(0)).quota(), 1);
    }
}
