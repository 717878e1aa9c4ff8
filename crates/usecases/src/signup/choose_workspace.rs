//! Chooses the workspace that a signup will make.

use std::sync::Arc;

use kogents_domain::auth::EmailAddress;
use kogents_domain::cache::CacheError;
use kogents_domain::limits::{LimitLedger, LimitRule, LimitSubject};
use kogents_domain::signup::{Replaced, SignupStep, SignupToken, WorkspaceDraft};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::{DraftBox, DraftError};
use crate::limits::{Limited, RateLimits};

/// The workspace to make.
#[derive(Debug, Clone)]
pub struct ChooseWorkspaceCommand {
    /// The signup.
    pub token: SignupToken,
    /// The workspace.
    pub workspace: WorkspaceDraft,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// A signup with its workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceChosen {
    /// How far the signup has come.
    pub step: SignupStep,
    /// The signup.
    pub token: SignupToken,
    /// The address.
    pub email: EmailAddress,
    /// When the signup ends.
    pub expires_at: Timestamp,
    /// The workspace.
    pub workspace: WorkspaceDraft,
}

/// Why no workspace was chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChooseWorkspaceError {
    /// Unknown, expired or finished signup.
    #[error("no such signup")]
    NotFound,
    /// Too many workspaces were chosen in this signup.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// A workspace has the slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// The signup is being confirmed at this moment.
    #[error("the signup is being confirmed")]
    ConfirmationInProgress,
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DraftError> for ChooseWorkspaceError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound => Self::NotFound,
            DraftError::Cache(error) => Self::Cache(error),
        }
    }
}

/// Chooses a workspace, or another one in its place; an outstanding code stays good. Nothing is
/// reserved: the commit decides who gets a slug.
pub struct ChooseWorkspace {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The pending signups.
    pub drafts: Arc<DraftBox>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Two tabs may choose at once; the last one counts. More than this many do not.
const ATTEMPTS: u8 = 5;

impl ChooseWorkspace {
    /// Chooses.
    ///
    /// # Errors
    /// See [`ChooseWorkspaceError`].
    pub async fn run(
        &self,
        command: ChooseWorkspaceCommand,
    ) -> Result<WorkspaceChosen, ChooseWorkspaceError> {
        let now = self.clock.now();
        let mut draft = self.drafts.load(&command.token, now).await?;
        let signup = LimitSubject::Signup(draft.key);
        let charged = [(LimitRule::WorkspaceSignup, signup)];
        self.limits.take(&command.ledger, &charged, now).await?;

        let mut unit = self.store.read(Scope::System).await?;
        let taken = unit
            .workspaces()
            .find_by_slug(&command.workspace.slug)
            .await?
            .is_some();
        drop(unit);
        if taken {
            return Err(ChooseWorkspaceError::SlugTaken);
        }

        for _ in 0..ATTEMPTS {
            draft.signup.workspace = Some(command.workspace.clone());
            let sealed = self.drafts.seal(&draft.key, &draft.signup);
            let replaced = self
                .drafts
                .pending
                .set_workspace(draft.key, draft.entry.version, sealed, now)
                .await?;
            match replaced {
                Replaced::Done { code_was_sent } => {
                    return Ok(WorkspaceChosen {
                        step: SignupStep::of(true, code_was_sent),
                        token: command.token,
                        email: draft.signup.email,
                        expires_at: draft.entry.expires_at,
                        workspace: command.workspace,
                    });
                }
                Replaced::Moved => draft = self.drafts.load(&command.token, now).await?,
                Replaced::Leased => return Err(ChooseWorkspaceError::ConfirmationInProgress),
                Replaced::Gone => return Err(ChooseWorkspaceError::NotFound),
            }
        }
        Err(ChooseWorkspaceError::ConfirmationInProgress)
    }
}
