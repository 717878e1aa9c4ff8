//! An invitation into a workspace.

use async_trait::async_trait;

use crate::auth::{EmailAddress, PersonName, PhoneNumber};
use crate::digest::Digest;
use crate::ids::{InvitationId, RoleId, UserId, WorkspaceId};
use crate::page::{Page, PageLimit};
use crate::store::StoreError;
use crate::time::{Span, Timestamp};

/// Somebody who was asked into a workspace and is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Identity.
    pub id: InvitationId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The address it was mailed to.
    pub email: EmailAddress,
    /// The name, as the inviter wrote it.
    pub name: PersonName,
    /// The telephone number, where the inviter knew it.
    pub phone: Option<PhoneNumber>,
    /// The role to give.
    pub role_id: RoleId,
    /// Who invites; None: they are gone, and the invitation is good for nothing.
    pub invited_by: Option<UserId>,
    /// SHA-256 of the token that the mailed link carries.
    pub digest: Digest,
    /// From when on the link is good for nothing. The invitation itself stays a while, to be sent
    /// again.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed or sent.
    pub updated_at: Timestamp,
}

impl Invitation {
    /// How long a link is good.
    pub const LIFETIME: Span = Span::from_secs(7 * 24 * 3_600);

    /// How long an invitation is kept after its link has expired.
    pub const KEPT: Span = Span::from_secs(30 * 24 * 3_600);

    /// Whether its link is good.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// The invitation with a new link, sent by somebody; the old one is void.
    #[must_use]
    pub fn renewed(self, digest: Digest, sender: UserId, now: Timestamp) -> Self {
        Self {
            digest,
            invited_by: Some(sender),
            expires_at: now.plus(Self::LIFETIME),
            updated_at: now,
            ..self
        }
    }
}

/// The most invitations with a good link that a workspace may have at a time.
pub const MAX_INVITATIONS: u64 = 500;

/// Keeps invitations that were not accepted yet. Whoever changes them holds the workspace's row.
///
/// Growth: [`MAX_INVITATIONS`] open ones per workspace; one goes when it is accepted or withdrawn, and
/// [`Invitation::KEPT`] after it has expired by the [`sweep`](Self::sweep).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait InvitationRepository: Send {
    /// Adds an invitation. One to the same address whose link has expired when this one was made
    /// gives way.
    ///
    /// # Errors
    /// `Conflict(Invitation)` when the workspace has one to the address, else [`StoreError`].
    async fn insert(&mut self, invitation: &Invitation) -> Result<(), StoreError>;

    /// The workspace's invitation with an id.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<Option<Invitation>, StoreError>;

    /// The invitation whose link carries the token of a digest, if the link is good now.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_open(
        &mut self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError>;

    /// The same, and it is gone: of any number of parallel calls one gets it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn consume(
        &mut self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError>;

    /// The workspace's invitations, the newest first, those after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(
        &mut self,
        workspace: WorkspaceId,
        limit: PageLimit,
        after: Option<InvitationId>,
    ) -> Result<Page<Invitation, InvitationId>, StoreError>;

    /// How many of the workspace's invitations have a link that is good now.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count_open(
        &mut self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Writes role, inviter, digest and expiry, and when they were changed.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn update(&mut self, invitation: &Invitation) -> Result<(), StoreError>;

    /// Removes an invitation. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<bool, StoreError>;

    /// Removes at most 1,000 invitations that expired [`Invitation::KEPT`] ago, and says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sweep(&mut self, now: Timestamp) -> Result<u64, StoreError>;
}
