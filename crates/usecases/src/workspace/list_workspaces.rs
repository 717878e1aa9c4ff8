//! Lists the workspaces of a person.

use std::sync::Arc;

use kogents_domain::access::PermissionName;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::WorkspaceOfPerson;

use crate::access::permissions_of;
use crate::auth::Caller;

/// A workspace of the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedWorkspace {
    /// The workspace, the caller's role in it, and its figures.
    pub of_person: WorkspaceOfPerson,
    /// What the caller may do in it.
    pub permissions: Vec<PermissionName>,
    /// Whether the caller's session is in it.
    pub is_current: bool,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListWorkspacesError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the workspaces that the caller is active in, the one they have been in longest first.
pub struct ListWorkspaces {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ListWorkspaces {
    /// Lists.
    ///
    /// # Errors
    /// See [`ListWorkspacesError`].
    pub async fn run(&self, caller: Caller) -> Result<Vec<ListedWorkspace>, ListWorkspacesError> {
        let now = self.clock.now();
        // Over all of their workspaces: how many members each has is no row of the person's own.
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit
            .memberships()
            .list_of_person(caller.user_id, now)
            .await?;
        drop(unit);
        let mut unit = self.store.read(Scope::Person(caller.user_id)).await?;
        let mut listed = Vec::with_capacity(found.len());
        for of_person in found {
            let held = permissions_of(unit.as_mut(), &of_person.standing.role).await?;
            listed.push(ListedWorkspace {
                permissions: held.into_iter().map(|permission| permission.name).collect(),
                is_current: caller.workspace_id == Some(of_person.standing.workspace.id),
                of_person,
            });
        }
        Ok(listed)
    }
}
