//! Replaces a password by way of a mailed link.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{
    EmailAddress, HashError, Language, NewPassword, PasswordHash, PasswordHasher, PasswordStrength,
    TokenPurpose, User,
};
use kogents_domain::digest::Digest;
use kogents_domain::mail::{Letter, MailJob, MailMessage, MailedToken, OutboxSignal};
use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use crate::audit::{AuditDesk, Deed, Doer};
use crate::mail::{Addressee, MailDesk, MailedTokens};
use crate::session::SessionGate;
use crate::signup::SignUp;

/// A mailed token and the password that is to be.
#[derive(Debug, Clone)]
pub struct ConfirmPasswordResetCommand {
    /// The token.
    pub token: MailedToken,
    /// The new password.
    pub password: NewPassword,
    /// The client's address, to tell the owner.
    pub ip_address: IpAddr,
    /// The language to write in where the owner has set none.
    pub language: Language,
}

/// Why the password is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmPasswordResetError {
    /// Unknown, of another purpose, used or expired.
    #[error("the token is not good")]
    Invalid,
    /// The password is too easily guessed. The token stays good.
    #[error("the password is too easily guessed")]
    WeakPassword,
    /// The password was not hashed. The token stays good.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Replaces a password, ends every session of its owner, voids what else was mailed to them to act
/// by, and tells them.
pub struct ConfirmPasswordReset {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads tokens.
    pub tokens: Arc<MailedTokens>,
    /// Hashes the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Judges it.
    pub strength: Arc<dyn PasswordStrength>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
    /// Tells of the change and of what ended.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ConfirmPasswordReset {
    /// Replaces it and gives the account's address.
    ///
    /// # Errors
    /// See [`ConfirmPasswordResetError`].
    pub async fn run(
        &self,
        command: ConfirmPasswordResetCommand,
    ) -> Result<EmailAddress, ConfirmPasswordResetError> {
        let digest = self.tokens.digest(&command.token);
        let (owner, addressee) = self.owner(&digest, &command.language).await?;

        let mut context = SignUp::password_context(Some(&owner.email), Some(&owner.name));
        context.extend(addressee.brand.as_ref().map(|brand| brand.name.clone()));
        if !self.strength.is_strong(&command.password, context).await? {
            return Err(ConfirmPasswordResetError::WeakPassword);
        }
        let hash = self.hasher.hash(&command.password).await?;

        let now = self.clock.now();
        // Whoever has the mailed token is taken for the owner.
        let by = Doer::person(owner.id, command.ip_address).in_workspace(addressee.workspace_id);
        let notice = self.notice(&owner, addressee, command.ip_address, now);
        let fence = self.gate.fence(owner.id, now).await;
        let replaced = self
            .replace((&owner, by), &digest, &hash, &notice, now)
            .await;
        self.gate.lift(owner.id, fence, now).await;
        replaced?;
        self.signal.wake();
        Ok(owner.email)
    }

    /// Whose token it is, if it is good now and they may sign in.
    async fn owner(
        &self,
        digest: &Digest,
        language: &Language,
    ) -> Result<(User, Addressee), ConfirmPasswordResetError> {
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let token = unit
            .one_time_tokens()
            .find(TokenPurpose::PasswordReset, digest, now)
            .await?;
        let id = token
            .and_then(|token| token.user_id)
            .ok_or(ConfirmPasswordResetError::Invalid)?;
        let owner = unit
            .users()
            .find(id)
            .await?
            .filter(|user| !user.is_suspended())
            .ok_or(ConfirmPasswordResetError::Invalid)?;
        let addressee = Addressee::load(unit.as_mut(), &owner, Some(language)).await?;
        Ok((owner, addressee))
    }

    fn notice(
        &self,
        owner: &User,
        addressee: Addressee,
        ip_address: IpAddr,
        now: Timestamp,
    ) -> MailJob {
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::PasswordChanged {
                name: owner.name.as_str().to_owned(),
                ip_address: ip_address.to_string(),
                at: now,
            },
        };
        self.mail
            .job(&letter, &owner.email, addressee.language, now)
    }

    async fn replace(
        &self,
        (owner, by): (&User, Doer),
        digest: &Digest,
        hash: &PasswordHash,
        notice: &MailJob,
        now: Timestamp,
    ) -> Result<(), ConfirmPasswordResetError> {
        let mut unit = self.store.begin(Scope::Person(owner.id)).await?;
        // Sign-ins at the same moment wait, and then meet the new password.
        let user = unit.users().find_for_update(owner.id).await?;
        let user = user
            .filter(|user| !user.is_suspended() && user.email == owner.email)
            .ok_or(ConfirmPasswordResetError::Invalid)?;
        let purpose = TokenPurpose::PasswordReset;
        let token = unit.one_time_tokens().consume(purpose, digest, now).await?;
        if token.is_none_or(|token| token.user_id != Some(owner.id)) {
            return Err(ConfirmPasswordResetError::Invalid);
        }
        unit.users()
            .replace_password_hash(owner.id, &user.password_hash, hash, now)
            .await?;
        for purpose in TokenPurpose::ALL {
            unit.one_time_tokens()
                .void_all(owner.id, purpose, now)
                .await?;
        }
        let changed = Deed::to(AuditAction::PasswordChanged, owner.id).with("by", "reset");
        self.audit.record(unit.as_mut(), by, changed, now).await?;
        let ended = unit
            .sessions()
            .end_others(owner.id, None, EndReason::PasswordChanged, now)
            .await?;
        self.audit
            .record_ended(unit.as_mut(), by, &ended, now)
            .await?;
        unit.outbox().enqueue(notice).await?;
        unit.commit().await?;
        Ok(())
    }
}
