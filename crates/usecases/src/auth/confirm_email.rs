//! Gives a person the new address whose mailbox has confirmed it.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{EmailAddress, Language, TokenPurpose, User};
use kogents_domain::digest::Digest;
use kogents_domain::ids::SessionId;
use kogents_domain::mail::{Letter, MailJob, MailMessage, MailedToken, OutboxSignal};
use kogents_domain::session::EndReason;
use kogents_domain::store::{Constraint, Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use serde::{Deserialize, Serialize};

use crate::audit::{AuditDesk, Deed, Doer};
use crate::mail::{Addressee, MailDesk, MailedTokens};
use crate::session::SessionGate;

/// A mailed token.
#[derive(Debug, Clone)]
pub struct ConfirmEmailCommand {
    /// The token.
    pub token: MailedToken,
    /// The client's address.
    pub ip_address: IpAddr,
    /// The language to write in where the person has set none.
    pub language: Language,
}

/// What a token to confirm an address is about; it rests sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChange {
    /// The new address.
    pub email: EmailAddress,
    /// The session that asked for the change, which goes on.
    pub asked_by: SessionId,
}

/// Why the address is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmEmailError {
    /// Unknown, of another purpose, used or expired; or the address has an account meanwhile.
    #[error("the token is not good")]
    Invalid,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives a person their new address, ends their sessions but the one that asked, voids every link that
/// was mailed to the old address to act by, and tells the old one.
pub struct ConfirmEmail {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads tokens.
    pub tokens: Arc<MailedTokens>,
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

impl ConfirmEmail {
    /// Changes the address and gives the new one.
    ///
    /// # Errors
    /// See [`ConfirmEmailError`].
    pub async fn run(
        &self,
        command: ConfirmEmailCommand,
    ) -> Result<EmailAddress, ConfirmEmailError> {
        let now = self.clock.now();
        let digest = self.tokens.digest(&command.token);
        let mut unit = self.store.read(Scope::System).await?;
        let token = unit
            .one_time_tokens()
            .find(TokenPurpose::ConfirmEmail, &digest, now)
            .await?
            .ok_or(ConfirmEmailError::Invalid)?;
        let id = token.user_id.ok_or(ConfirmEmailError::Invalid)?;
        let owner = unit
            .users()
            .find(id)
            .await?
            .filter(|user| !user.is_suspended())
            .ok_or(ConfirmEmailError::Invalid)?;
        let addressee = Addressee::load(unit.as_mut(), &owner, Some(&command.language)).await?;
        drop(unit);

        let about: Option<EmailChange> = self.tokens.about(&token);
        let change = about.ok_or(ConfirmEmailError::Invalid)?;
        // Whoever has the mailed token is taken for the owner.
        let by = Doer::person(owner.id, command.ip_address).in_workspace(addressee.workspace_id);
        let notice = self.notice(&owner, addressee, &change.email, now);
        let fence = self.gate.fence(owner.id, now).await;
        let changed = self
            .commit((&owner, by), &digest, &change, &notice, now)
            .await;
        self.gate.lift(owner.id, fence, now).await;
        match changed {
            Err(ConfirmEmailError::Store(StoreError::Conflict(Constraint::UserEmail))) => {
                return Err(ConfirmEmailError::Invalid);
            }
            other => other?,
        }
        self.signal.wake();
        Ok(change.email)
    }

    fn notice(
        &self,
        owner: &User,
        addressee: Addressee,
        new: &EmailAddress,
        now: Timestamp,
    ) -> MailJob {
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::EmailChanged {
                name: owner.name.as_str().to_owned(),
                new_address: new.masked(),
                at: now,
            },
        };
        self.mail
            .job(&letter, &owner.email, addressee.language, now)
    }

    async fn commit(
        &self,
        (owner, by): (&User, Doer),
        digest: &Digest,
        change: &EmailChange,
        notice: &MailJob,
        now: Timestamp,
    ) -> Result<(), ConfirmEmailError> {
        let mut unit = self.store.begin(Scope::Person(owner.id)).await?;
        let user = unit.users().find_for_update(owner.id).await?;
        user.filter(|user| !user.is_suspended() && user.email == owner.email)
            .ok_or(ConfirmEmailError::Invalid)?;
        let purpose = TokenPurpose::ConfirmEmail;
        let token = unit.one_time_tokens().consume(purpose, digest, now).await?;
        if token.is_none_or(|token| token.user_id != Some(owner.id)) {
            return Err(ConfirmEmailError::Invalid);
        }
        unit.users().set_email(owner.id, &change.email, now).await?;
        for purpose in TokenPurpose::ALL {
            unit.one_time_tokens()
                .void_all(owner.id, purpose, now)
                .await?;
        }
        let keep = Some(change.asked_by);
        let changed = Deed::to(AuditAction::EmailChanged, owner.id);
        self.audit.record(unit.as_mut(), by, changed, now).await?;
        let ended = unit
            .sessions()
            .end_others(owner.id, keep, EndReason::EmailChanged, now)
            .await?;
        self.audit
            .record_ended(unit.as_mut(), by, &ended, now)
            .await?;
        unit.outbox().enqueue(notice).await?;
        unit.commit().await?;
        Ok(())
    }
}
