//! What the limits said to one request.

use std::sync::{Arc, Mutex, PoisonError};

use super::LimitStanding;

/// Collects what every limit that one request met has said, for the answer to tell. Clones are
/// the same ledger.
#[derive(Debug, Clone, Default)]
pub struct LimitLedger(Arc<Mutex<Vec<LimitStanding>>>);

impl LimitLedger {
    /// Writes down what a limit says; what the same limit said before gives way.
    pub fn note(&self, standing: LimitStanding) {
        // Nothing under the lock panics half-way through a change.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.iter_mut().find(|old| old.policy == standing.policy) {
            Some(old) => *old = standing,
            None => kept.push(standing),
        }
    }

    /// What was said, in the order in which the limits were met.
    #[must_use]
    pub fn standings(&self) -> Vec<LimitStanding> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn the_last_word_of_each_limit_counts() {
        let ledger = LimitLedger::default();
        let said = |policy, secs| {
            LimitStanding::refusing(policy, 1, Span::from_secs(60), Span::from_secs(secs))
        };
        ledger.note(said("a", 1));
        ledger.clone().note(said("b", 2));
        ledger.note(said("a", 3));
        assert_eq!(ledger.standings(), [said("a", 3), said("b", 2)]);
    }
}
