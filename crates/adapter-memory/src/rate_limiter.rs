//! The counters of rate limits, in this process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::UserId;
use kogents_domain::limits::{
    Charge, Level, LimitRule, LimitStanding, LimitSubject, RateLimiter, Taken,
};
use kogents_domain::time::Timestamp;

use crate::expiring::ExpiringMap;

/// The [`RateLimiter`] of this process. Clones count together.
///
/// Growth: at most `capacity` counters of some 200 octets; the one that would be empty soonest,
/// which is the one that limits least, gives way.
#[derive(Clone)]
pub struct MemoryRateLimiter(Arc<Mutex<Counters>>);

/// One limit of one rule, for one subject.
type CounterKey = (LimitRule, LimitSubject, usize);

struct Counters(ExpiringMap<CounterKey, Level>);

impl MemoryRateLimiter {
    /// Empty counters, at most `capacity` of them.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(Counters(ExpiringMap::new(capacity)))))
    }

    fn counters(&self) -> MutexGuard<'_, Counters> {
        // Nothing under the lock panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`RateLimiter::take`], without a cache that could fail.
    pub(crate) fn take_now(&self, charges: &[Charge], now: Timestamp) -> Taken {
        self.counters().take(charges, now)
    }
}

impl Counters {
    /// The keys of a charge's counters.
    fn keys(charge: &Charge) -> impl Iterator<Item = CounterKey> {
        (0..charge.limits.len()).map(|at| (charge.rule, charge.subject, at))
    }

    fn levels(&self, charge: &Charge, now: Timestamp) -> Vec<Option<Level>> {
        Self::keys(charge)
            .map(|key| self.0.get(&key, now).copied())
            .collect()
    }

    fn standings(&self, charges: &[Charge], now: Timestamp) -> Vec<LimitStanding> {
        let stand = |charge: &Charge| charge.standings(self.levels(charge, now), now);
        charges.iter().flat_map(stand).collect()
    }

    fn look(&self, charges: &[Charge], now: Timestamp) -> Taken {
        let wait = |charge: &Charge| charge.wait(self.levels(charge, now), now);
        Taken {
            refused_for: charges.iter().filter_map(wait).max(),
            standings: self.standings(charges, now),
        }
    }

    fn take(&mut self, charges: &[Charge], now: Timestamp) -> Taken {
        let looked = self.look(charges, now);
        if looked.refused_for.is_some() {
            return looked;
        }
        for charge in charges {
            for (key, limit) in Self::keys(charge).zip(charge.limits.iter()) {
                let level = self.0.get(&key, now).copied();
                if let Some(level) = limit.take(level, now) {
                    self.0.insert_evicting(key, level, level.ends_at(), now);
                }
            }
        }
        Taken {
            refused_for: None,
            standings: self.standings(charges, now),
        }
    }

    fn give_back(&mut self, charge: &Charge, now: Timestamp) {
        for (key, limit) in Self::keys(charge).zip(charge.limits.iter()) {
            let level = self.0.get(&key, now).copied();
            match limit.give_back(level, now) {
                Some(level) => self.0.insert_evicting(key, level, level.ends_at(), now),
                None => self.0.remove(&key),
            }
        }
    }

    fn clear(&mut self, charge: &Charge) {
        for key in Self::keys(charge) {
            self.0.remove(&key);
        }
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        Ok(self.take_now(charges, now))
    }

    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        Ok(self.counters().look(charges, now))
    }

    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError> {
        let mut counters = self.counters();
        for charge in given_back {
            counters.give_back(charge, now);
        }
        for charge in cleared {
            counters.clear(charge);
        }
        let mut standings = counters.standings(given_back, now);
        standings.extend(counters.standings(cleared, now));
        Ok(standings)
    }

    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError> {
        self.counters()
            .0
            .remove_if(|(_, subject, _)| match subject {
                LimitSubject::Mailbox(digest) | LimitSubject::MailboxFrom(digest, _) => {
                    *digest == mailbox
                }
                LimitSubject::Person(id) => *id == person,
                LimitSubject::Client(_)
                | LimitSubject::Signup(_)
                | LimitSubject::Session(_)
                | LimitSubject::ApiToken(_) => false,
            });
        Ok(())
    }
}
