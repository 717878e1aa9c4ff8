//! Changes the role and the status of one of a workspace's directory.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource, Role, RoleName};
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{EmailAddress, PersonName, PhoneNumber, User};
use kogents_domain::session::EndReason;
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryId, Invitation, Membership, MembershipStatus,
};

use super::fenced::{IsFenced, is_member};
use super::giver::{Giver, is_vouched_for, role_to_give};
use super::last_admin::is_last_admin;
use super::{Member, Person, hold_workspace};
use crate::audit::{AuditDesk, Deed};
use crate::session::SessionGate;

/// What somebody is to be; what is None stays.
#[derive(Debug, Clone)]
pub struct ChangePersonCommand {
    /// Who changes them.
    pub member: Member,
    /// Whom: a person or an invitation.
    pub id: DirectoryId,
    /// The name of the role to give.
    pub role_name: Option<RoleName>,
    /// The status.
    pub status: Option<MembershipStatus>,
    /// What the client believes of what is the person's own.
    pub own: OwnValues,
}

/// What only the person changes, as the client sent it along: it has to be what it is.
#[derive(Debug, Clone, Default)]
pub struct OwnValues {
    /// The name.
    pub name: Option<PersonName>,
    /// The telephone number; Some(None): none.
    pub phone: Option<Option<PhoneNumber>>,
    /// The address.
    pub email: Option<EmailAddress>,
    /// Whether a password came along.
    pub has_password: bool,
}

