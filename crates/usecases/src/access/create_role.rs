//! Makes a role of a workspace's own.

use std::sync::Arc;

use kogents_domain::access::{Action, MAX_ROLES, Resource, Role, RoleName};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::{IdGenerator, RoleId};
use kogents_domain::store::{Constraint, Store, StoreError};
use kogents_domain::time::Clock;

use super::overview::RoleOverview;
use crate::audit::{AuditDesk, Deed};
use crate::workspace::{Member, hold_workspace};

/// Which role to make.
#[derive(Debug, Clone)]
pub struct CreateRoleCommand {
    /// Who makes it, and in which workspace.
    pub member: Member,
    /// Its name.
    pub name: RoleName,
    /// What it is for; may be empty.
    pub description: String,
}

/// Why no role was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateRoleError {
    /// The workspace is gone, or the caller's right to this is.
    #[error("no such workspace")]
    NotFound,
    /// The workspace has a role of the name, or it would be taken for a system role's.
    #[error("the name is taken")]
    NameTaken,
    /// The workspace has as many roles as it may.
    #[error("there are {MAX_ROLES} roles")]
    TooMany,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for CreateRoleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::RoleName) => Self::NameTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Makes a role in the caller's workspace. It holds nothing yet.
pub struct CreateRole {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CreateRole {
    /// Makes the role.
    ///
    /// # Errors
    /// See [`CreateRoleError`].
    pub async fn run(&self, command: CreateRoleCommand) -> Result<RoleOverview, CreateRoleError> {
        if command.name.is_a_system_roles() {
            return Err(CreateRoleError::NameTaken);
        }
        let now = self.clock.now();
        let workspace = command.member.workspace_id;
        let role = Role::custom(
            RoleId::from_uuid(self.ids.next()),
            workspace,
            command.name,
            command.description,
            now,
        );

        let mut unit = self.store.begin(command.member.scope()).await?;
        let found = hold_workspace(
            unit.as_mut(),
            command.member,
            (Resource::Roles, Action::Create),
        )
        .await?;
        if found.is_none() {
            return Err(CreateRoleError::NotFound);
        }
        let roles = unit.roles().list(workspace).await?;
        if u64::try_from(roles.len()).is_ok_and(|there| there < MAX_ROLES) {
            unit.roles().insert(&role).await?;
            let created =
                Deed::to(AuditAction::RoleCreated, role.id).with("name", role.name.as_str());
            self.audit
                .record(unit.as_mut(), command.member, created, now)
                .await?;
            unit.commit().await?;
            Ok(RoleOverview {
                role,
                users: 0,
                permissions: 0,
            })
        } else {
            Err(CreateRoleError::TooMany)
        }
    }
}
