//! Reads one of a workspace's directory.

use std::sync::Arc;

use kogents_domain::store::{Store, StoreError};
use kogents_domain::workspace::DirectoryId;

use super::{Member, Person};

/// Why there is nobody to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadPersonError {
    /// The workspace has neither a member nor an invitation of this id.
    #[error("nobody of this id")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a member of the current workspace, or somebody who is invited to it.
pub struct ReadPerson {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ReadPerson {
    /// Reads one.
    ///
    /// # Errors
    /// See [`ReadPersonError`].
    pub async fn run(&self, member: Member, id: DirectoryId) -> Result<Person, ReadPersonError> {
        let mut unit = self.store.read(member.scope()).await?;
        let workspace = unit.workspaces().find(member.workspace_id).await?;
        let workspace = workspace.ok_or(ReadPersonError::NotFound)?;
        let person = Person::find(unit.as_mut(), workspace, id).await?;
        person.ok_or(ReadPersonError::NotFound)
    }
}
