//! Changes a permission of a workspace's own.

use std::sync::Arc;

use kogents_domain::access::{Action, Permission, PermissionName, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::PermissionId;
use kogents_domain::store::{Constraint, Store, StoreError, UnitOfWork};
use kogents_domain::time::Clock;

use super::{change_of_name, is_built_in, rights_in};
use crate::audit::{AuditDesk, Deed};
use crate::workspace::{Member, hold_workspace};

/// What to change of which permission; what is None stays.
#[derive(Debug, Clone)]
pub struct UpdatePermissionCommand {
    /// Who changes it, and in which workspace.
    pub member: Member,
    /// The permission.
    pub permission_id: PermissionId,
    /// The name.
    pub name: Option<PermissionName>,
    /// What it permits; may be empty.
    pub description: Option<String>,
    /// Its group.
    pub category: Option<String>,
}

/// Why the permission was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdatePermissionError {
    /// The workspace has no such permission.
    #[error("no such permission")]
    NotFound,
    /// It is built in.
    #[error("built-in permissions do not change")]
    SystemPermission,
    /// There is another permission of the name, built in or of the workspace's own.
    #[error("the name is taken")]
    NameTaken,
    /// Roles hold the permission and would hold it under a name that the caller does not hold.
    #[error("nobody grants what they do not hold")]
    CannotGrant,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for UpdatePermissionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::PermissionName) => Self::NameTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Changes a permission of the caller's workspace. Roles that hold it hold it under its new name.
pub struct UpdatePermission {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Tells of the change.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl UpdatePermission {
    /// Changes the permission and gives it as it is then.
    ///
    /// # Errors
    /// See [`UpdatePermissionError`].
    pub async fn run(
        &self,
        command: UpdatePermissionCommand,
    ) -> Result<Permission, UpdatePermissionError> {
        let now = self.clock.now();
        let member = command.member;
        let workspace = member.workspace_id;
        if is_built_in(command.permission_id) {
            return Err(UpdatePermissionError::SystemPermission);
        }
        let mut unit = self.store.begin(member.scope()).await?;
        hold_workspace(unit.as_mut(), member, (Resource::Permissions, Action::Edit))
            .await?
            .ok_or(UpdatePermissionError::NotFound)?;
        let found = unit
            .workspace_permissions()
            .find(workspace, command.permission_id)
            .await?
            .ok_or(UpdatePermissionError::NotFound)?;
        let renamed = command.name.filter(|name| *name != found.name);
        if let Some(name) = &renamed {
            may_be_named(unit.as_mut(), member, &found.name, name).await?;
        }
        let permission = Permission {
            id: found.id,
            name: renamed.unwrap_or_else(|| found.name.clone()),
            description: command
                .description
                .map_or_else(|| found.description.clone(), Into::into),
            category: command
                .category
                .map_or_else(|| found.category.clone(), Into::into),
        };
        unit.workspace_permissions()
            .update(workspace, &permission, now)
            .await?;
        let changed = change_of_name(
            Deed::to(AuditAction::PermissionChanged, found.id),
            (found.name.as_str(), permission.name.as_str()),
            [
                ("description", found.description != permission.description),
                ("category", found.category != permission.category),
            ],
        );
        self.audit
            .record_all(unit.as_mut(), member, changed, now)
            .await?;
        unit.commit().await?;
        Ok(permission)
    }
}

/// Services check permissions by name: with its new name a permission that roles hold becomes
/// another one, which is granted to whoever has them.
async fn may_be_named(
    unit: &mut dyn UnitOfWork,
    member: Member,
    old: &PermissionName,
    new: &PermissionName,
) -> Result<(), UpdatePermissionError> {
    if new.built_in().is_some() {
        return Err(UpdatePermissionError::NameTaken);
    }
    let workspace = member.workspace_id;
    let granted = unit.roles().granted_in(workspace).await?;
    let is_held = granted.iter().any(|(_, name)| name == old);
    let rights = rights_in(unit, workspace, member.user_id).await?;
    if is_held && !rights.allow(new) {
        return Err(UpdatePermissionError::CannotGrant);
    }
    Ok(())
}
