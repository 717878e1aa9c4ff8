//! Deletes a permission of a workspace's own.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::PermissionId;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::Clock;

use super::is_built_in;
use crate::audit::{AuditDesk, Deed};
use crate::workspace::{Member, hold_workspace};

/// Which permission to delete.
#[derive(Debug, Clone, Copy)]
pub struct DeletePermissionCommand {
    /// Who deletes it, and in which workspace.
    pub member: Member,
    /// The permission.
    pub permission_id: PermissionId,
}

/// Why the permission was not deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeletePermissionError {
    /// The workspace has no such permission.
    #[error("no such permission")]
    NotFound,
    /// It is built in.
    #[error("built-in permissions do not change")]
    SystemPermission,
    /// A role holds it.
    #[error("the permission is in use")]
    InUse,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes a permission of the caller's workspace that no role holds.
pub struct DeletePermission {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DeletePermission {
    /// Deletes the permission.
    ///
    /// # Errors
    /// See [`DeletePermissionError`].
    pub async fn run(&self, command: DeletePermissionCommand) -> Result<(), DeletePermissionError> {
        let workspace = command.member.workspace_id;
        let id = command.permission_id;
        if is_built_in(id) {
            return Err(DeletePermissionError::SystemPermission);
        }
        let now = self.clock.now();
        let mut unit = self.store.begin(command.member.scope()).await?;
        hold_workspace(
            unit.as_mut(),
            command.member,
            (Resource::Permissions, Action::Delete),
        )
        .await?
        .ok_or(DeletePermissionError::NotFound)?;
        let permissions = unit.workspace_permissions();
        let found = permissions.find(workspace, id).await?;
        let found = found.ok_or(DeletePermissionError::NotFound)?;
        if !permissions.delete(workspace, id).await? {
            return Err(DeletePermissionError::InUse);
        }
        let deleted =
            Deed::to(AuditAction::PermissionDeleted, id).with("name", found.name.as_str());
        self.audit
            .record(unit.as_mut(), command.member, deleted, now)
            .await?;
        unit.commit().await?;
        Ok(())
    }
}
