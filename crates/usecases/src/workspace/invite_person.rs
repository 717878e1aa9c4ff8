//! Invites somebody into a workspace.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource, RoleName};
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{EmailAddress, Language, PersonName, PhoneNumber};
use kogents_domain::ids::{IdGenerator, InvitationId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::{MailJob, OutboxSignal};
use kogents_domain::store::{Constraint, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{DirectoryEntry, Invitation, MAX_INVITATIONS};

use super::giver::{Giver, role_to_give};
use super::invitation_desk::told;
use super::{InvitationDesk, Member, Person, hold_workspace};
use crate::audit::AuditDesk;
use crate::limits::Limited;

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct InvitePersonCommand {
    /// Who invites.
    pub member: Member,
    /// The address to mail.
    pub email: EmailAddress,
    /// The name.
    pub name: PersonName,
    /// The telephone number, where it is known.
    pub phone: Option<PhoneNumber>,
    /// The name of the role to give.
    pub role_name: RoleName,
    /// The language to write in where the workspace has set none.
    pub language: Language,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why nobody was invited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvitePersonError {
    /// The workspace is gone, or the inviter is.
    #[error("no such workspace")]
    NotFound,
    /// The workspace has no such role to give.
    #[error("no such role")]
    UnknownRole,
    /// The role holds what the inviter does not.
    #[error("beyond what the inviter holds")]
    CannotGrant,
    /// The address belongs to a member.
    #[error("a member already")]
    AlreadyMember,
    /// The address is invited already.
    #[error("invited already")]
    Pending,
    /// The workspace has as many invitations as it may.
    #[error("too many invitations")]
    TooMany,
    /// The address was mailed too many invitations.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for InvitePersonError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::Invitation) => Self::Pending,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Writes an invitation and its mail. Whether the address has an account makes no difference, and
/// shows nowhere.
pub struct InvitePerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes the token and the mail.
    pub desk: Arc<InvitationDesk>,
    /// Tells of the invitation.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
}

impl InvitePerson {
    /// Invites, and gives who is invited as the directory shows them.
    ///
    /// # Errors
    /// See [`InvitePersonError`].
    pub async fn run(&self, command: InvitePersonCommand) -> Result<Person, InvitePersonError> {
        let member = command.member;
        let mut unit = self.store.read(member.scope()).await?;
        let workspace = unit.workspaces().find(member.workspace_id).await?;
        let workspace = workspace.ok_or(InvitePersonError::NotFound)?;
        let inviter = unit.users().find(member.user_id).await?;
        let inviter = inviter.ok_or(InvitePersonError::NotFound)?;
        let role = role_to_give(unit.as_mut(), workspace.id, &command.role_name).await?;
        let role = role.ok_or(InvitePersonError::UnknownRole)?;
        drop(unit);

        let now = self.clock.now();
        let (token, digest) = self.desk.token();
        let invitation = Invitation {
            id: InvitationId::from_uuid(self.ids.next()),
            workspace_id: workspace.id,
            email: command.email,
            name: command.name,
            phone: command.phone,
            role_id: role.id,
            invited_by: Some(inviter.id),
            digest,
            expires_at: now.plus(Invitation::LIFETIME),
            created_at: now,
            updated_at: now,
        };
        let language = command.language;
        let job = self
            .desk
            .job(&invitation, token, (&inviter, &workspace), language, now);
        let held = self
            .desk
            .count(&invitation.email, &command.ledger, now)
            .await?;
        let written = self.write(member, &invitation, &job).await;
        match &written {
            Ok(_) => self.signal.wake(),
            Err(_) => self.desk.give_back(&command.ledger, held, now).await,
        }
        written
    }

    async fn write(
        &self,
        member: Member,
        invitation: &Invitation,
        job: &MailJob,
    ) -> Result<Person, InvitePersonError> {
        let mut unit = self.store.begin(member.scope()).await?;
        let id = member.workspace_id;
        let workspace =
            hold_workspace(unit.as_mut(), member, (Resource::Users, Action::Create)).await?;
        let workspace = workspace.ok_or(InvitePersonError::NotFound)?;
        // It may have gone, or been given more, since it was looked up.
        let role = unit.roles().find(id, invitation.role_id).await?;
        let role = role.ok_or(InvitePersonError::UnknownRole)?;
        let giver = Giver::load(unit.as_mut(), id, member.user_id).await?;
        if !giver.holds(unit.as_mut(), &role).await? {
            return Err(InvitePersonError::CannotGrant);
        }
        let email = &invitation.email;
        if unit.memberships().find_by_email(id, email).await?.is_some() {
            return Err(InvitePersonError::AlreadyMember);
        }
        if unit
            .invitations()
            .count_open(id, invitation.created_at)
            .await?
            >= MAX_INVITATIONS
        {
            return Err(InvitePersonError::TooMany);
        }
        unit.invitations().insert(invitation).await?;
        unit.outbox().enqueue(job).await?;
        let sent = told(AuditAction::InvitationSent, invitation, Some(&role));
        let now = invitation.created_at;
        self.audit.record(unit.as_mut(), member, sent, now).await?;
        let entry = DirectoryEntry::Invited {
            invitation: Box::new(invitation.clone()),
            role,
        };
        let person = Person::load(unit.as_mut(), workspace, entry).await?;
        unit.commit().await?;
        Ok(person)
    }
}
