//! A person's place in a workspace.

use async_trait::async_trait;

use super::Workspace;
use crate::access::Role;
use crate::auth::EmailAddress;
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

/// A workspace of a person, as a list of them shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceOfPerson {
    /// The workspace and the person's role there.
    pub standing: Standing,
    /// How many members it has, of whatever status.
    pub members: u64,
    /// How many sessions in it have neither ended nor timed out, by what the database knows.
    pub active_sessions: u64,
}

/// A membership with the workspace and the role that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonMembership {
    /// The membership.
    pub membership: Membership,
    /// The workspace and the role there.
    pub standing: Standing,
}

/// Keeps memberships. Growth: one row per person and workspace.
///
/// With each of them goes what the directory sorts and searches it by, which follows the person's
/// name and address.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MembershipRepository: Send {
    /// Adds a membership of a person who is there already.
    ///
    /// # Errors
    /// `Conflict(Membership)` when there is one, else [`StoreError`].
    async fn insert(&mut self, membership: &Membership) -> Result<(), StoreError>;

    /// A person's membership in a workspace, of whatever status.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Membership>, StoreError>;

    /// The same of whoever has an address now.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_by_email(
        &mut self,
        workspace: WorkspaceId,
        email: &EmailAddress,
    ) -> Result<Option<Membership>, StoreError>;

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

    /// The role of a person who is active in a workspace.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_role(
        &mut self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<Role>, StoreError>;

    /// The workspaces that a person is active in, the one they have been in longest first; at most
    /// [`MAX_LISTED`].
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_of_person(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<WorkspaceOfPerson>, StoreError>;

    /// A person's memberships, of whatever status, by the workspaces' ids: at most
    /// [`MAX_WORKSPACES`](super::MAX_WORKSPACES) are had by anybody.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_all_of_person(
        &mut self,
        user: UserId,
    ) -> Result<Vec<PersonMembership>, StoreError>;

    /// How many memberships a person has, of whatever status.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count_of_person(&mut self, user: UserId) -> Result<u64, StoreError>;

    /// How many members a workspace has, of whatever status.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count(&mut self, workspace: WorkspaceId) -> Result<u64, StoreError>;

    /// How many active members have the system role admin and are not suspended altogether. The
    /// caller holds the workspace's row.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count_active_admins(&mut self, workspace: WorkspaceId) -> Result<u64, StoreError>;

    /// Who is a member, of whatever status; with one role only, where one is given.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_users(
        &mut self,
        workspace: WorkspaceId,
        role: Option<RoleId>,
    ) -> Result<Vec<UserId>, StoreError>;

    /// Writes role and status, and when they were changed.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn update(&mut self, membership: &Membership) -> Result<(), StoreError>;

    /// Removes a membership. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete(&mut self, workspace: WorkspaceId, user: UserId) -> Result<bool, StoreError>;
}

/// The most workspaces that [`MembershipRepository::list_of_person`] gives.
pub const MAX_LISTED: u32 = 200;
