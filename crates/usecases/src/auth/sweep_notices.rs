//! Removes notices that every server has heard.

use std::sync::Arc;

use kogents_domain::notice::Notice;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why they were not swept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepNoticesError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes notices that are older than [`Notice::KEPT`], in batches.
pub struct SweepNotices {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SweepNotices {
    /// Sweeps one batch and says how many it removed.
    ///
    /// # Errors
    /// See [`SweepNoticesError`].
    pub async fn run(&self) -> Result<u64, SweepNoticesError> {
        let before = self.clock.now().minus(Notice::KEPT);
        let mut unit = self.store.begin(Scope::System).await?;
        let removed = unit.notices().sweep(before).await?;
        unit.commit().await?;
        Ok(removed)
    }
}
