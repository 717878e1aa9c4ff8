//! Removes invitations that expired long ago.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why they were not swept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepInvitationsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes invitations that expired so long ago that nobody will send them again, in batches.
pub struct SweepInvitations {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SweepInvitations {
    /// Sweeps one batch and says how many it removed.
    ///
    /// # Errors
    /// See [`SweepInvitationsError`].
    pub async fn run(&self) -> Result<u64, SweepInvitationsError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let removed = unit.invitations().sweep(now).await?;
        unit.commit().await?;
        Ok(removed)
    }
}
