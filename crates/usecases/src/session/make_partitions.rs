//! Makes room for the sessions to come.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why no room was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakePartitionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the partitions of this month and the next two ahead, where there are partitions, so that
/// a month that nobody looks after is no harm yet.
pub struct MakePartitions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl MakePartitions {
    /// How many months beside the present one.
    pub const AHEAD: u32 = 2;

    /// Makes what is missing, and says how many that were.
    ///
    /// # Errors
    /// See [`MakePartitionsError`].
    pub async fn run(&self) -> Result<u64, MakePartitionsError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let upkeep = unit.session_upkeep();
        let made = upkeep.make_partitions(now, Self::AHEAD).await?;
        unit.commit().await?;
        Ok(made)
    }
}
