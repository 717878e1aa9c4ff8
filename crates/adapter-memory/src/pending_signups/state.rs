//! What is kept, and the steps on signups themselves.

use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::signup::{CodePolicy, Lease, NewPending, PendingEntry, Replaced};
use kogents_domain::time::Timestamp;

use super::budgets::Budgets;
use super::entry::Signup;
use crate::expiring::ExpiringMap;

/// How large a signup may be on average before there is no room for further ones. Ordinary ones
/// have about 1 KiB; with every analytics field at its longest one has some 27 KiB.
const OCTETS_PER_SIGNUP: usize = 4_096;

/// Everything under the lock.
pub(super) struct State {
    pub(super) policy: CodePolicy,
    pub(super) signups: ExpiringMap<Digest, Signup>,
    pub(super) budgets: Budgets,
    last_lease: u64,
}

impl State {
    pub(super) fn new(policy: CodePolicy, capacity: usize) -> Self {
        Self {
            policy,
            signups: ExpiringMap::with_most_weight(
                capacity,
                capacity.saturating_mul(OCTETS_PER_SIGNUP),
            ),
            budgets: Budgets::new(policy.address_budgets, capacity),
            last_lease: 0,
        }
    }

    pub(super) fn create(&mut self, new: NewPending, now: Timestamp) -> Result<(), CacheError> {
        let (key, expires_at, octets) = (new.key, new.expires_at, new.sealed.len());
        self.signups
            .insert(key, Signup::new(new), expires_at, now)
            .map_err(|_| CacheError::Full)?;
        self.signups.weigh(&key, octets);
        Ok(())
    }

    pub(super) fn load(&self, key: &Digest, now: Timestamp) -> Option<PendingEntry> {
        self.signups.get(key, now).map(Signup::entry)
    }

    pub(super) fn set_workspace(
        &mut self,
        key: &Digest,
        version: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Replaced {
        let Some(signup) = self.signups.get_mut(key, now) else {
            return Replaced::Gone;
        };
        if signup.leased_until(now).is_some() {
            return Replaced::Leased;
        }
        if signup.version() != version {
            return Replaced::Moved;
        }
        let octets = sealed.len();
        signup.replace(sealed);
        let code_was_sent = signup.code_was_sent();
        self.signups.weigh(key, octets);
        Replaced::Done { code_was_sent }
    }

    pub(super) fn release(&mut self, key: &Digest, lease: Lease) {
        if let Some(signup) = self.signups.get_mut_at_any_time(key) {
            signup.take_lease_back(lease);
        }
    }

    pub(super) fn forget_guesses(&mut self, address: &Digest) {
        self.budgets.forget(address);
    }

    pub(super) fn finish(&mut self, key: &Digest) {
        self.signups.remove(key);
    }

    pub(super) const fn next_lease(&mut self) -> Lease {
        self.last_lease = self.last_lease.saturating_add(1);
        Lease(self.last_lease)
    }
}