impl OwnValues {
    fn are(&self, name: &PersonName, phone: Option<&PhoneNumber>, email: &EmailAddress) -> bool {
        let same_name = self.name.as_ref().is_none_or(|sent| sent == name);
        let same_phone = self
            .phone
            .as_ref()
            .is_none_or(|sent| sent.as_ref() == phone);
        let sent = self.email.as_ref();
        let same_email = sent.is_none_or(|sent| sent.normalised() == email.normalised());
        same_name && same_phone && same_email && !self.has_password
    }
}

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangePersonError {
    /// The workspace has neither a member nor an invitation of this id.
    #[error("nobody of this id")]
    NotFound,
    /// The workspace has no such role to give.
    #[error("no such role")]
    UnknownRole,
    /// A member is never pending.
    #[error("a member cannot be pending")]
    NeverPending,
    /// What is the person's own, or the status of somebody who is not there yet.
    #[error("not theirs to change")]
    NotTheirs,
    /// The new role, or the present one, holds what the caller does not.
    #[error("beyond what the caller holds")]
    CannotGrant,
    /// The workspace would be left without an active admin.
    #[error("the last active admin")]
    LastAdmin,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives members and the invited another role, and members another status. Who is not active any
/// more is signed out of the workspace.
pub struct ChangePerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of the change and of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ChangePerson {
    /// Changes one and gives them as they are then.
    ///
    /// # Errors
    /// See [`ChangePersonError`].
    pub async fn run(&self, command: ChangePersonCommand) -> Result<Person, ChangePersonError> {
        let now = self.clock.now();
        if !is_member(self.store.as_ref(), command.member, command.id).await? {
            return self.change(&command, IsFenced(false), now).await;
        }
        let user = command.id.as_user();
        let fence = self.gate.fence(user, now).await;
        let changed = self.change(&command, IsFenced(true), now).await;
        self.gate.lift(user, fence, now).await;
        changed
    }

    async fn change(
        &self,
        command: &ChangePersonCommand,
        IsFenced(is_fenced): IsFenced,
        now: Timestamp,
    ) -> Result<Person, ChangePersonError> {
        let id = command.member.workspace_id;
        let mut unit = self.store.begin(command.member.scope()).await?;
        let workspace = hold_workspace(
            unit.as_mut(),
            command.member,
            (Resource::Users, Action::Edit),
        )
        .await?;
        let workspace = workspace.ok_or(ChangePersonError::NotFound)?;
        let found = unit.directory().find(id, command.id).await?;
        let new_role = match &command.role_name {
            Some(name) => Some(role_to_give(unit.as_mut(), id, name).await?),
            None => None,
        };
        match found.ok_or(ChangePersonError::NotFound)? {
            DirectoryEntry::Member {
                user,
                membership,
                role,
                last_active_at: _,
            } => {
                if !is_fenced {
                    // They came in after they were asked for.
                    return Err(ChangePersonError::NotFound);
                }
                let role = changed_role(command, role, new_role)?;
                let whom = (&*user, membership);
                self.change_member(unit.as_mut(), command, whom, role, now)
                    .await?;
            }
            DirectoryEntry::Invited { invitation, role } => {
                let role = changed_role(command, role, new_role)?;
                self.change_invitation(unit.as_mut(), command, *invitation, role, now)
                    .await?;
            }
        }
        let person = Person::find(unit.as_mut(), workspace, command.id).await?;
        let person = person.ok_or(ChangePersonError::NotFound)?;
        unit.commit().await?;
        Ok(person)
    }
}

/// The role that somebody has, and the one they are to have.
struct RoleChange {
    present: Role,
    next: Option<Role>,
}

/// `found` is the role to give, if one was named: None on the inside when there is none.
fn changed_role(
    command: &ChangePersonCommand,
    present: Role,
    found: Option<Option<Role>>,
) -> Result<RoleChange, ChangePersonError> {
    // Who keeps a role that is not given any more is given nothing.
    let keeps = command.role_name.as_ref() == Some(&present.name);
    let next = match found {
        Some(found) if !keeps => Some(found.ok_or(ChangePersonError::UnknownRole)?),
        Some(_) | None => None,
    };
    Ok(RoleChange { present, next })
}

impl RoleChange {
    /// Nobody gives what they do not hold, or changes somebody else who holds what they do not.
    async fn check(
        &self,
        unit: &mut dyn UnitOfWork,
        command: &ChangePersonCommand,
    ) -> Result<Giver, ChangePersonError> {
        let Member {
            workspace_id,
            user_id,
            ..
        } = command.member;
        let giver = Giver::load(unit, workspace_id, user_id).await?;
        let is_self = command.id == user_id.into();
        if !is_self && !giver.holds(unit, &self.present).await? {
            return Err(ChangePersonError::CannotGrant);
        }
        if let Some(next) = &self.next
            && !giver.holds(unit, next).await?
        {
            return Err(ChangePersonError::CannotGrant);
        }
        Ok(giver)
    }
}

impl ChangePerson {
    async fn change_member(
        &self,
        unit: &mut dyn UnitOfWork,
        command: &ChangePersonCommand,
        (user, before): (&User, Membership),
        change: RoleChange,
        now: Timestamp,
    ) -> Result<(), ChangePersonError> {
        let status = command.status.unwrap_or(before.status);
        if status == MembershipStatus::Pending {
            return Err(ChangePersonError::NeverPending);
        }
        if !command
            .own
            .are(&user.name, user.phone.as_ref(), &user.email)
        {
            return Err(ChangePersonError::NotTheirs);
        }
        if change.next.is_none() && status == before.status {
            return Ok(());
        }
        change.check(unit, command).await?;
        let loses_admin = change.next.is_some() || status != MembershipStatus::Active;
        if loses_admin && is_last_admin(unit, user, &before, &change.present).await? {
            return Err(ChangePersonError::LastAdmin);
        }
        let role = change.next.as_ref().unwrap_or(&change.present);
        let changed = Deed::to(AuditAction::MemberChanged, user.id)
            .with_change("role", change.present.name.as_str(), role.name.as_str())
            .with_change("status", before.status.as_str(), status.as_str());
        let after = Membership {
            role_id: role.id,
            status,
            updated_at: now,
            ..before
        };
        // Who signs in at this moment waits, and then finds the membership as it is now. The person's
        // row comes before their other rows, as everywhere, so that no two wait for each other.
        unit.users().find_for_update(user.id).await?;
        unit.memberships().update(&after).await?;
        let by = command.member;
        self.audit.record(unit, by, changed, now).await?;
        if status != MembershipStatus::Active {
            let ended = unit
                .sessions()
                .end_in_workspace(user.id, after.workspace_id, EndReason::Suspended, now)
                .await?;
            self.audit.record_ended(unit, by, &ended, now).await?;
        }
        Ok(())
    }

    async fn change_invitation(
        &self,
        unit: &mut dyn UnitOfWork,
        command: &ChangePersonCommand,
        before: Invitation,
        change: RoleChange,
        now: Timestamp,
    ) -> Result<(), ChangePersonError> {
        let stays_pending = |status| status == MembershipStatus::Pending;
        let is_pending = command.status.is_none_or(stays_pending);
        let own = &command.own;
        if !is_pending || !own.are(&before.name, before.phone.as_ref(), &before.email) {
            return Err(ChangePersonError::NotTheirs);
        }
        if change.next.is_none() {
            return Ok(());
        }
        let giver = change.check(unit, command).await?;
        let Some(role) = change.next.as_ref() else {
            return Ok(());
        };
        // Somebody has to vouch for the new role when the invitation is accepted.
        let invited_by = if is_vouched_for(unit, before.invited_by, role).await? {
            before.invited_by
        } else if giver.may_invite() {
            Some(command.member.user_id)
        } else {
            return Err(ChangePersonError::CannotGrant);
        };
        let after = Invitation {
            role_id: role.id,
            invited_by,
            updated_at: now,
            ..before
        };
        unit.invitations().update(&after).await?;
        let changed = Deed::to(AuditAction::InvitationChanged, after.id)
            .with("email", after.email.masked())
            .with_change("role", change.present.name.as_str(), role.name.as_str());
        self.audit
            .record(unit, command.member, changed, now)
            .await?;
        Ok(())
    }
}
