//! Roles, and the four that every workspace has.

use async_trait::async_trait;

use super::{Permission, PermissionName, Rights, RoleName};
use crate::ids::{RoleId, WorkspaceId};
use crate::store::StoreError;
use crate::time::Timestamp;
use crate::violation::Violation;

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
    pub name: RoleName,
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
            name: role.into(),
            description: role.description().to_owned(),
            system: Some(role),
            is_active: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// A role of the workspace's own, which holds nothing yet.
    #[must_use]
    pub const fn custom(
        id: RoleId,
        workspace_id: WorkspaceId,
        name: RoleName,
        description: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            workspace_id,
            name,
            description,
            system: None,
            is_active: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// What the role is for, read from a text of at most 200 characters.
    ///
    /// # Errors
    /// See [`parse_description`](crate::text::parse_description).
    pub fn parse_description(text: &str) -> Result<String, Violation> {
        crate::text::parse_description(text, 200)
    }

    /// The permissions that the role holds, as people see them: by resource, then by action, then
    /// the workspace's own by name. `granted` is what a role of the workspace's own was given, and
    /// `own` are the workspace's own permissions.
    #[must_use]
    pub fn permissions(&self, granted: &[PermissionName], own: &[Permission]) -> Vec<Permission> {
        let rights = Rights::of(self, granted.iter().cloned());
        let built_in = rights.built_in().iter().map(Permission::from);
        let own = own.iter().filter(|known| rights.allow(&known.name));
        built_in.chain(own.cloned()).collect()
    }
}

/// A role, how many have it, and how much it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSummary {
    /// The role.
    pub role: Role,
    /// How many members have it, of whatever status.
    pub users: u64,
    /// How many permissions were granted to it; of a system role, which holds what the domain's
    /// table says, none.
    pub granted: u64,
}

/// The most roles that a workspace may have, the system's among them.
pub const MAX_ROLES: u64 = 100;

/// Keeps roles, and what those of a workspace's own were granted.
///
/// Whoever changes roles or gives them holds the workspace's row
/// ([`find_for_update`](crate::workspace::WorkspaceRepository::find_for_update)), so that a role
/// that is given does not vanish at the same moment.
///
/// Growth: four per workspace, and those it makes itself, [`MAX_ROLES`] in all; permissions of each
/// are bounded by those that there are.
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

    /// The workspace's role with a name.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_by_name(
        &mut self,
        workspace: WorkspaceId,
        name: &RoleName,
    ) -> Result<Option<Role>, StoreError>;

    /// The workspace's roles, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(&mut self, workspace: WorkspaceId) -> Result<Vec<RoleSummary>, StoreError>;

    /// Writes a role's name and description, and when it was changed.
    ///
    /// # Errors
    /// `Conflict(RoleName)` when another of the workspace has the name, else [`StoreError`].
    async fn update(&mut self, role: &Role) -> Result<(), StoreError>;

    /// Removes a role with what was granted to it, unless a member has it or somebody is invited
    /// to it. Says whether it is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete(&mut self, workspace: WorkspaceId, id: RoleId) -> Result<bool, StoreError>;

    /// What was granted to a role, by name. A system role holds what the domain's table says, and
    /// has nothing here.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn granted(&mut self, role: RoleId) -> Result<Vec<PermissionName>, StoreError>;

    /// What was granted to every role of a workspace, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn granted_in(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<(RoleId, PermissionName)>, StoreError>;

    /// Grants permissions to a role; those that it has stay.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn grant(&mut self, role: RoleId, names: &[PermissionName]) -> Result<(), StoreError>;

    /// Takes permissions from a role; those that it does not have are passed over.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn withdraw(&mut self, role: RoleId, names: &[PermissionName]) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::PermissionId;

    fn own_permission() -> Permission {
        Permission {
            id: PermissionId::from_uuid(Uuid::from_u128(2)),
            name: PermissionName::parse("reports:export").unwrap(),
            description: "".into(),
            category: "reports".into(),
        }
    }

    #[test]
    fn a_role_is_shown_with_what_it_holds() {
        let id = Uuid::from_u128(1);
        let (role, workspace) = (RoleId::from_uuid(id), WorkspaceId::from_uuid(id));
        let now = Timestamp::from_millis(0);
        let own = [own_permission()];
        for system in SystemRole::ALL {
            let role = Role::system(role, workspace, system, now);
            let mut expected: Vec<Permission> =
                system.permissions().into_iter().map(Into::into).collect();
            // The admin holds everything, also what the workspace defines itself.
            expected.extend((system == SystemRole::Admin).then(own_permission));
            assert_eq!(role.permissions(&[], &own), expected);
        }
        let name = RoleName::parse("Night shift").unwrap();
        let custom = Role::custom(role, workspace, name, String::new(), now);
        assert_eq!(custom.permissions(&[], &own), []);
        assert_eq!(custom.permissions(&[own[0].name.clone()], &own), own);
    }
}
