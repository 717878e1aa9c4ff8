//! What is counted against an account.

use std::sync::Arc;

use kogents_domain::auth::User;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digester;
use kogents_domain::limits::RateLimiter;
use kogents_domain::signup::PendingSignups;

/// Forgets what is counted against an account: failed sign-ins from whatever client, mailed codes
/// and links, and wrong guesses at codes of its address. What is counted against clients stays.
pub struct AccountCounts {
    /// Counts failures and mails.
    pub limiter: Arc<dyn RateLimiter>,
    /// Counts wrong guesses at codes.
    pub pending: Arc<dyn PendingSignups>,
    /// Makes the digest of the address, to count by.
    pub digester: Arc<dyn Digester>,
}

impl AccountCounts {
    /// Forgets it.
    ///
    /// # Errors
    /// [`CacheError`]: something may be counted still.
    pub async fn forget(&self, user: &User) -> Result<(), CacheError> {
        let address = self.digester.address(&user.email);
        self.limiter.forget(address, user.id).await?;
        self.pending.forget_guesses(address).await
    }
}
