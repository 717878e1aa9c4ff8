//! Takes somebody out of a workspace.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource, Role};
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::User;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::{DirectoryEntry, DirectoryId, Membership};

use super::fenced::{IsFenced, is_member};
use super::giver::Giver;
use super::invitation_desk::told;
use super::last_admin::is_last_admin;
use super::{Member, hold_workspace};
use crate::audit::{AuditDesk, Deed};
use crate::session::SessionGate;

/// Whom to remove.
#[derive(Debug, Clone, Copy)]
pub struct RemovePersonCommand {
    /// Who removes them.
    pub member: Member,
    /// Whom: a person or an invitation.
    pub id: DirectoryId,
}

/// What is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// A membership.
    Membership,
    /// An invitation.
    Invitation,
}

/// Why nobody was removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemovePersonError {
    /// The workspace has neither a member nor an invitation of this id.
    #[error("nobody of this id")]
    NotFound,
    /// They hold, or are to hold, what the caller does not.
    #[error("beyond what the caller holds")]
    CannotGrant,
    /// The workspace would be left without an active admin.
    #[error("the last active admin")]
    LastAdmin,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes a member, whose sessions in the workspace end, or withdraws an invitation, whose link is
/// good for nothing then. The person and their account stay.
pub struct RemovePerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of who is gone and of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl RemovePerson {
    /// Removes one and says what is gone.
    ///
    /// # Errors
    /// See [`RemovePersonError`].
    pub async fn run(&self, command: RemovePersonCommand) -> Result<Removed, RemovePersonError> {
        let now = self.clock.now();
        if !is_member(self.store.as_ref(), command.member, command.id).await? {
            return self.remove(command, IsFenced(false), now).await;
        }
        let user = command.id.as_user();
        let fence = self.gate.fence(user, now).await;
        let removed = self.remove(command, IsFenced(true), now).await;
        self.gate.lift(user, fence, now).await;
        removed
    }

    async fn remove(
        &self,
        command: RemovePersonCommand,
        IsFenced(is_fenced): IsFenced,
        now: Timestamp,
    ) -> Result<Removed, RemovePersonError> {
        let RemovePersonCommand { member, id } = command;
        let mut unit = self.store.begin(member.scope()).await?;
        let workspace =
            hold_workspace(unit.as_mut(), member, (Resource::Users, Action::Delete)).await?;
        let workspace = workspace.ok_or(RemovePersonError::NotFound)?;
        let found = unit.directory().find(workspace.id, id).await?;
        let found = found.ok_or(RemovePersonError::NotFound)?;
        if id != member.user_id.into() {
            let giver = Giver::load(unit.as_mut(), workspace.id, member.user_id).await?;
            if !giver.holds(unit.as_mut(), found.role()).await? {
                return Err(RemovePersonError::CannotGrant);
            }
        }
        let removed = match found {
            DirectoryEntry::Member {
                user,
                membership,
                role,
                last_active_at: _,
            } => {
                if !is_fenced {
                    // They came in after they were asked for.
                    return Err(RemovePersonError::NotFound);
                }
                if is_last_admin(unit.as_mut(), &user, &membership, &role).await? {
                    return Err(RemovePersonError::LastAdmin);
                }
                self.remove_member(unit.as_mut(), member, (&user, &membership, &role), now)
                    .await?;
                Removed::Membership
            }
            DirectoryEntry::Invited { invitation, role } => {
                unit.invitations()
                    .delete(workspace.id, invitation.id)
                    .await?;
                let withdrawn = told(AuditAction::InvitationWithdrawn, &invitation, Some(&role));
                self.audit
                    .record(unit.as_mut(), member, withdrawn, now)
                    .await?;
                Removed::Invitation
            }
        };
        unit.commit().await?;
        Ok(removed)
    }

    async fn remove_member(
        &self,
        unit: &mut dyn UnitOfWork,
        by: Member,
        (user, membership, role): (&User, &Membership, &Role),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let workspace = membership.workspace_id;
        // Who signs in at this moment waits, and then finds no membership.
        unit.users().find_for_update(user.id).await?;
        unit.memberships().delete(workspace, user.id).await?;
        let removed =
            Deed::to(AuditAction::MemberRemoved, user.id).with("role", role.name.as_str());
        self.audit.record(unit, by, removed, now).await?;
        let ended = unit
            .sessions()
            .end_in_workspace(user.id, workspace, EndReason::Removed, now)
            .await?;
        self.audit.record_ended(unit, by, &ended, now).await
    }
}
