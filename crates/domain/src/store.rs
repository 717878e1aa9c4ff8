//! The store: units of work over the repositories.

use async_trait::async_trait;

use crate::access::{RoleRepository, WorkspacePermissionRepository};
use crate::audit::AuditRepository;
use crate::auth::{OneTimeTokenRepository, UserRepository};
use crate::ids::{UserId, WorkspaceId};
use crate::lease::LeaseRepository;
use crate::mail::{OutboxAdministration, OutboxRepository};
use crate::notice::NoticeRepository;
use crate::session::{SessionRepository, SessionUpkeep, UserDeviceRepository};
use crate::workspace::{
    ApiTokenRepository, DirectoryRepository, InvitationRepository, MembershipRepository,
    WorkspaceRepository,
};

/// On whose behalf a unit of work runs. PostgreSQL's row-level security holds it to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The product itself: signing up and in, background tasks.
    System,
    /// One person, over all their workspaces.
    Person(UserId),
    /// One person in one workspace: rows of that tenant only.
    Member(WorkspaceId, UserId),
    /// A workspace that shows its own API token: rows of that tenant only.
    Workspace(WorkspaceId),
}

/// A rule that the store itself keeps, and that an insert broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// One account per normalised address.
    UserEmail,
    /// One person per signup.
    UserSignup,
    /// One workspace per slug.
    WorkspaceSlug,
    /// One membership per person and workspace.
    Membership,
    /// One role per name in a workspace.
    RoleName,
    /// One permission per name among a workspace's own.
    PermissionName,
    /// One invitation per address and workspace.
    Invitation,
    /// One API token per digest.
    ApiTokenDigest,
}

impl Constraint {
    /// Every constraint, for the contract suite.
    pub const ALL: [Self; 8] = [
        Self::UserEmail,
        Self::UserSignup,
        Self::WorkspaceSlug,
        Self::Membership,
        Self::RoleName,
        Self::PermissionName,
        Self::Invitation,
        Self::ApiTokenDigest,
    ];
}

/// What a store may answer instead of a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A rule of the store stands in the way. The unit of work is spent.
    #[error("conflict: {0:?}")]
    Conflict(Constraint),
    /// Not reachable, too slow, or too many waiting: try again later. The text is for the log.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// A row that cannot be read back, or a statement that fails. The text is for the log.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Begins units of work. What keeps one from beginning may be told by its first statement, or by its
/// commit if that is all that is asked of it.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a unit of work: one transaction that may write. Nothing of it is seen by others
    /// until it commits.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none can be begun in time.
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError>;

    /// Begins a unit of work that only reads, from one consistent snapshot. Writing in it fails.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none can be begun in time.
    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError>;
}

/// One transaction. No hashing, mail, cache or signing happens while one is open.
///
/// Dropping it without a commit rolls it back, and never returns an open transaction to a pool.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Persons.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Workspaces.
    fn workspaces(&mut self) -> &mut dyn WorkspaceRepository;
    /// Memberships.
    fn memberships(&mut self) -> &mut dyn MembershipRepository;
    /// Roles.
    fn roles(&mut self) -> &mut dyn RoleRepository;
    /// Permissions that workspaces define themselves.
    fn workspace_permissions(&mut self) -> &mut dyn WorkspacePermissionRepository;
    /// Invitations.
    fn invitations(&mut self) -> &mut dyn InvitationRepository;
    /// Members and who is invited, in one list.
    fn directory(&mut self) -> &mut dyn DirectoryRepository;
    /// API tokens.
    fn api_tokens(&mut self) -> &mut dyn ApiTokenRepository;
    /// Sessions.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// The upkeep of sessions.
    fn session_upkeep(&mut self) -> &mut dyn SessionUpkeep;
    /// The devices persons were seen on.
    fn devices(&mut self) -> &mut dyn UserDeviceRepository;
    /// Who does what one must do at a time.
    fn leases(&mut self) -> &mut dyn LeaseRepository;
    /// What commands tell servers.
    fn notices(&mut self) -> &mut dyn NoticeRepository;
    /// Mailed tokens.
    fn one_time_tokens(&mut self) -> &mut dyn OneTimeTokenRepository;
    /// The audit log.
    fn audit(&mut self) -> &mut dyn AuditRepository;
    /// The mail queue.
    fn outbox(&mut self) -> &mut dyn OutboxRepository;
    /// The mail queue as operators see it.
    fn outbox_administration(&mut self) -> &mut dyn OutboxAdministration;

    /// Makes everything durable and visible at once.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing happened, or (the answer was lost) everything did.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
