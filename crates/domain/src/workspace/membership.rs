//! A person's place in a workspace.

use async_trait::async_trait;

use super::Workspace;
use crate::access::{Permission, Role};
use crate::ids::{RoleId, UserId, WorkspaceId};
use crate::store::StoreError;
use crate::time::Timestamp;

/// The status of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MembershipStatus {
    /// Takes part.
    Active,
    /// Put aside by an admin.
    Inactive,
    /// Shut out by an admin.
    Suspended,
    /// Invited and not there yet.
    Pending,
}

impl MembershipStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Active, Self::Inactive, Self::Suspended, Self::Pending];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::Pending => "PENDING",
        }
    }

    /// The status with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// A person's membership in a workspace, with one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The person.
    pub user_id: UserId,
    /// The role.
    pub role_id: RoleId,
    /// The status.
    pub status: MembershipStatus,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Membership {
    /// A membership that is active from now on.
    #[must_use]
    pub const fn active(
        workspace_id: WorkspaceId,
        user_id: UserId,
        role_id: RoleId,
        now: Timestamp,
    ) -> Self {
        Self {
            workspace_id,
            user_id,
            role_id,
            status: MembershipStatus::Active,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Where a person stands: a workspace they are active in, and their role there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The workspace.
    pub workspace: Workspace,
    /// The role.
    pub role: Role,
}

impl Standing {
    /// What the person may do in the workspace, by resource, then by action.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        self.role.built_in_permissions()
    }
}

/// Keeps memberships. Growth: one row per person and workspace.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MembershipRepository: Send {
    /// Adds a membership.
    ///
    /// # Errors
    /// `Conflict(Membership)` when there is one, else [`StoreError`].
    async fn insert(&mut self, membership: &Membership) -> Result<(), StoreError>;

    /// Where the person stands: in `preferred` if they are active there, else in the workspace
    /// they have been active in longest, else nowhere.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_standing(
        &mut self,
        user: UserId,
        preferred: Option<WorkspaceId>,
    ) -> Result<Option<Standing>, StoreError>;
}
