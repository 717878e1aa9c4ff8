//! Pending signups, their codes and the counts of wrong guesses, in this process.

mod budgets;
mod codes;
mod entry;
mod state;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::signup::{
    CodePolicy, CodeTry, IssueCode, IssuedCode, Lease, NewPending, PendingEntry, PendingSignups,
    Replaced, TriedCode,
};
use kogents_domain::time::Timestamp;

use state::State;

/// The [`PendingSignups`] of this process.
///
/// Growth: at most `capacity` signups, of 4 KiB on average, and `capacity` addresses with wrong
/// guesses, of which none gives way before its end. A further signup, or a guess at the code of a further address that
/// could not be counted, is answered by [`CacheError::Full`].
pub struct MemoryPendingSignups(Mutex<State>);

impl MemoryPendingSignups {
    /// An empty cache.
    #[must_use]
    pub fn new(policy: CodePolicy, capacity: usize) -> Self {
        Self(Mutex::new(State::new(policy, capacity)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PendingSignups for MemoryPendingSignups {
    async fn create(&self, new: NewPending, now: Timestamp) -> Result<(), CacheError> {
        self.state().create(new, now)
    }

    async fn load(&self, key: Digest, now: Timestamp) -> Result<Option<PendingEntry>, CacheError> {
        Ok(self.state().load(&key, now))
    }

    async fn set_workspace(
        &self,
        key: Digest,
        version: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Replaced, CacheError> {
        Ok(self.state().set_workspace(&key, version, sealed, now))
    }

    async fn issue_code(&self, issue: IssueCode) -> Result<IssuedCode, CacheError> {
        Ok(self.state().issue_code(&issue))
    }

    async fn withdraw_code(&self, issued: IssueCode) -> Result<(), CacheError> {
        self.state().withdraw_code(&issued);
        Ok(())
    }

    async fn try_code(&self, attempt: CodeTry) -> Result<TriedCode, CacheError> {
        self.state().try_code(&attempt)
    }

    async fn release(&self, key: Digest, lease: Lease) -> Result<(), CacheError> {
        self.state().release(&key, lease);
        Ok(())
    }

    async fn fail(&self, key: Digest, lease: Lease, now: Timestamp) -> Result<u32, CacheError> {
        Ok(self.state().fail(&key, lease, now))
    }

    async fn finish(&self, key: Digest) -> Result<(), CacheError> {
        self.state().finish(&key);
        Ok(())
    }

    async fn forget_guesses(&self, address: Digest) -> Result<(), CacheError> {
        self.state().forget_guesses(&address);
        Ok(())
    }
}
