//! Deletes a role of a workspace's own.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::RoleId;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::Clock;

use crate::audit::{AuditDesk, Deed};
use crate::workspace::{Member, hold_workspace};

/// Which role to delete.
#[derive(Debug, Clone, Copy)]
pub struct DeleteRoleCommand {
    /// Who deletes it, and in which workspace.
    pub member: Member,
    /// The role.
    pub role_id: RoleId,
}

/// Why the role was not deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeleteRoleError {
    /// The workspace has no such role.
    #[error("no such role")]
    NotFound,
    /// It is a system role.
    #[error("system roles do not change")]
    SystemRole,
    /// A member has it, or somebody is invited to it.
    #[error("the role is in use")]
    InUse,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes a role of the caller's workspace that nobody has and nobody is to have.
pub struct DeleteRole {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DeleteRole {
    /// Deletes the role.
    ///
    /// # Errors
    /// See [`DeleteRoleError`].
    pub async fn run(&self, command: DeleteRoleCommand) -> Result<(), DeleteRoleError> {
        let workspace = command.member.workspace_id;
        let now = self.clock.now();
        let mut unit = self.store.begin(command.member.scope()).await?;
        hold_workspace(
            unit.as_mut(),
            command.member,
            (Resource::Roles, Action::Delete),
        )
        .await?
        .ok_or(DeleteRoleError::NotFound)?;
        let role = unit.roles().find(workspace, command.role_id).await?;
        let role = role.ok_or(DeleteRoleError::NotFound)?;
        if role.system.is_some() {
            return Err(DeleteRoleError::SystemRole);
        }
        if !unit.roles().delete(workspace, role.id).await? {
            return Err(DeleteRoleError::InUse);
        }
        let deleted = Deed::to(AuditAction::RoleDeleted, role.id).with("name", role.name.as_str());
        self.audit
            .record(unit.as_mut(), command.member, deleted, now)
            .await?;
        unit.commit().await?;
        Ok(())
    }
}
