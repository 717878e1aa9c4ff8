//! Removes mailed tokens that have expired.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why they were not swept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepTokensError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes mailed tokens that have expired, used or not, in batches.
pub struct SweepTokens {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SweepTokens {
    /// Sweeps one batch and says how many it removed.
    ///
    /// # Errors
    /// See [`SweepTokensError`].
    pub async fn run(&self) -> Result<u64, SweepTokensError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let removed = unit.one_time_tokens().sweep(now).await?;
        unit.commit().await?;
        Ok(removed)
    }
}
