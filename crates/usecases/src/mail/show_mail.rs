//! Shows an operator one mail job.

use std::sync::Arc;

use kogents_domain::ids::MailId;
use kogents_domain::mail::MailEntry;
use kogents_domain::store::{Scope, Store, StoreError};

/// Why nothing is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShowMailError {
    /// There is no job with this id, or no longer.
    #[error("no such mail")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Shows one job: everything but what it says.
pub struct ShowMail {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ShowMail {
    /// The job.
    ///
    /// # Errors
    /// See [`ShowMailError`].
    pub async fn run(&self, id: MailId) -> Result<MailEntry, ShowMailError> {
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit.outbox_administration().find(id).await?;
        found.ok_or(ShowMailError::NotFound)
    }
}
