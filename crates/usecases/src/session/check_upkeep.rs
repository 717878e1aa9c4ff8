//! Tells how far the upkeep of sessions lags behind.

use std::sync::Arc;

use kogents_domain::session::UpkeepLag;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why it is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckUpkeepError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks what waits longest.
pub struct CheckUpkeep {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CheckUpkeep {
    /// Looks.
    ///
    /// # Errors
    /// See [`CheckUpkeepError`].
    pub async fn run(&self) -> Result<UpkeepLag, CheckUpkeepError> {
        let mut unit = self.store.read(Scope::System).await?;
        Ok(unit.session_upkeep().lag(self.clock.now()).await?)
    }
}
