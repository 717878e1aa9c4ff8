//! How a refresh token that was already spent is judged.

use crate::time::{Span, Timestamp};

/// When the latest generations of a session's refresh token were spent: the last entry belongs
/// to the generation before the current one, the one before it to the one before that. Entries
/// older than the grace are dropped by each rotation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpentTokens(Vec<Timestamp>);

/// What presenting a spent token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// Spent a moment ago: a parallel tab, or an answer that got lost. The current token answers.
    WithinGrace,
    /// Spent earlier, and here again: somebody else has a copy.
    Theft,
}

impl SpentTokens {
    /// The most rotations within one grace period. One more has to wait.
    pub const MAX: usize = 32;

    /// The times as a store kept them, oldest first.
    #[must_use]
    pub const fn from_times(times: Vec<Timestamp>) -> Self {
        Self(times)
    }

    /// The times, oldest first.
    #[must_use]
    pub fn times(&self) -> &[Timestamp] {
        &self.0
    }

    /// Judges a token of an earlier generation than the current one.
    #[must_use]
    pub fn judge(&self, current: u32, presented: u32, now: Timestamp, grace: Span) -> Reuse {
        let rotations_ago = usize::try_from(current.saturating_sub(presented)).unwrap_or(0);
        let spent_at = self
            .0
            .len()
            .checked_sub(rotations_ago)
            .filter(|_| rotations_ago >= 1)
            .and_then(|index| self.0.get(index));
        match spent_at {
            Some(at) if now.since(*at) < grace => Reuse::WithinGrace,
            _ => Reuse::Theft,
        }
    }

    /// When a rotation fits again, if as many as allowed lie within the grace; None while one fits.
    #[must_use]
    pub fn full_until(&self, now: Timestamp, grace: Span) -> Option<Timestamp> {
        let recent: Vec<Timestamp> = self
            .0
            .iter()
            .copied()
            .filter(|at| now.since(*at) < grace)
            .collect();
        (recent.len() >= Self::MAX).then(|| recent.first().map_or(now, |at| at.plus(grace)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Span = Span::from_secs(30);

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_millis(secs * 1000)
    }

    #[test]
    fn the_last_entry_is_the_generation_before() {
        let spent = SpentTokens::from_times(vec![at(10), at(35)]);
        assert_eq!(spent.judge(7, 6, at(40), GRACE), Reuse::WithinGrace);
        assert_eq!(spent.judge(7, 5, at(39), GRACE), Reuse::WithinGrace);
        assert_eq!(spent.judge(7, 5, at(40), GRACE), Reuse::Theft);
        assert_eq!(spent.judge(7, 4, at(36), GRACE), Reuse::Theft);
    }

    #[test]
    fn a_full_grace_period_says_when_to_come_back() {
        let full = SpentTokens::from_times((0..32).map(at).collect());
        assert_eq!(full.full_until(at(29), GRACE), Some(at(30)));
        assert_eq!(full.full_until(at(30), GRACE), None);
    }
}
