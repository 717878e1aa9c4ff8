//! Changes what a person says of themselves, their password, and the address they want to have.

mod attempts;
mod change;
mod command;

use std::sync::Arc;

use kogents_domain::auth::{HashError, PasswordHasher, PasswordStrength, User};
use kogents_domain::limits::{LimitRule, LimitSubject};
use kogents_domain::mail::OutboxSignal;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::{
    EmailChangeDesk, Profile, ReadProfile, ReadProfileError, Reauthenticate, ReauthenticateCommand,
    ReauthenticateError,
};
use crate::audit::AuditDesk;
use crate::limits::{Held, Limited, RateLimits};
use crate::mail::MailDesk;
use crate::session::SessionGate;
use change::{Change, Written};
pub use command::UpdateProfileCommand;

/// Why nothing was changed, not even what needs no password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateProfileError {
    /// The person is gone or suspended: the session is nobody's any more.
    #[error("the person is gone")]
    Gone,
    /// The new password is too easily guessed.
    #[error("the password is too easily guessed")]
    WeakPassword,
    /// The present password was not proven.
    #[error(transparent)]
    Reauthentication(#[from] ReauthenticateError),
    /// Too many changes of address were asked for, by this person or to this address.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The new password was not judged or hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReadProfileError> for UpdateProfileError {
    fn from(error: ReadProfileError) -> Self {
        match error {
            ReadProfileError::Gone => Self::Gone,
            ReadProfileError::Store(error) => Self::Store(error),
        }
    }
}

/// Changes the caller's own profile.
///
/// A new password takes effect at once: the other sessions end, mailed links to another password or
/// address are void, and the person is told. A new address takes effect when its mailbox confirms;
/// whether it has an account shows neither in the answer nor in its time.
pub struct UpdateProfile {
    /// Reads the profile as it is.
    pub profiles: Arc<ReadProfile>,
    /// Asks for the password.
    pub reauthenticate: Arc<Reauthenticate>,
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Hashes the new password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Judges it.
    pub strength: Arc<dyn PasswordStrength>,
    /// Makes what a change of address begins with.
    pub desk: Arc<EmailChangeDesk>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Writes the audit log.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl UpdateProfile {
    /// Changes it and gives it as it is then.
    ///
    /// # Errors
    /// See [`UpdateProfileError`].
    pub async fn run(&self, command: UpdateProfileCommand) -> Result<Profile, UpdateProfileError> {
        let profile = self.profiles.run(command.caller).await?;
        let user = if command.needs_proof(&profile.user) {
            self.with_proof(&command, &profile).await?
        } else {
            self.without_proof(&command, &profile.user).await?
        };
        Ok(Profile { user, ..profile })
    }

    async fn without_proof(
        &self,
        command: &UpdateProfileCommand,
        present: &User,
    ) -> Result<User, UpdateProfileError> {
        let now = self.clock.now();
        if present.changed(command.change.clone(), now).is_none() {
            return Ok(present.clone());
        }
        let change = Change {
            caller: command.caller,
            told: &command.change,
            proven: None,
            password: None,
            email: None,
        };
        match change.commit(self, now).await? {
            Written::Done(user) => Ok(*user),
            Written::Changed | Written::Gone => Err(UpdateProfileError::Gone),
        }
    }

    async fn with_proof(
        &self,
        command: &UpdateProfileCommand,
        present: &Profile,
    ) -> Result<User, UpdateProfileError> {
        if let Some(password) = command.new_password() {
            let context = command.password_context(present);
            if !self.strength.is_strong(password, context).await? {
                return Err(UpdateProfileError::WeakPassword);
            }
        }
        let proven = self.prove(command).await?;
        let held = self.count(command, &proven).await?;
        let changed = self.attempts(command, proven).await;
        if let (Err(_), Some((held, at))) = (&changed, held) {
            // No mail was queued.
            self.limits.give_back(&command.ledger, held, &[], at).await;
        }
        changed
    }

    async fn prove(&self, command: &UpdateProfileCommand) -> Result<User, ReauthenticateError> {
        let proof = ReauthenticateCommand {
            user_id: command.caller.user_id,
            session_id: command.caller.session_id,
            password: command.current_password.clone(),
            ip_address: command.caller.ip_address,
            ledger: command.ledger.clone(),
        };
        self.reauthenticate.run(proof).await
    }

    /// Counts a change of address, of the person and to the address, whether that has an account or
    /// not.
    async fn count(
        &self,
        command: &UpdateProfileCommand,
        proven: &User,
    ) -> Result<Option<(Held, Timestamp)>, Limited> {
        let Some(email) = command.new_email(proven) else {
            return Ok(None);
        };
        let now = self.clock.now();
        // The person is counted by who they are, not by their address: what somebody else asks for
        // to that address would tell otherwise whether it has an account.
        let charged = [
            (LimitRule::ChangeEmail, LimitSubject::Person(proven.id)),
            (LimitRule::ChangeEmail, self.limits.mailbox(email)),
        ];
        let held = self.limits.take(&command.ledger, &charged, now).await?;
        Ok(Some((held, now)))
    }
}
