//! Changes the name and the description of a role.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource, Role, RoleName};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::RoleId;
use kogents_domain::store::{Constraint, Store, StoreError};
use kogents_domain::time::Clock;

use super::change_of_name;
use super::overview::{RoleOverview, overview};
use crate::audit::{AuditDesk, Deed};
use crate::workspace::{Member, hold_workspace};

/// What to change of which role; what is None stays.
#[derive(Debug, Clone)]
pub struct UpdateRoleCommand {
    /// Who changes it, and in which workspace.
    pub member: Member,
    /// The role.
    pub role_id: RoleId,
    /// The name.
    pub name: Option<RoleName>,
    /// What it is for; may be empty.
    pub description: Option<String>,
}

/// Why the role was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateRoleError {
    /// The workspace has no such role.
    #[error("no such role")]
    NotFound,
    /// It is a system role.
    #[error("system roles do not change")]
    SystemRole,
    /// The workspace has another role of the name, or it would be taken for a system role's.
    #[error("the name is taken")]
    NameTaken,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for UpdateRoleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::RoleName) => Self::NameTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Changes a role of the caller's workspace. What it permits stays.
pub struct UpdateRole {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Tells of the change.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl UpdateRole {
    /// Changes the role and gives it as it is then.
    ///
    /// # Errors
    /// See [`UpdateRoleError`].
    pub async fn run(&self, command: UpdateRoleCommand) -> Result<RoleOverview, UpdateRoleError> {
        let now = self.clock.now();
        let workspace = command.member.workspace_id;
        let mut unit = self.store.begin(command.member.scope()).await?;
        hold_workspace(
            unit.as_mut(),
            command.member,
            (Resource::Roles, Action::Edit),
        )
        .await?
        .ok_or(UpdateRoleError::NotFound)?;
        let found = overview(unit.as_mut(), workspace, command.role_id).await?;
        let found = found.ok_or(UpdateRoleError::NotFound)?;
        if found.role.system.is_some() {
            return Err(UpdateRoleError::SystemRole);
        }
        if command
            .name
            .as_ref()
            .is_some_and(RoleName::is_a_system_roles)
        {
            return Err(UpdateRoleError::NameTaken);
        }
        let role = Role {
            name: command.name.unwrap_or_else(|| found.role.name.clone()),
            description: command
                .description
                .unwrap_or_else(|| found.role.description.clone()),
            updated_at: now,
            ..found.role.clone()
        };
        unit.roles().update(&role).await?;
        let changed = change_of_name(
            Deed::to(AuditAction::RoleChanged, role.id),
            (found.role.name.as_str(), role.name.as_str()),
            [("description", found.role.description != role.description)],
        );
        self.audit
            .record_all(unit.as_mut(), command.member, changed, now)
            .await?;
        unit.commit().await?;
        Ok(RoleOverview { role, ..found })
    }
}
