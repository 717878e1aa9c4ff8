//! Tells how this process's queries go, and what the store says of itself.

use std::sync::Arc;

use kogents_domain::health::{DatabaseInspector, QueryFigures, QueryStatistics, StorageFigures};
use kogents_domain::store::StoreError;
use kogents_domain::time::{Clock, Timestamp};

use super::Shared;

/// How the store performs at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabasePerformance {
    /// The moment.
    pub at: Timestamp,
    /// The queries of this process.
    pub queries: QueryFigures,
    /// What the store says.
    pub storage: StorageFigures,
}

/// Why nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadDatabasePerformanceError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tells how this process's queries go, and what the store says of itself. What the store says, or
/// that it says nothing, is shared for a second.
pub struct ReadDatabasePerformance {
    /// The store.
    pub inspector: Arc<dyn DatabaseInspector>,
    /// The queries of this process.
    pub statistics: Arc<dyn QueryStatistics>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The answer that is shared.
    pub last: Shared<Result<StorageFigures, StoreError>>,
}

impl ReadDatabasePerformance {
    /// Asks the store, unless it has answered a moment ago.
    ///
    /// # Errors
    /// See [`ReadDatabasePerformanceError`].
    pub async fn run(&self) -> Result<DatabasePerformance, ReadDatabasePerformanceError> {
        let asking = self.inspector.storage();
        let storage = self.last.or_ask(self.clock.as_ref(), asking).await?;
        Ok(DatabasePerformance {
            at: self.clock.now(),
            queries: self.statistics.figures(),
            storage,
        })
    }
}
