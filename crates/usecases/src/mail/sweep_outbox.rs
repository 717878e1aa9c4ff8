//! Removes what the mail queue no longer needs.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

/// Why the queue was not swept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepOutboxError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Drops expired jobs and removes finished ones after 30 days, in batches.
pub struct SweepOutbox {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SweepOutbox {
    /// How long finished jobs are kept, wiped, for operators to see.
    pub const KEEP: Span = Span::from_secs(30 * 24 * 3_600);

    /// Sweeps one batch and says how many rows it touched.
    ///
    /// # Errors
    /// See [`SweepOutboxError`].
    pub async fn run(&self) -> Result<u64, SweepOutboxError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let touched = unit.outbox().sweep(now, now.minus(Self::KEEP)).await?;
        unit.commit().await?;
        Ok(touched)
    }
}
