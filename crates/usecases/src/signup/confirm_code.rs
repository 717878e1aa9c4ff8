//! Confirms a code: the signup becomes a person with a workspace and a session.

use std::sync::Arc;

use kogents_domain::auth::{NewUser, User};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{IdGenerator, UserId, WorkspaceId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage, OutboxSignal};
use kogents_domain::random::SecureRandom;
use kogents_domain::session::SessionRecord;
use kogents_domain::signup::{
    CodePolicy, CodeTry, Lease, OtpCode, PendingSignup, SignupToken, TriedCode, WorkspaceDraft,
};
use kogents_domain::store::{Constraint, Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};
use kogents_domain::workspace::ApiTokenSecret;

use super::send_code::locked;
use super::{DraftBox, DraftError};
use crate::audit::{AuditDesk, Doer};
use crate::auth::{SignedIn, TokenMinter};
use crate::mail::MailDesk;
use crate::session::{Client, OpenedBy, Opening, Prepared, SessionOpener};
use crate::workspace::{Founder, Founding};

/// A code and where it comes from.
#[derive(Debug, Clone)]
pub struct ConfirmCodeCommand {
    /// The signup.
    pub token: SignupToken,
    /// The code.
    pub code: OtpCode,
    /// What the request says of the client that makes it.
    pub client: Client,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// A person who has just signed up.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// The person, workspace and first session.
    pub signed_in: SignedIn,
    /// The workspace's API token, shown this once.
    pub api_token: ApiTokenSecret,
}

/// Why nothing was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmCodeError {
    /// Unknown, expired or finished signup.
    #[error("no such signup")]
    NotFound,
    /// The code is wrong.
    #[error("the code is wrong")]
    Invalid {
        /// Guesses left.
        attempts_remaining: u32,
    },
    /// The code was burnt by wrong guesses.
    #[error("the code was guessed wrong too often")]
    Exhausted,
    /// There is no code, or it has ended.
    #[error("there is no code to confirm")]
    NoCode,
    /// The address has used up its guesses.
    #[error("too many wrong codes for this address")]
    Locked {
        /// How long that lasts.
        wait: Span,
    },
    /// The same code is being confirmed at this moment.
    #[error("the signup is being confirmed")]
    InProgress,
    /// Somebody else got the slug meanwhile.
    #[error("the slug is taken")]
    SlugTaken,
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DraftError> for ConfirmCodeError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound => Self::NotFound,
            DraftError::Cache(error) => Self::Cache(error),
        }
    }
}

/// Confirms a code. A right one leases the signup; one transaction then makes person, workspace,
/// roles, membership, session, API token and welcome mail, and the store's constraints decide
/// between rivals.
pub struct ConfirmCode {
    /// How codes are tried, to tell it.
    pub policy: CodePolicy,
    /// The pending signups.
    pub drafts: Arc<DraftBox>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Opens the session.
    pub opener: Arc<SessionOpener>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
    /// Tells of what was made.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Makes the API token.
    pub random: Arc<dyn SecureRandom>,
}

/// Everything that one confirmation writes, but for the session.
struct Account {
    user: User,
    workspace: Founding,
    welcome: MailJob,
}

impl ConfirmCode {
    /// Confirms.
    ///
    /// # Errors
    /// See [`ConfirmCodeError`].
    pub async fn run(&self, command: ConfirmCodeCommand) -> Result<Confirmed, ConfirmCodeError> {
        let now = self.clock.now();
        let draft = self.drafts.load(&command.token, now).await?;
        let key = draft.key;
        let code = self
            .drafts
            .digester
            .signup_code(&key, &draft.signup.email, &command.code);
        let tried = self
            .drafts
            .pending
            .try_code(CodeTry { key, code, now })
            .await?;
        let (lease, entry) = match tried {
            TriedCode::Right { lease, entry } => (lease, entry),
            TriedCode::Wrong { attempts_remaining } => {
                return Err(ConfirmCodeError::Invalid { attempts_remaining });
            }
            TriedCode::Exhausted => return Err(ConfirmCodeError::Exhausted),
            TriedCode::NoCode => return Err(ConfirmCodeError::NoCode),
            TriedCode::Locked { until, budget } => {
                let wait = until.since(now);
                command.ledger.note(locked(&self.policy, &budget, wait));
                return Err(ConfirmCodeError::Locked { wait });
            }
            TriedCode::InProgress => return Err(ConfirmCodeError::InProgress),
            TriedCode::Gone => return Err(ConfirmCodeError::NotFound),
        };

        // The workspace may have been replaced since the first look.
        let signup = match self.drafts.open(key, entry) {
            Ok(draft) => draft.signup,
            Err(error) => {
                self.give_back(key, lease).await;
                return Err(error.into());
            }
        };
        let Some(workspace) = signup.workspace.clone() else {
            self.give_back(key, lease).await;
            return Err(ConfirmCodeError::NoCode);
        };
        let (account, first) = self.prepare(&signup, workspace, command.client, now);
        let session = match self.commit(&account, first, now).await {
            Ok(session) => session,
            Err(error) => return Err(self.explain(error, &signup, key, lease, now).await),
        };
        self.signal.wake();
        self.finish(key).await;

        let tokens = self.minter.pair(&session.session, now);
        Ok(Confirmed {
            signed_in: SignedIn {
                tokens,
                standing: Some(account.workspace.standing()),
                user: account.user,
                session,
            },
            api_token: account.workspace.api_token_secret,
        })
    }

