//! Reads a workspace.

use std::sync::Arc;

use kogents_domain::access::RoleSummary;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::workspace::Workspace;

use super::Viewer;

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
    /// Another workspace than the viewer's, or none.
    #[error("no such workspace")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the viewer's workspace: the one that a member is in, or the one whose token is shown.
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
        viewer: Viewer,
        id: WorkspaceId,
    ) -> Result<WorkspaceDetails, ReadWorkspaceError> {
        if id != viewer.workspace_id() {
            return Err(ReadWorkspaceError::NotFound);
        }
        let mut unit = self.store.read(viewer.scope()).await?;
        let found = unit.workspaces().find(id).await?;
        let workspace = found.ok_or(ReadWorkspaceError::NotFound)?;
        Ok(WorkspaceDetails::load(unit.as_mut(), workspace).await?)
    }
}
