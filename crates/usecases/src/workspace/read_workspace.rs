//! Reads the workspace that a member is in.

use std::sync::Arc;

use kogents_domain::access::RoleSummary;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::workspace::Workspace;

use super::Member;

/// A workspace as its members see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceDetails {
    /// The workspace.
    pub workspace: Workspace,
    /// How many members it has, of whatever status.
    pub members: u64,
    /// Its roles, the oldest first.
    pub roles: Vec<RoleSummary>,
}

impl WorkspaceDetails {
    /// Of a workspace, in a unit of work that sees it.
    pub(crate) async fn load(
        unit: &mut dyn UnitOfWork,
        workspace: Workspace,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            members: unit.memberships().count(workspace.id).await?,
            roles: unit.roles().list(workspace.id).await?,
            workspace,
        })
    }
}

/// Why there is nothing to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadWorkspaceError {
    /// Another workspace than the one the member is in, or none.
    #[error("no such workspace")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the member's current workspace.
pub struct ReadWorkspace {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ReadWorkspace {
    /// Reads it, if it is the one that is asked for.
    ///
    /// # Errors
    /// See [`ReadWorkspaceError`].
    pub async fn run(
        &self,
        member: Member,
        id: WorkspaceId,
    ) -> Result<WorkspaceDetails, ReadWorkspaceError> {
        if id != member.workspace_id {
            return Err(ReadWorkspaceError::NotFound);
        }
        let mut unit = self.store.read(member.scope()).await?;
        let found = unit.workspaces().find(id).await?;
        let workspace = found.ok_or(ReadWorkspaceError::NotFound)?;
        Ok(WorkspaceDetails::load(unit.as_mut(), workspace).await?)
    }
}
