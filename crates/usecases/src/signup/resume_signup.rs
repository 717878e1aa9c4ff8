//! Tells how far a signup has come.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, PersonName};
use kogents_domain::cache::CacheError;
use kogents_domain::signup::{SignupStep, SignupToken, WorkspaceDraft};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::{DraftBox, DraftError};

/// A signup to go on with.
#[derive(Debug, Clone, PartialEq)]
pub struct ResumedSignup {
    /// How far it has come.
    pub step: SignupStep,
    /// The person's name.
    pub name: PersonName,
    /// The address.
    pub email: EmailAddress,
    /// The workspace, once chosen.
    pub workspace: Option<WorkspaceDraft>,
    /// When the signup ends.
    pub expires_at: Timestamp,
    /// How long that is from now.
    pub remaining: Span,
}

/// Why nothing is known of a signup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeSignupError {
    /// Unknown, expired or finished signup.
    #[error("no such signup")]
    NotFound,
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl From<DraftError> for ResumeSignupError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound => Self::NotFound,
            DraftError::Cache(error) => Self::Cache(error),
        }
    }
}

/// Reads a signup and changes nothing.
pub struct ResumeSignup {
    /// The pending signups.
    pub drafts: Arc<DraftBox>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ResumeSignup {
    /// Tells.
    ///
    /// # Errors
    /// See [`ResumeSignupError`].
    pub async fn run(&self, token: SignupToken) -> Result<ResumedSignup, ResumeSignupError> {
        let now = self.clock.now();
        let draft = self.drafts.load(&token, now).await?;
        Ok(ResumedSignup {
            step: SignupStep::of(draft.entry.has_workspace, draft.entry.code_was_sent),
            name: draft.signup.name,
            email: draft.signup.email,
            workspace: draft.signup.workspace,
            expires_at: draft.entry.expires_at,
            remaining: draft.entry.expires_at.since(now),
        })
    }
}
