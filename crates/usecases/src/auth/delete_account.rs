//! Deletes a person's account, because they want it gone.

use std::sync::Arc;

use kogents_domain::auth::{EnteredPassword, Language, User};
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::{Letter, MailJob, MailMessage, OutboxSignal};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::{Caller, EmailChangeDesk, Reauthenticate, ReauthenticateCommand, ReauthenticateError};
use crate::audit::AuditDesk;
use crate::mail::{Addressee, MailDesk};
use crate::session::SessionGate;
use deletion::{Deleted, Deletion};

mod deletion;

/// Who wants to be gone.
#[derive(Debug, Clone)]
pub struct DeleteAccountCommand {
    /// Who.
    pub caller: Caller,
    /// Their present password.
    pub password: Option<EnteredPassword>,
    /// The language to write in where the person has set none.
    pub language: Language,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// How long the notice is tried: the address is kept no longer than it takes to tell its owner.
const NOTICE_LIFETIME: Span = Span::from_secs(3 * 24 * 3_600);

/// Why the account is still there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeleteAccountError {
    /// The password was not proven.
    #[error(transparent)]
    Reauthentication(#[from] ReauthenticateError),
    /// A workspace would be left without an active admin.
    #[error("the last active admin of a workspace")]
    LastAdmin,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes the caller with all that is kept of them: sessions, devices, memberships, mailed tokens
/// and mail that waits. The audit log keeps what was done and forgets that it was they. What they
/// made in a workspace is the workspace's and stays. The address may sign up again at once.
pub struct DeleteAccount {
    /// Asks for the password.
    pub reauthenticate: Arc<Reauthenticate>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Knows the mails to addresses that the person wanted to have.
    pub desk: Arc<EmailChangeDesk>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
    /// Writes the audit log.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DeleteAccount {
    /// A person who changes while the password is compared is compared once more.
    const ATTEMPTS: u8 = 2;

    /// Deletes it.
    ///
    /// # Errors
    /// See [`DeleteAccountError`].
    pub async fn run(&self, command: DeleteAccountCommand) -> Result<(), DeleteAccountError> {
        for _ in 0..Self::ATTEMPTS {
            let proven = self.prove(&command).await?;
            let addressee = self.addressee(&command, &proven).await?;
            let now = self.clock.now();
            let deletion = Deletion {
                notice: self.notice(&proven, addressee, now),
                owner: proven,
                now,
            };
            let fence = self.gate.fence(deletion.owner.id, now).await;
            let deleted = deletion.commit(self).await;
            self.gate.lift(deletion.owner.id, fence, now).await;
            match deleted? {
                Deleted::Done => {
                    self.signal.wake();
                    return Ok(());
                }
                Deleted::LastAdmin => return Err(DeleteAccountError::LastAdmin),
                Deleted::Changed => {}
            }
        }
        Err(ReauthenticateError::Required.into())
    }

    async fn prove(&self, command: &DeleteAccountCommand) -> Result<User, ReauthenticateError> {
        let proof = ReauthenticateCommand {
            user_id: command.caller.user_id,
            session_id: command.caller.session_id,
            password: command.password.clone(),
            ip_address: command.caller.ip_address,
            ledger: command.ledger.clone(),
        };
        self.reauthenticate.run(proof).await
    }

    async fn addressee(
        &self,
        command: &DeleteAccountCommand,
        owner: &User,
    ) -> Result<Addressee, StoreError> {
        let mut unit = self.store.read(Scope::System).await?;
        Addressee::load(unit.as_mut(), owner, Some(&command.language)).await
    }

    /// The last mail to the person. It takes the place of one that would let a new address be
    /// confirmed, to whomever that was to go.
    fn notice(&self, owner: &User, addressee: Addressee, now: Timestamp) -> MailJob {
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::AccountDeleted {
                name: owner.name.as_str().to_owned(),
                at: now,
            },
        };
        let language = addressee.language;
        MailJob {
            replace_key: Some(self.desk.replace_key(owner.id)),
            expires_at: Some(now.plus(NOTICE_LIFETIME)),
            ..self.mail.job(&letter, &owner.email, language, now)
        }
    }
}
