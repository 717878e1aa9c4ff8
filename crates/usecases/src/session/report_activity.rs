//! Takes what the frontend counted since it last reported.

use std::sync::Arc;

use kogents_domain::auth::{AccessTokens, RefreshTokens};
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::secret::SecretText;
use kogents_domain::session::ActivityCount;
use kogents_domain::store::StoreError;
use kogents_domain::time::{Clock, Timestamp};

use super::{Admission, NotAdmitted, Request};
use crate::limits::Limited;

/// Which token names the session.
#[derive(Debug, Clone)]
pub enum Reporter {
    /// An access token.
    Bearer(SecretText),
    /// A refresh token, for pages that go away and can send nothing but cookies. It is read and
    /// not spent.
    Refresh(SecretText),
}

/// What the frontend counted.
#[derive(Debug, Clone)]
pub struct ReportActivityCommand {
    /// Who reports.
    pub reporter: Reporter,
    /// What it counted; None when that could not be read: then only the session is judged, and
    /// nothing is counted.
    pub counted: Option<ActivityCount>,
    /// Where to write what the session's limit says.
    pub ledger: LimitLedger,
}

/// Why nothing was counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportActivityError {
    /// The access token is not genuine or not current, or its session is over.
    #[error("the access token is not valid")]
    InvalidAccess,
    /// The refresh token is not genuine, or its session is over.
    #[error("the refresh token is not valid")]
    InvalidRefresh,
    /// The session has made too many requests.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The cache did not know and the store could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a genuine token names.
struct Named {
    user_id: UserId,
    session_id: SessionId,
    /// The workspace that the session was in, where the token says so.
    workspace_id: Option<Option<WorkspaceId>>,
    /// What to say when its session is over.
    invalid: ReportActivityError,
}

/// Adds what the frontend counted to its session's counters: one round trip to the cache, as any
/// request. The report itself is no request of the session's, but it is a sign of life.
pub struct ReportActivity {
    /// Reads access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Reads refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Lets requests of sessions in.
    pub admission: Arc<Admission>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ReportActivity {
    /// Counts.
    ///
    /// # Errors
    /// See [`ReportActivityError`].
    pub async fn run(&self, command: ReportActivityCommand) -> Result<(), ReportActivityError> {
        let now = self.clock.now();
        let named = self.named(&command.reporter, now)?;
        let request = Request {
            user_id: named.user_id,
            session_id: named.session_id,
            counted: command.counted,
            ledger: command.ledger,
            now,
        };
        let snapshot = match self.admission.admit(&request).await {
            Ok(snapshot) => snapshot,
            Err(NotAdmitted::Over) => return Err(named.invalid),
            Err(NotAdmitted::Limited(limited)) => return Err(limited.into()),
            Err(NotAdmitted::Store(error)) => return Err(error.into()),
        };
        let is_in_workspace = named
            .workspace_id
            .is_none_or(|workspace| workspace == snapshot.workspace_id);
        if snapshot.user_id == named.user_id && is_in_workspace {
            Ok(())
        } else {
            Err(named.invalid)
        }
    }

    fn named(&self, reporter: &Reporter, now: Timestamp) -> Result<Named, ReportActivityError> {
        match reporter {
            Reporter::Bearer(token) => {
                let invalid = ReportActivityError::InvalidAccess;
                let claims = self.access_tokens.read(token.expose(), now);
                let claims = claims.map_err(|_| invalid.clone())?;
                Ok(Named {
                    user_id: claims.user_id,
                    session_id: claims.session_id,
                    workspace_id: Some(claims.workspace_id),
                    invalid,
                })
            }
            Reporter::Refresh(token) => {
                let invalid = ReportActivityError::InvalidRefresh;
                let claims = self.refresh_tokens.read(token.expose(), now);
                let claims = claims.map_err(|_| invalid.clone())?;
                Ok(Named {
                    user_id: claims.user_id,
                    session_id: claims.session_id,
                    workspace_id: None,
                    invalid,
                })
            }
        }
    }
}
