//! Asks the store what it is and how far its tables have come.

use std::sync::Arc;

use kogents_domain::health::{DatabaseDescription, DatabaseInspector};
use kogents_domain::time::{Clock, Timestamp};

use super::Shared;

/// What the store said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseReport {
    /// The moment the report tells of.
    pub at: Timestamp,
    /// How long the store took to answer, or until it was given up, in whole milliseconds.
    pub latency_ms: u64,
    /// What it says of itself; None when it did not answer.
    pub description: Option<DatabaseDescription>,
}

impl DatabaseReport {
    /// Whether it answered and has every table that this program needs.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        let description = self.description.as_ref();
        description.is_some_and(|description| description.migrations.pending == 0)
    }
}

/// Asks the store what it is and how far its tables have come. It cannot fail: a store that does
/// not answer is what is reported. The report is shared for a second.
pub struct InspectDatabase {
    /// The store.
    pub inspector: Arc<dyn DatabaseInspector>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The report that is shared.
    pub last: Shared<DatabaseReport>,
}

impl InspectDatabase {
    /// Asks, or gives the report of a moment ago.
    pub async fn run(&self) -> DatabaseReport {
        self.last.or_ask(self.clock.as_ref(), self.report()).await
    }

    async fn report(&self) -> DatabaseReport {
        let at = self.clock.now();
        let described = self.inspector.describe().await;
        let latency = self.clock.now().since(at).as_millis();
        if let Err(error) = &described {
            tracing::warn!(%error, "the database does not say how it is");
        }
        DatabaseReport {
            at,
            latency_ms: u64::try_from(latency).unwrap_or(0),
            description: described.ok(),
        }
    }
}
