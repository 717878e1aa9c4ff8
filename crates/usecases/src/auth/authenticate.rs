//! Tells who makes a request.

use std::sync::Arc;

use kogents_domain::auth::AccessTokens;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::limits::{LimitLedger, LimitRule, LimitSubject};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{SessionSnapshot, SessionStates, Touch, Touched, Touching};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use crate::limits::{Limited, RateLimits, note};

/// An access token that came with a request.
#[derive(Debug, Clone)]
pub struct AuthenticateCommand {
    /// The token.
    pub token: SecretText,
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

/// Verifies an access token and its session, and counts the request against the session's limit:
/// one round trip to the cache; the database is read only when the cache knows nothing.
pub struct Authenticate {
    /// Reads access tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Knows which sessions are live.
    pub states: Arc<dyn SessionStates>,
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The truth behind the cache.
    pub store: Arc<dyn Store>,
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
        let (user, session) = (claims.user_id, claims.session_id);
        let touch = self.touch(user, session, &command.ledger, now).await?;
        let snapshot = self
            .snapshot(user, session, touch, now)
            .await?
            .filter(|snapshot| snapshot.user_id == claims.user_id)
            .filter(|snapshot| snapshot.workspace_id == claims.workspace_id)
            .ok_or(AuthenticateError::Invalid)?;
        Ok(Caller {
            user_id: snapshot.user_id,
            session_id: snapshot.session_id,
            workspace_id: snapshot.workspace_id,
        })
    }

    /// Asks the cache, which counts the request as well. When it could not, this process counts.
    async fn touch(
        &self,
        user: UserId,
        session: SessionId,
        ledger: &LimitLedger,
        now: Timestamp,
    ) -> Result<Option<Touch>, Limited> {
        let touching = Touching::new(user, session, &self.limits.rules, now);
        let touched = self.states.touch(&touching).await;
        let touched = touched
            .inspect_err(|error| tracing::warn!(%error, "session state comes from the database"));
        let (touch, taken) = match touched {
            Ok(Touched { touch, taken }) => (Some(touch), taken),
            Err(_) => (None, None),
        };
        match taken {
            Some(taken) => note(ledger, taken)?,
            None => {
                let charged = (LimitRule::GeneralSession, LimitSubject::Session(session));
                self.limits.take_locally(ledger, charged, now).await?;
            }
        }
        Ok(touch)
    }

    async fn snapshot(
        &self,
        user: UserId,
        session: SessionId,
        touch: Option<Touch>,
        now: Timestamp,
    ) -> Result<Option<SessionSnapshot>, StoreError> {
        let version = match touch {
            Some(Touch::Known(snapshot)) if now < snapshot.expires_at => return Ok(Some(snapshot)),
            Some(Touch::Unknown { version }) => Some(version),
            // A refresh may have moved the end of one that is known since.
            Some(Touch::Known(_) | Touch::Fenced) | None => None,
        };
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let found = unit.sessions().find(session).await?;
        drop(unit);
        let Some(snapshot) = found
            .filter(|session| session.is_live(now) && session.user_id == user)
            .map(|s| SessionSnapshot::of(&s))
        else {
            return Ok(None);
        };
        if let Some(version) = version
            && let Err(error) = self.states.put(&snapshot, version, now).await
        {
            tracing::warn!(%error, "a session's state was not cached");
        }
        Ok(Some(snapshot))
    }
}
