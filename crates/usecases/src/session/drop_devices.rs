//! Forgets devices that nobody was seen on for long.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

/// Why nothing was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DropDevicesError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Forgets devices that no session was opened on for as long as sessions are kept.
pub struct DropDevices {
    /// The store.
    pub store: Arc<dyn Store>,
    /// How long they are kept.
    pub keep: Span,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DropDevices {
    /// How many devices one unit of work forgets at most.
    pub const BATCH: u32 = 1_000;

    /// Forgets one batch, and says how many devices it was.
    ///
    /// # Errors
    /// See [`DropDevicesError`].
    pub async fn run(&self) -> Result<u64, DropDevicesError> {
        let before = self.clock.now().minus(self.keep);
        let mut unit = self.store.begin(Scope::System).await?;
        let devices = unit
            .devices()
            .drop_unseen_since(before, Self::BATCH)
            .await?;
        unit.commit().await?;
        Ok(devices)
    }
}
