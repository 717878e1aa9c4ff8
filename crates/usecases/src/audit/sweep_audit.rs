//! Removes what the audit log has told for long enough.

use std::sync::Arc;

use kogents_domain::audit::KEPT;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Why nothing was removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepAuditError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweptAudit {
    /// How many entries are gone.
    pub removed: u64,
    /// Whether more may wait.
    pub more: bool,
}

/// Removes entries that are older than [`KEPT`], in batches. The store refuses to lose any that are
/// younger.
pub struct SweepAudit {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SweepAudit {
    /// How many entries one unit of work removes at most.
    pub const BATCH: u32 = 1_000;

    /// Removes one batch.
    ///
    /// # Errors
    /// See [`SweepAuditError`].
    pub async fn run(&self) -> Result<SweptAudit, SweepAuditError> {
        let before = self.clock.now().minus(KEPT);
        let mut unit = self.store.begin(Scope::System).await?;
        let removed = unit.audit().sweep(before, Self::BATCH).await?;
        unit.commit().await?;
        Ok(SweptAudit {
            removed,
            more: removed >= u64::from(Self::BATCH),
        })
    }
}
