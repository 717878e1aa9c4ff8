//! Wrong guesses per address, over all its signups.

use kogents_domain::digest::Digest;
use kogents_domain::signup::CodePolicy;
use kogents_domain::time::{Span, Timestamp};

use crate::expiring::ExpiringMap;

/// Counts wrong guesses. An address's count ends with its window, which opens at the first one.
pub(super) struct Budgets {
    most: u32,
    window: Span,
    wrong: ExpiringMap<Digest, u32>,
}

impl Budgets {
    pub(super) fn new(policy: &CodePolicy, capacity: usize) -> Self {
        Self {
            most: policy.address_budget,
            window: policy.address_window,
            wrong: ExpiringMap::new(capacity),
        }
    }

    /// Wrong guesses that the address has left.
    pub(super) fn left(&self, address: &Digest, now: Timestamp) -> u32 {
        let wrong = self.wrong.get(address, now).copied().unwrap_or(0);
        self.most.saturating_sub(wrong)
    }

    /// Until when the address is locked, if it is.
    pub(super) fn locked_until(&self, address: &Digest, now: Timestamp) -> Option<Timestamp> {
        if self.left(address, now) > 0 {
            return None;
        }
        self.wrong.ends_at(address)
    }

    /// Whether a wrong guess of the address could be counted.
    pub(super) fn can_count(&mut self, address: &Digest, now: Timestamp) -> bool {
        self.wrong.get(address, now).is_some() || self.wrong.has_room(now)
    }

    /// Counts a wrong guess. Callers ask [`can_count`](Self::can_count) before they compare a
    /// code. Between that and a right code's failed commit others may have filled the map; such
    /// a guess is counted beyond the bound, which leases bound in turn: one a signup.
    pub(super) fn count(&mut self, address: &Digest, now: Timestamp) {
        if let Some(wrong) = self.wrong.get_mut(address, now) {
            *wrong = wrong.saturating_add(1);
        } else {
            let ends_at = now.plus(self.window);
            self.wrong.insert_beyond_the_bound(*address, 1, ends_at);
        }
    }
}
