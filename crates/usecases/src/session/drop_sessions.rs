//! Drops what has been kept long enough.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

/// Why nothing was dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DropSessionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Drops sessions after so long.
pub struct DropSessions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// How long they are kept.
    pub keep: Span,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DropSessions {
    /// How many rows, or months of partitions, one unit of work drops at most.
    pub const BATCH: u32 = 1_000;

    /// Drops one batch, and says how many rows or months of partitions it was.
    ///
    /// # Errors
    /// See [`DropSessionsError`].
    pub async fn run(&self) -> Result<u64, DropSessionsError> {
        let before = self.clock.now().minus(self.keep);
        let mut unit = self.store.begin(Scope::System).await?;
        let upkeep = unit.session_upkeep();
        let sessions = upkeep.drop_opened_before(before, Self::BATCH).await?;
        unit.commit().await?;
        Ok(sessions)
    }
}
