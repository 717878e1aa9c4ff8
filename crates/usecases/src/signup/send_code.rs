//! Mails the code that proves an address.

use std::sync::Arc;

use kogents_domain::auth::EmailAddress;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::UserId;
use kogents_domain::limits::{Limit, LimitLedger, LimitRule, LimitStanding};
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage, OutboxSignal};
use kogents_domain::random::SecureRandom;
use kogents_domain::signup::{
    CodePolicy, IssueCode, IssuedCode, OtpCode, PendingSignup, SignupToken, WorkspaceDraft,
};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::{AccountExists, DraftBox, DraftError, OpenDraft};
use crate::limits::{Limited, RateLimits};
use crate::mail::{Addressee, MailDesk};

/// For which signup to send a code.
#[derive(Debug, Clone)]
pub struct SendCodeCommand {
    /// The signup.
    pub token: SignupToken,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// A code on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSent {
    /// The address it goes to.
    pub email: EmailAddress,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// When the next one may be asked for.
    pub resend_available_at: Timestamp,
    /// Guesses left.
    pub attempts_remaining: u32,
}

/// Why no code was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendCodeError {
    /// Unknown, expired or finished signup.
    #[error("no such signup")]
    NotFound,
    /// No workspace has been chosen yet.
    #[error("a workspace must be chosen first")]
    WorkspaceRequired,
    /// Too many codes were sent to this address.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The pause after the code before is not over.
    #[error("a code was sent a moment ago")]
    TooSoon {
        /// How long it still lasts.
        wait: Span,
    },
    /// The address has used up its guesses.
    #[error("too many wrong codes for this address")]
    Locked {
        /// How long that lasts.
        wait: Span,
    },
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store; the code has been withdrawn.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DraftError> for SendCodeError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound => Self::NotFound,
            DraftError::Cache(error) => Self::Cache(error),
        }
    }
}

/// Issues a code and queues its mail: the code's digest goes to the cache first, then the mail to
/// the outbox; if that fails the code is withdrawn.
pub struct SendCode {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// How codes are issued, to tell it.
    pub policy: CodePolicy,
    /// The pending signups.
    pub drafts: Arc<DraftBox>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
    /// Tells owners of accounts.
    pub account_exists: Arc<AccountExists>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes codes.
    pub random: Arc<dyn SecureRandom>,
}

/// How an address stands that has used up a budget of guesses.
pub(super) fn locked(policy: &CodePolicy, budget: &Limit, wait: Span) -> LimitStanding {
    let name = policy.address_budgets.name_of(budget);
    LimitStanding::refusing(name, budget.quota(), budget.window(), wait)
}

impl SendCode {
    /// Sends.
    ///
    /// # Errors
    /// See [`SendCodeError`].
    pub async fn run(&self, command: SendCodeCommand) -> Result<CodeSent, SendCodeError> {
        let now = self.clock.now();
        let ledger = &command.ledger;
        let draft = self.drafts.load(&command.token, now).await?;
        let Some(workspace) = draft.signup.workspace.as_ref() else {
            return Err(SendCodeError::WorkspaceRequired);
        };
        let mailbox = self.limits.mailbox(&draft.signup.email);
        let charged = [(LimitRule::SendEmail, mailbox)];
        let held = self.limits.take(ledger, &charged, now).await?;
        let sent = self.send(&draft, workspace, ledger, now).await;
        if sent.is_err() {
            // No code was sent, so none counts.
            self.limits.give_back(ledger, held, &[], now).await;
        }
        sent
    }

    /// Issues and queues. Limits that hold for codes themselves are told to the ledger.
    async fn send(
        &self,
        draft: &OpenDraft,
        workspace: &WorkspaceDraft,
        ledger: &LimitLedger,
        now: Timestamp,
    ) -> Result<CodeSent, SendCodeError> {
        let code = OtpCode::generate(self.random.as_ref());
        let issue = IssueCode {
            key: draft.key,
            code: self
                .drafts
                .digester
                .signup_code(&draft.key, &draft.signup.email, &code),
            now,
        };
        let (attempts_remaining, expires_at, resend_available_at) =
            match self.drafts.pending.issue_code(issue).await? {
                IssuedCode::Issued {
                    attempts_remaining,
                    expires_at,
                    resend_available_at,
                } => (attempts_remaining, expires_at, resend_available_at),
                IssuedCode::TooSoon { until } => {
                    let (pause, wait) = (self.policy.resend_pause, until.since(now));
                    ledger.note(LimitStanding::refusing("otp-resend", 1, pause, wait));
                    return Err(SendCodeError::TooSoon { wait });
                }
                IssuedCode::Locked { until, budget } => {
                    let wait = until.since(now);
                    ledger.note(locked(&self.policy, &budget, wait));
                    return Err(SendCodeError::Locked { wait });
                }
                IssuedCode::WorkspaceRequired => return Err(SendCodeError::WorkspaceRequired),
                IssuedCode::Gone => return Err(SendCodeError::NotFound),
            };

        let job = self.code_job(draft, workspace, code, now, expires_at);
        if let Err(error) = self.queue(&draft.signup, job, now, expires_at).await {
            if let Err(cache) = self.drafts.pending.withdraw_code(issue).await {
                tracing::warn!(error = %cache, "a code whose mail was not queued still counts");
            }
            return Err(error.into());
        }
        self.signal.wake();
        Ok(CodeSent {
            email: draft.signup.email.clone(),
            expires_at,
            resend_available_at,
            attempts_remaining,
        })
    }

    fn code_job(
        &self,
        draft: &OpenDraft,
        workspace: &WorkspaceDraft,
        code: OtpCode,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> MailJob {
        let minutes = expires_at.since(now).as_secs_floor() / 60;
        let message = MailMessage::VerificationCode {
            code,
            name: draft.signup.name.as_str().to_owned(),
            workspace: workspace.name.as_str().to_owned(),
            minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
        };
        let letter = Letter {
            brand: Some(MailBrand::of_draft(&workspace.name, &workspace.branding)),
            message,
        };
        MailJob {
            replace_key: Some(self.mail.key("signup_code", &draft.key)),
            expires_at: Some(expires_at),
            ..self.mail.job(
                &letter,
                &draft.signup.email,
                draft.signup.language.clone(),
                now,
            )
        }
    }

    async fn queue(
        &self,
        signup: &PendingSignup,
        mut job: MailJob,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.read(Scope::System).await?;
        let owner = unit.users().find_by_email(&signup.email).await?;
        let told = match owner {
            Some(owner) => {
                let language = Some(&signup.language);
                let addressee = Addressee::load(unit.as_mut(), &owner, language).await?;
                Some((owner, addressee))
            }
            None => {
                // As much is read for nobody, so that the answer takes as long.
                let nobody = UserId::from_uuid(self.mail.ids.next());
                unit.memberships().find_standing(nobody, None).await?;
                None
            }
        };
        drop(unit);
        let notice = told.map(|(owner, addressee)| self.account_exists.job(&owner, addressee, now));
        if notice.is_some() {
            // An address with an account gets no code. The same row is written all the same, so
            // that the answer takes as long; it is not due before it has expired.
            job.run_at = expires_at;
        }

        let mut unit = self.store.begin(Scope::System).await?;
        unit.outbox().enqueue(&job).await?;
        if let Some(notice) = notice {
            unit.outbox().enqueue(&notice).await?;
        }
        unit.commit().await
    }
}
