//! Tells who makes a request.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::access::PermissionSet;
use kogents_domain::auth::AccessTokens;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::secret::SecretText;
use kogents_domain::session::ActivityCount;
use kogents_domain::store::StoreError;
use kogents_domain::time::Clock;

use crate::limits::Limited;
use crate::session::{Admission, NotAdmitted, Request};

/// An access token that came with a request.
#[derive(Debug, Clone)]
pub struct AuthenticateCommand {
    /// The token.
    pub token: SecretText,
    /// The client's address.
    pub ip_address: IpAddr,
    /// What the request adds to the session's counters; None when it neither counts nor moves
    /// anything.
    pub counted: Option<ActivityCount>,
    /// Where to write what the session's limit says.
    pub ledger: LimitLedger,
}

/// Who makes a request, proven by an access token of a live session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The session's current workspace: the tenant.
    pub workspace_id: Option<WorkspaceId>,
    /// The built-in permissions that the person holds there.
    pub held: PermissionSet,
    /// The client's address.
    pub ip_address: IpAddr,
}

/// Why a request is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticateError {
    /// The token is not genuine or not current, its session is over, or the session has moved to
    /// another workspace since.
    #[error("the access token is not valid")]
    Invalid,
    /// The session has made too many requests.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The cache did not know and the store could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotAdmitted> for AuthenticateError {
    fn from(error: NotAdmitted) -> Self {
        match error {
            NotAdmitted::Over => Self::Invalid,
            NotAdmitted::Limited(limited) => Self::Limited(limited),
            NotAdmitted::Store(error) => Self::Store(error),
        }
    }
}

/// Verifies an access token and its session, and counts the request: against the session's limit,
/// and among what the session did.
pub struct Authenticate {
    /// Reads access tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Lets requests of sessions in.
    pub admission: Arc<Admission>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Authenticate {
    /// Tells who a token's bearer is.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    pub async fn run(&self, command: AuthenticateCommand) -> Result<Caller, AuthenticateError> {
        let now = self.clock.now();
        let claims = self
            .tokens
            .read(command.token.expose(), now)
            .map_err(|_| AuthenticateError::Invalid)?;
        let request = Request {
            user_id: claims.user_id,
            session_id: claims.session_id,
            counted: command.counted,
            ledger: command.ledger,
            now,
        };
        let snapshot = self.admission.admit(&request).await?;
        if snapshot.user_id != claims.user_id || snapshot.workspace_id != claims.workspace_id {
            return Err(AuthenticateError::Invalid);
        }
        Ok(Caller {
            user_id: snapshot.user_id,
            session_id: snapshot.session_id,
            workspace_id: snapshot.workspace_id,
            held: snapshot.held,
            ip_address: command.ip_address,
        })
    }
}
