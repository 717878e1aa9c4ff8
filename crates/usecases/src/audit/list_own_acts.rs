//! Lists what a person did.

use std::sync::Arc;

use kogents_domain::audit::{AuditEntry, AuditKey};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::{Scope, Store, StoreError};

use crate::auth::Caller;

/// Whose acts to list.
#[derive(Debug, Clone, Copy)]
pub struct ListOwnActsCommand {
    /// Whose.
    pub caller: Caller,
    /// How many at once.
    pub limit: PageLimit,
    /// After which one.
    pub after: Option<AuditKey>,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListOwnActsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists what the caller did, in whichever workspace or in none.
pub struct ListOwnActs {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListOwnActs {
    /// Lists one page, newest first.
    ///
    /// # Errors
    /// See [`ListOwnActsError`].
    pub async fn run(
        &self,
        command: ListOwnActsCommand,
    ) -> Result<Page<AuditEntry, AuditKey>, ListOwnActsError> {
        let user = command.caller.user_id;
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let page = unit
            .audit()
            .list_of_actor(user, command.limit, command.after)
            .await?;
        Ok(page)
    }
}
