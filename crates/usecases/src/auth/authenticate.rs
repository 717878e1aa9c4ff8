//! Tells who makes a request.

use std::sync::Arc;

use kogents_domain::auth::AccessTokens;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{SessionSnapshot, SessionStates, Touch};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

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
    /// The cache did not know and the store could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Verifies an access token and its session: one round trip to the cache; the database is read
/// only when the cache knows nothing.
pub struct Authenticate {
    /// Reads access tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Knows which sessions are live.
    pub states: Arc<dyn SessionStates>,
    /// The truth behind it.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Authenticate {
    /// Tells who a token's bearer is.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    pub async fn run(&self, token: &str) -> Result<Caller, AuthenticateError> {
        let now = self.clock.now();
        let claims = self
            .tokens
            .read(token, now)
            .map_err(|_| AuthenticateError::Invalid)?;
        let snapshot = self
            .snapshot(claims.user_id, claims.session_id, now)
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

    async fn snapshot(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<SessionSnapshot>, StoreError> {
        let version = match self.states.touch(user, session, now).await {
            Ok(Touch::Known(snapshot)) if now < snapshot.expires_at => return Ok(Some(snapshot)),
            // A refresh may have moved its end since.
            Ok(Touch::Known(_)) => None,
            Ok(Touch::Unknown { version }) => Some(version),
            Ok(Touch::Fenced) => None,
            Err(error) => {
                tracing::warn!(%error, "session state comes from the database");
                None
            }
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
