//! Wrong guesses per address, over all its signups.

use std::cmp::Reverse;

use kogents_domain::digest::Digest;
use kogents_domain::limits::Limit;
use kogents_domain::signup::GuessBudgets;
use kogents_domain::time::Timestamp;

use crate::expiring::ExpiringMap;

/// Counts wrong guesses. What a budget counts of an address ends with its window, which opens at
/// the first one.
pub(super) struct Budgets {
    budgets: GuessBudgets,
    /// A count for each budget, in their order; there until the last of them has ended.
    kept: ExpiringMap<Digest, Vec<Count>>,
}

/// What one budget counts of one address.
#[derive(Clone, Copy)]
struct Count {
    wrong: u32,
    ends_at: Timestamp,
}

impl Count {
    /// The first wrong guess opens the window.
    const fn first(budget: Limit, now: Timestamp) -> Self {
        Self {
            wrong: 1,
            ends_at: now.plus(budget.window()),
        }
    }
}

impl Budgets {
    pub(super) fn new(budgets: GuessBudgets, capacity: usize) -> Self {
        Self {
            budgets,
            kept: ExpiringMap::new(capacity),
        }
    }

    /// Every budget, with what it counts of the address while its window is open.
    fn counts(
        &self,
        address: &Digest,
        now: Timestamp,
    ) -> impl Iterator<Item = (Limit, Option<Count>)> {
        let mut kept = self.kept.get(address, now).into_iter().flatten();
        self.budgets.iter().map(move |budget| {
            let count = kept.next().copied();
            (budget, count.filter(|count| now < count.ends_at))
        })
    }

    /// Wrong guesses that the address has left.
    pub(super) fn left(&self, address: &Digest, now: Timestamp) -> u32 {
        self.counts(address, now)
            .map(|(budget, count)| {
                let wrong = count.map_or(0, |count| count.wrong);
                budget.quota().saturating_sub(wrong)
            })
            .min()
            .unwrap_or(0)
    }

    /// Until when the address is locked, and by which budget, if it is.
    pub(super) fn locked_until(
        &self,
        address: &Digest,
        now: Timestamp,
    ) -> Option<(Timestamp, Limit)> {
        self.counts(address, now)
            .filter_map(|(budget, count)| {
                let count = count.filter(|count| count.wrong >= budget.quota())?;
                Some((count.ends_at, budget))
            })
            // Of several that end at one moment the first is told, as every adapter does.
            .min_by_key(|(ends_at, _)| Reverse(*ends_at))
    }

    /// Forgets what is counted of an address.
    pub(super) fn forget(&mut self, address: &Digest) {
        self.kept.remove(address);
    }

    /// Whether a wrong guess of the address could be counted.
    pub(super) fn can_count(&mut self, address: &Digest, now: Timestamp) -> bool {
        self.kept.get(address, now).is_some() || self.kept.has_room(now)
    }

    /// Counts a wrong guess. Callers ask [`can_count`](Self::can_count) before they compare a
    /// code. Between that and a right code's failed commit others may have filled the map; such
    /// a guess is counted beyond the bound, which leases bound in turn: one a signup.
    pub(super) fn count(&mut self, address: &Digest, now: Timestamp) {
        let counted: Vec<Count> = self
            .counts(address, now)
            .map(|(budget, count)| match count {
                Some(count) => Count {
                    wrong: count.wrong.saturating_add(1),
                    ..count
                },
                None => Count::first(budget, now),
            })
            .collect();
        if let Some(ends_at) = counted.iter().map(|count| count.ends_at).max() {
            self.kept
                .insert_beyond_the_bound(*address, counted, ends_at);
        }
    }
}
