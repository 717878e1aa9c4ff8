//! Asks how full the mail queue is.

use std::sync::Arc;

use kogents_domain::mail::LaneDepth;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckMailQueueError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks how full each lane is, for figures.
pub struct CheckMailQueue {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CheckMailQueue {
    /// The lanes, the most urgent first.
    ///
    /// # Errors
    /// See [`CheckMailQueueError`].
    pub async fn run(&self) -> Result<Vec<LaneDepth>, CheckMailQueueError> {
        let mut unit = self.store.read(Scope::System).await?;
        let now = self.clock.now();
        Ok(unit.outbox_administration().depths(now).await?)
    }
}
