//! When a mail that was not delivered is tried again.

use super::Lane;
use crate::time::{Span, Timestamp};

/// When a job that failed is tried again: twice as long after every try, within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPlan {
    /// The pause after the first try.
    pub first: Span,
    /// The longest pause.
    pub longest: Span,
    /// Tries before the job is given up; None: until it expires.
    pub max_attempts: Option<u32>,
}

impl RetryPlan {
    /// How long after it was queued a job is given up that no server has taken or refused, where
    /// it does not expire sooner (RFC 5321 section 4.5.4.1: at least four or five days).
    pub const PATIENCE: Span = Span::from_secs(5 * 24 * 3_600);

    /// The plan of a lane: codes fast and until they expire, the rest up to an hour apart, 12
    /// tries.
    #[must_use]
    pub const fn of(lane: Lane) -> Self {
        match lane {
            Lane::Code => Self {
                first: Span::from_secs(1),
                longest: Span::from_secs(30),
                max_attempts: None,
            },
            Lane::Security | Lane::Invitation | Lane::Other => Self {
                first: Span::from_secs(5),
                longest: Span::from_secs(3_600),
                max_attempts: Some(12),
            },
        }
    }

    /// How long a lane rests that the server takes nothing of: longer every time, at most half a
    /// minute for codes and a minute for the rest, so that mail flows again soon after the server
    /// does.
    #[must_use]
    pub const fn of_rests(lane: Lane) -> Self {
        Self {
            first: Span::from_secs(1),
            longest: match lane {
                Lane::Code => Span::from_secs(30),
                Lane::Security | Lane::Invitation | Lane::Other => Span::from_secs(60),
            },
            max_attempts: None,
        }
    }

    /// When to try again after `attempts` tries, or None to give up. `jitter` is 0..=1000
    /// thousandths: the pause lies between half and all of the plan's.
    #[must_use]
    pub fn next(&self, attempts: u32, jitter: u32, now: Timestamp) -> Option<Timestamp> {
        if self.max_attempts.is_some_and(|most| attempts >= most) {
            return None;
        }
        Some(now.plus(self.pause(attempts, jitter)))
    }

    /// The pause after so many tries.
    #[must_use]
    pub fn pause(&self, attempts: u32, jitter: u32) -> Span {
        let doublings = attempts.saturating_sub(1).min(20);
        let pause = self
            .first
            .as_millis()
            .saturating_mul(1_i64 << doublings)
            .min(self.longest.as_millis());
        let half = pause / 2;
        let share = half.saturating_mul(i64::from(jitter.min(1_000))) / 1_000;
        Span::from_millis(pause - half + share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_within_bounds() {
        let now = Timestamp::from_millis(0);
        let plan = RetryPlan::of(Lane::Code);
        assert_eq!(
            plan.next(1, 1_000, now),
            Some(Timestamp::from_millis(1_000))
        );
        assert_eq!(plan.next(1, 0, now), Some(Timestamp::from_millis(500)));
        assert_eq!(
            plan.next(3, 1_000, now),
            Some(Timestamp::from_millis(4_000))
        );
        assert_eq!(
            plan.next(60, 1_000, now),
            Some(Timestamp::from_millis(30_000))
        );
        let plan = RetryPlan::of(Lane::Other);
        assert!(plan.next(11, 0, now).is_some());
        assert_eq!(plan.next(12, 0, now), None);
    }
}
