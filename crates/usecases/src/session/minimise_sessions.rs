//! Makes the traces of sessions coarse, some time after they ended.

use std::sync::Arc;

use kogents_domain::session::Traces;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

/// Why nothing was minimised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MinimiseSessionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Minimises sessions that ended some time ago; see [`Traces::minimised`].
pub struct MinimiseSessions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// How long after their end.
    pub after: Span,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl MinimiseSessions {
    /// How many sessions one unit of work minimises at most.
    pub const BATCH: u32 = 1_000;

    /// Minimises one batch and says how many sessions it was.
    ///
    /// # Errors
    /// See [`MinimiseSessionsError`].
    pub async fn run(&self) -> Result<u64, MinimiseSessionsError> {
        let ended_before = self.clock.now().minus(self.after);
        let mut unit = self.store.begin(Scope::System).await?;
        let upkeep = unit.session_upkeep();
        let traces = upkeep.list_traces(ended_before, Self::BATCH).await?;
        if traces.is_empty() {
            return Ok(0);
        }
        let traces: Vec<Traces> = traces.into_iter().map(Traces::minimised).collect();
        upkeep.minimise(&traces).await?;
        unit.commit().await?;
        Ok(u64::try_from(traces.len()).unwrap_or(u64::MAX))
    }
}
