//! Roles, and the four that every workspace has.

use async_trait::async_trait;

use super::Permission;
use crate::ids::{RoleId, WorkspaceId};
use crate::store::StoreError;
use crate::time::Timestamp;

/// A role that every workspace has and nobody can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemRole {
    /// Holds every permission.
    Admin,
    /// Runs the workspace's daily business.
    Manager,
    /// Talks to customers.
    Agent,
    /// Looks on.
    Viewer,
}

impl SystemRole {
    /// Every system role.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Manager, Self::Agent, Self::Viewer];

    /// Its key, which is also its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }

    /// What it is for, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Admin => "Holds every permission of the workspace.",
            Self::Manager => "Runs the workspace's daily business.",
            Self::Agent => "Talks to the workspace's customers.",
            Self::Viewer => "Looks on without changing anything.",
        }
    }

    /// The system role with a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// A role in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Identity.
    pub id: RoleId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its name, unique in the workspace.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Which system role it is, if it is one.
    pub system: Option<SystemRole>,
    /// Whether it may be given.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Role {
    /// A workspace's copy of a system role.
    #[must_use]
    pub fn system(id: RoleId, workspace_id: WorkspaceId, role: SystemRole, now: Timestamp) -> Self {
        Self {
            id,
            workspace_id,
            name: role.key().to_owned(),
            description: role.description().to_owned(),
            system: Some(role),
            is_active: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// What the role holds by itself: a system role what the domain's table says, a role of the
    /// workspace's own nothing.
    #[must_use]
    pub fn built_in_permissions(&self) -> Vec<Permission> {
        let held = self.system.map(SystemRole::permissions).unwrap_or_default();
        held.into_iter().map(Permission::from).collect()
    }
}

/// Keeps roles. Growth: four per workspace, and those it makes itself.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RoleRepository: Send {
    /// Adds a role.
    ///
    /// # Errors
    /// `Conflict(RoleName)` when the workspace has one of the name, else [`StoreError`].
    async fn insert(&mut self, role: &Role) -> Result<(), StoreError>;

    /// The workspace's role with an id.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: RoleId,
    ) -> Result<Option<Role>, StoreError>;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_system_role_holds_what_the_table_says_and_another_nothing() {
        let id = Uuid::from_u128(1);
        let made = Timestamp::from_millis(0);
        for system in SystemRole::ALL {
            let (role, workspace) = (RoleId::from_uuid(id), WorkspaceId::from_uuid(id));
            let role = Role::system(role, workspace, system, made);
            let expected: Vec<_> = system.permissions().into_iter().map(Into::into).collect();
            assert_eq!(role.built_in_permissions(), expected);
            let own = Role {
                system: None,
                ..role
            };
            assert_eq!(own.built_in_permissions(), []);
        }
    }
}
