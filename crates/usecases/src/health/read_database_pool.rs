//! Tells how many connections the store has, and who waits for them.

use std::sync::Arc;

use kogents_domain::health::{DatabaseInspector, PoolFigures};
use kogents_domain::time::{Clock, Timestamp};

/// The store's connections at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabasePool {
    /// The moment.
    pub at: Timestamp,
    /// The connections.
    pub figures: PoolFigures,
}

/// Tells how many connections the store has. It needs none itself, so it answers while all of them
/// are taken and while the store is away.
pub struct ReadDatabasePool {
    /// The store.
    pub inspector: Arc<dyn DatabaseInspector>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ReadDatabasePool {
    /// Looks.
    #[must_use]
    pub fn run(&self) -> DatabasePool {
        DatabasePool {
            at: self.clock.now(),
            figures: self.inspector.pool(),
        }
    }
}
