//! Sends an invitation again.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::Language;
use kogents_domain::ids::InvitationId;
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::{MailJob, OutboxSignal};
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{DirectoryEntry, Invitation};

use super::giver::Giver;
use super::invitation_desk::told;
use super::{InvitationDesk, Member, Person, hold_workspace};
use crate::audit::AuditDesk;
use crate::limits::Limited;

/// Which invitation.
#[derive(Debug, Clone)]
pub struct ResendInvitationCommand {
    /// Who sends it.
    pub member: Member,
    /// The invitation.
    pub id: InvitationId,
    /// The language to write in where the workspace has set none.
    pub language: Language,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why it was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResendInvitationError {
    /// The workspace has no such invitation.
    #[error("no such invitation")]
    NotFound,
    /// The role holds what the sender does not.
    #[error("beyond what the sender holds")]
    CannotGrant,
    /// The address was mailed too many invitations.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends an invitation again, with a new link that is good as long as the first one was. The old
/// link is void at once, and whoever sends it vouches for it from then on.
pub struct ResendInvitation {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes the token and the mail.
    pub desk: Arc<InvitationDesk>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ResendInvitation {
    /// Sends it, and gives who is invited as the directory shows them.
    ///
    /// # Errors
    /// See [`ResendInvitationError`].
    pub async fn run(
        &self,
        command: ResendInvitationCommand,
    ) -> Result<Person, ResendInvitationError> {
        let member = command.member;
        let mut unit = self.store.read(member.scope()).await?;
        let workspace = unit.workspaces().find(member.workspace_id).await?;
        let workspace = workspace.ok_or(ResendInvitationError::NotFound)?;
        let found = unit.invitations().find(workspace.id, command.id).await?;
        let found = found.ok_or(ResendInvitationError::NotFound)?;
        let sender = unit.users().find(member.user_id).await?;
        let sender = sender.ok_or(ResendInvitationError::NotFound)?;
        drop(unit);

        let now = self.clock.now();
        let (token, digest) = self.desk.token();
        let renewed = found.renewed(digest, sender.id, now);
        let language = command.language;
        let job = self
            .desk
            .job(&renewed, token, (&sender, &workspace), language, now);
        let held = self
            .desk
            .count(&renewed.email, &command.ledger, now)
            .await?;
        let written = self.write(member, renewed, &job).await;
        match &written {
            Ok(_) => self.signal.wake(),
            Err(_) => self.desk.give_back(&command.ledger, held, now).await,
        }
        written
    }

    async fn write(
        &self,
        member: Member,
        renewed: Invitation,
        job: &MailJob,
    ) -> Result<Person, ResendInvitationError> {
        let id = member.workspace_id;
        let mut unit = self.store.begin(member.scope()).await?;
        let workspace = hold_workspace(
            unit.as_mut(),
            member,
            (Resource::Invitations, Action::Create),
        )
        .await?;
        let workspace = workspace.ok_or(ResendInvitationError::NotFound)?;
        // It may have been accepted, withdrawn or given another role since the first look.
        let found = unit.invitations().find(id, renewed.id).await?;
        let found = found.ok_or(ResendInvitationError::NotFound)?;
        let role = unit.roles().find(id, found.role_id).await?;
        let role = role.ok_or(ResendInvitationError::NotFound)?;
        let giver = Giver::load(unit.as_mut(), id, member.user_id).await?;
        if !giver.holds(unit.as_mut(), &role).await? {
            return Err(ResendInvitationError::CannotGrant);
        }
        let after = Invitation {
            role_id: role.id,
            ..renewed
        };
        unit.invitations().update(&after).await?;
        unit.outbox().enqueue(job).await?;
        let resent = told(AuditAction::InvitationResent, &after, Some(&role));
        let now = after.updated_at;
        self.audit
            .record(unit.as_mut(), member, resent, now)
            .await?;
        let entry = DirectoryEntry::Invited {
            invitation: Box::new(after),
            role,
        };
        let person = Person::load(unit.as_mut(), workspace, entry).await?;
        unit.commit().await?;
        Ok(person)
    }
}
