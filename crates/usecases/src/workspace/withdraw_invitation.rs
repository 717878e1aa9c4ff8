//! Withdraws an invitation.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::InvitationId;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::Clock;

use super::giver::Giver;
use super::invitation_desk::told;
use super::{Member, hold_workspace};
use crate::audit::AuditDesk;

/// Which invitation.
#[derive(Debug, Clone, Copy)]
pub struct WithdrawInvitationCommand {
    /// Who withdraws it.
    pub member: Member,
    /// The invitation.
    pub id: InvitationId,
}

/// Why it is still there, or was not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WithdrawInvitationError {
    /// The workspace has no such invitation.
    #[error("no such invitation")]
    NotFound,
    /// Its role holds what the caller does not.
    #[error("beyond what the caller holds")]
    CannotGrant,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Withdraws an invitation: its link is good for nothing from then on.
pub struct WithdrawInvitation {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl WithdrawInvitation {
    /// Withdraws it.
    ///
    /// # Errors
    /// See [`WithdrawInvitationError`].
    pub async fn run(
        &self,
        command: WithdrawInvitationCommand,
    ) -> Result<(), WithdrawInvitationError> {
        let WithdrawInvitationCommand { member, id } = command;
        let now = self.clock.now();
        let mut unit = self.store.begin(member.scope()).await?;
        let workspace = hold_workspace(
            unit.as_mut(),
            member,
            (Resource::Invitations, Action::Delete),
        )
        .await?;
        let workspace = workspace.ok_or(WithdrawInvitationError::NotFound)?;
        let found = unit.invitations().find(workspace.id, id).await?;
        let found = found.ok_or(WithdrawInvitationError::NotFound)?;
        let role = unit.roles().find(workspace.id, found.role_id).await?;
        let giver = Giver::load(unit.as_mut(), workspace.id, member.user_id).await?;
        if let Some(role) = &role
            && !giver.holds(unit.as_mut(), role).await?
        {
            return Err(WithdrawInvitationError::CannotGrant);
        }
        unit.invitations().delete(workspace.id, id).await?;
        let withdrawn = told(AuditAction::InvitationWithdrawn, &found, role.as_ref());
        self.audit
            .record(unit.as_mut(), member, withdrawn, now)
            .await?;
        unit.commit().await?;
        Ok(())
    }
}
