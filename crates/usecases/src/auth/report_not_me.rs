//! Hears that a sign-in was somebody else's.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{Language, TokenPurpose, User};
use kogents_domain::digest::Digest;
use kogents_domain::ids::SessionId;
use kogents_domain::mail::{MailedToken, OutboxSignal};
use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use serde::{Deserialize, Serialize};

use super::ResetDesk;
use super::reset_desk::Reset;
use crate::audit::{AuditDesk, Deed, Doer};
use crate::mail::{Addressee, MailedTokens};
use crate::session::SessionGate;

/// A mailed token.
#[derive(Debug, Clone)]
pub struct ReportNotMeCommand {
    /// The token.
    pub token: MailedToken,
    /// The client's address.
    pub ip_address: IpAddr,
    /// The language to write in where the person has set none.
    pub language: Language,
}

/// What a token to object is about; it rests sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedSession {
    /// The session that the mail told of.
    pub session: SessionId,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportNotMeError {
    /// Unknown, of another purpose, used or expired.
    #[error("the token is not good")]
    Invalid,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the session that the mail told of, which was opened with the password, and mails its owner
/// the link by which they choose another.
pub struct ReportNotMe {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads tokens.
    pub tokens: Arc<MailedTokens>,
    /// Makes resets.
    pub desk: Arc<ResetDesk>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of the report and of what ended.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ReportNotMe {
    /// Ends the session and begins a reset.
    ///
    /// # Errors
    /// See [`ReportNotMeError`].
    pub async fn run(&self, command: ReportNotMeCommand) -> Result<(), ReportNotMeError> {
        let now = self.clock.now();
        let digest = self.tokens.digest(&command.token);
        let mut unit = self.store.read(Scope::System).await?;
        let token = unit
            .one_time_tokens()
            .find(TokenPurpose::NotMe, &digest, now)
            .await?
            .ok_or(ReportNotMeError::Invalid)?;
        let id = token.user_id.ok_or(ReportNotMeError::Invalid)?;
        let owner = unit
            .users()
            .find(id)
            .await?
            .ok_or(ReportNotMeError::Invalid)?;
        let addressee = Addressee::load(unit.as_mut(), &owner, Some(&command.language)).await?;
        drop(unit);

        let about: Option<ReportedSession> = self.tokens.about(&token);
        let reported = about.ok_or(ReportNotMeError::Invalid)?;
        // Whoever has the mailed token is taken for the owner.
        let by = Doer::person(owner.id, command.ip_address).in_workspace(addressee.workspace_id);
        // Who is suspended cannot sign in with another password either.
        let reset = (!owner.is_suspended()).then(|| {
            let (name, email) = (owner.name.as_str(), &owner.email);
            self.desk
                .prepare(Some(owner.id), name, email, addressee, now)
        });
        tracing::warn!(user = %owner.id, session = %reported.session,
            "a person says that a sign-in was somebody else's; its session ends");
        let fence = self.gate.fence(owner.id, now).await;
        let done = self
            .commit((&owner, by), &digest, reported.session, reset, now)
            .await;
        self.gate.lift(owner.id, fence, now).await;
        done?;
        self.signal.wake();
        Ok(())
    }

    async fn commit(
        &self,
        (owner, by): (&User, Doer),
        digest: &Digest,
        session: SessionId,
        reset: Option<Reset>,
        now: Timestamp,
    ) -> Result<(), ReportNotMeError> {
        let mut unit = self.store.begin(Scope::Person(owner.id)).await?;
        // Whose address was changed a moment ago is not mailed at the old one.
        let user = unit.users().find_for_update(owner.id).await?;
        user.filter(|user| user.email == owner.email)
            .ok_or(ReportNotMeError::Invalid)?;
        let token = unit
            .one_time_tokens()
            .consume(TokenPurpose::NotMe, digest, now)
            .await?;
        if token.is_none_or(|token| token.user_id != Some(owner.id)) {
            return Err(ReportNotMeError::Invalid);
        }
        // It is told of where the session is, as far as that is known.
        let found = unit.sessions().find(session).await?;
        let by = match found {
            Some(found) => by.in_workspace(found.workspace_id),
            None => by,
        };
        let reported = Deed::to(AuditAction::SignInReported, session);
        self.audit.record(unit.as_mut(), by, reported, now).await?;
        // One that has ended stays as it is.
        let ended = unit
            .sessions()
            .end(session, EndReason::Revoked, now)
            .await?;
        self.audit
            .record_ended(unit.as_mut(), by, ended.as_slice(), now)
            .await?;
        if let Some(reset) = reset {
            self.desk.begin(unit.as_mut(), &reset).await?;
        }
        unit.commit().await?;
        Ok(())
    }
}
