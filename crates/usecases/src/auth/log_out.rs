//! Signs a client out.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::{AccessTokens, RefreshTokens};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::secret::SecretText;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use crate::audit::{AuditDesk, Doer};
use crate::session::SessionGate;

/// Whatever tokens the client sent.
#[derive(Debug, Clone)]
pub struct LogOutCommand {
    /// The refresh token.
    pub refresh_token: Option<SecretText>,
    /// The access token.
    pub access_token: Option<SecretText>,
    /// The client's address.
    pub ip_address: IpAddr,
}

/// Why signing out failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogOutError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the session of each token that is genuine. Signing out when there is nothing to end is no
/// error.
pub struct LogOut {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Reads refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl LogOut {
    /// Signs out.
    ///
    /// # Errors
    /// See [`LogOutError`].
    pub async fn run(&self, command: LogOutCommand) -> Result<(), LogOutError> {
        let now = self.clock.now();
        let by_refresh = command
            .refresh_token
            .and_then(|token| self.refresh_tokens.read(token.expose(), now).ok())
            .map(|claims| (claims.user_id, claims.session_id));
        let by_access = command
            .access_token
            .and_then(|token| self.access_tokens.read(token.expose(), now).ok())
            .map(|claims| (claims.user_id, claims.session_id))
            .filter(|named| Some(*named) != by_refresh);
        for (user, session) in by_refresh.into_iter().chain(by_access) {
            let by = Doer::person(user, command.ip_address).in_session(session);
            self.end(user, session, by, now).await?;
        }
        Ok(())
    }

    async fn end(
        &self,
        user: UserId,
        session: SessionId,
        by: Doer,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let fence = self.gate.fence(user, now).await;
        let ended = async {
            let mut unit = self.store.begin(Scope::Person(user)).await?;
            let ended = unit.sessions().end(session, EndReason::Logout, now).await?;
            self.audit
                .record_ended(unit.as_mut(), by, ended.as_slice(), now)
                .await?;
            unit.commit().await
        }
        .await;
        self.gate.lift(user, fence, now).await;
        ended
    }
}
