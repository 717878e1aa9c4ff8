//! Lists mail jobs for an operator.

use std::sync::Arc;

use kogents_domain::ids::MailId;
use kogents_domain::mail::{MailEntry, MailFilter};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::{Scope, Store, StoreError};

/// Which jobs to list.
#[derive(Debug, Clone, Copy)]
pub struct ListMailCommand {
    /// Of these.
    pub filter: MailFilter,
    /// At most so many.
    pub limit: PageLimit,
    /// From after this one on.
    pub after: Option<MailId>,
}

/// Why nothing was listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListMailError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists jobs, newest first.
pub struct ListMail {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListMail {
    /// A page of them.
    ///
    /// # Errors
    /// See [`ListMailError`].
    pub async fn run(
        &self,
        command: ListMailCommand,
    ) -> Result<Page<MailEntry, MailId>, ListMailError> {
        let mut unit = self.store.read(Scope::System).await?;
        let ListMailCommand {
            filter,
            limit,
            after,
        } = command;
        Ok(unit
            .outbox_administration()
            .list(filter, limit, after)
            .await?)
    }
}
