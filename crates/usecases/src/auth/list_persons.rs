//! Lists persons for an operator.

use std::sync::Arc;

use kogents_domain::auth::{User, UserFilter};
use kogents_domain::ids::UserId;
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::{Scope, Store, StoreError};

/// Which persons to list.
#[derive(Debug, Clone)]
pub struct ListPersonsCommand {
    /// Of these.
    pub filter: UserFilter,
    /// At most so many.
    pub limit: PageLimit,
    /// From after this one on.
    pub after: Option<UserId>,
}

/// Why nobody was listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListPersonsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists persons, the newest first.
pub struct ListPersons {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListPersons {
    /// A page of them.
    ///
    /// # Errors
    /// See [`ListPersonsError`].
    pub async fn run(
        &self,
        command: ListPersonsCommand,
    ) -> Result<Page<User, UserId>, ListPersonsError> {
        let mut unit = self.store.read(Scope::System).await?;
        let ListPersonsCommand {
            filter,
            limit,
            after,
        } = command;
        Ok(unit.users().list(&filter, limit, after).await?)
    }
}