    fn prepare(
        &self,
        signup: &PendingSignup,
        draft: WorkspaceDraft,
        client: Client,
        now: Timestamp,
    ) -> (Account, Prepared) {
        let user_id = UserId::from_uuid(self.ids.next());
        let workspace_id = WorkspaceId::from_uuid(self.ids.next());
        let founder = Founder {
            ids: self.ids.as_ref(),
            random: self.random.as_ref(),
            digester: self.drafts.digester.as_ref(),
        };
        let founding = founder.found(workspace_id, draft, user_id, now);
        let user = User::from_signup(
            NewUser {
                id: user_id,
                email: signup.email.clone(),
                name: signup.name.clone(),
                password_hash: signup.password_hash.clone(),
                signup_id: signup.id,
                workspace_id,
                analytics: signup.analytics.clone(),
            },
            now,
        );
        let analytics = signup.analytics.clone();
        let session = self
            .opener
            .prepare_first(user_id, workspace_id, client, analytics);
        let workspace = &founding.workspace;
        let message = MailMessage::Welcome {
            name: user.name.as_str().to_owned(),
            workspace: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
        };
        let letter = Letter {
            brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
            message,
        };
        let welcome = self
            .mail
            .job(&letter, &user.email, signup.language.clone(), now);
        let account = Account {
            user,
            workspace: founding,
            welcome,
        };
        (account, session)
    }

    async fn commit(
        &self,
        account: &Account,
        first: Prepared,
        now: Timestamp,
    ) -> Result<SessionRecord, StoreError> {
        let mut unit = self.store.begin(Scope::System).await?;
        // The person first: a taken address must not hide behind a taken slug.
        unit.users().insert(&account.user).await?;
        account.workspace.insert(unit.as_mut()).await?;
        let by = Doer::person(account.user.id, first.new.facts.ip_address)
            .in_session(first.new.id)
            .in_workspace(first.new.workspace_id);
        self.audit
            .record_all(unit.as_mut(), by, account.workspace.deeds(), now)
            .await?;
        let opening = Opening::by(OpenedBy::Signup);
        let session = self.opener.open(unit.as_mut(), first, opening, now).await?;
        unit.outbox().enqueue(&account.welcome).await?;
        unit.commit().await?;
        Ok(session)
    }

    /// Why the commit did not happen, with the lease given back or the guess counted as wrong.
    async fn explain(
        &self,
        error: StoreError,
        signup: &PendingSignup,
        key: Digest,
        lease: Lease,
        now: Timestamp,
    ) -> ConfirmCodeError {
        let constraint = match &error {
            StoreError::Conflict(constraint) => *constraint,
            StoreError::Unavailable(_) | StoreError::Failed(_) => {
                self.give_back(key, lease).await;
                return error.into();
            }
        };
        match constraint {
            Constraint::UserSignup => {
                self.finish(key).await;
                ConfirmCodeError::NotFound
            }
            // A store may name the address first where both rules are broken.
            Constraint::UserEmail => match self.is_spent(signup).await {
                Ok(true) => {
                    self.finish(key).await;
                    ConfirmCodeError::NotFound
                }
                Ok(false) => match self.drafts.pending.fail(key, lease, now).await {
                    Ok(attempts_remaining) => ConfirmCodeError::Invalid { attempts_remaining },
                    Err(error) => error.into(),
                },
                Err(error) => {
                    self.give_back(key, lease).await;
                    error.into()
                }
            },
            Constraint::WorkspaceSlug => {
                self.give_back(key, lease).await;
                ConfirmCodeError::SlugTaken
            }
            Constraint::Membership
            | Constraint::RoleName
            | Constraint::PermissionName
            | Constraint::Invitation
            | Constraint::ApiTokenDigest => {
                self.give_back(key, lease).await;
                error.into()
            }
        }
    }

    /// Whether this very signup has made its person already.
    async fn is_spent(&self, signup: &PendingSignup) -> Result<bool, StoreError> {
        let mut unit = self.store.read(Scope::System).await?;
        let owner = unit.users().find_by_email(&signup.email).await?;
        Ok(owner.is_some_and(|owner| owner.signup_id == signup.id))
    }

    async fn give_back(&self, key: Digest, lease: Lease) {
        if let Err(error) = self.drafts.pending.release(key, lease).await {
            tracing::warn!(%error, "a lease on a signup was not given back and will run out");
        }
    }

    async fn finish(&self, key: Digest) {
        if let Err(error) = self.drafts.pending.finish(key).await {
            // A repetition finds the signup spent: the person's row names it.
            tracing::warn!(%error, "a confirmed signup is still in the cache");
        }
    }
}
