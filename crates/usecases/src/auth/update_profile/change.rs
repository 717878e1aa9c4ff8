//! What of a profile is changed at once, in one unit of work.

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{PasswordHash, ProfileChange, TokenPurpose, User};
use kogents_domain::mail::MailJob;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;

use super::UpdateProfile;
use crate::audit::Deed;
use crate::auth::Caller;
use crate::auth::email_change_desk::EmailRequest;

/// A new password, hashed, and the mail that tells of it.
pub(super) struct NewSecret {
    pub(super) hash: PasswordHash,
    pub(super) notice: MailJob,
}

/// What is changed, prepared before the unit of work begins.
pub(super) struct Change<'a> {
    pub(super) caller: Caller,
    /// What the person says of themselves.
    pub(super) told: &'a ProfileChange,
    /// The person when they proved who they are; None: nothing of the change needs it.
    pub(super) proven: Option<&'a User>,
    /// The new password.
    pub(super) password: Option<NewSecret>,
    /// The request for a new address.
    pub(super) email: Option<EmailRequest>,
}

/// What came of a change.
pub(super) enum Written {
    /// It is made: the person as they are now.
    Done(Box<User>),
    /// The person changed since they proved who they are; nothing is written.
    Changed,
    /// There is no such person any more, or they are suspended; nothing is written.
    Gone,
}

impl Change<'_> {
    /// Whether mail is queued.
    pub(super) const fn is_mailed(&self) -> bool {
        self.password.is_some() || self.email.is_some()
    }

    /// Whether everything is said already.
    pub(super) fn is_none(&self, present: &User, now: Timestamp) -> bool {
        !self.is_mailed() && present.changed(self.told.clone(), now).is_none()
    }

    /// Writes all of it, or nothing.
    pub(super) async fn commit(
        &self,
        updating: &UpdateProfile,
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let id = self.caller.user_id;
        let mut unit = updating.store.begin(Scope::Person(id)).await?;
        // Sign-ins at the same moment wait, and then meet the new password.
        let found = unit.users().find_for_update(id).await?;
        let Some(mut user) = found.filter(|user| !user.is_suspended()) else {
            return Ok(Written::Gone);
        };
        if self.proven.is_some_and(|proven| !is_same(&user, proven)) {
            return Ok(Written::Changed);
        }
        if let Some(changed) = user.changed(self.told.clone(), now) {
            unit.users().update_profile(&changed).await?;
            user = changed;
        }
        if let Some(password) = &self.password {
            self.replace_password(unit.as_mut(), updating, (&user, password), now)
                .await?;
            user.password_hash = password.hash.clone();
            user.updated_at = now;
        }
        if let Some(request) = &self.email {
            updating.desk.begin(unit.as_mut(), request, now).await?;
            // The same whether the address has an account or not, so it says nothing of it.
            let deed = Deed::to(AuditAction::EmailChangeRequested, id);
            updating
                .audit
                .record(unit.as_mut(), self.caller, deed, now)
                .await?;
        }
        unit.commit().await?;
        Ok(Written::Done(Box::new(user)))
    }

    async fn replace_password(
        &self,
        unit: &mut dyn UnitOfWork,
        updating: &UpdateProfile,
        (user, new): (&User, &NewSecret),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        unit.users()
            .replace_password_hash(user.id, &user.password_hash, &new.hash, now)
            .await?;
        // What lets the person say that a sign-in was not theirs stays: it may be somebody else who
        // knows the password, and who has just changed it.
        for purpose in [TokenPurpose::PasswordReset, TokenPurpose::ConfirmEmail] {
            unit.one_time_tokens()
                .void_all(user.id, purpose, now)
                .await?;
        }
        let keep = Some(self.caller.session_id);
        let ended = unit
            .sessions()
            .end_others(user.id, keep, EndReason::PasswordChanged, now)
            .await?;
        unit.outbox().enqueue(&new.notice).await?;
        let deed = Deed::to(AuditAction::PasswordChanged, user.id).with("by", "profile");
        let audit = &updating.audit;
        audit.record(unit, self.caller, deed, now).await?;
        audit.record_ended(unit, self.caller, &ended, now).await
    }
}

/// Whether a person signs in today as they did when they proved who they are.
fn is_same(user: &User, proven: &User) -> bool {
    user.password_hash == proven.password_hash && user.email == proven.email
}
