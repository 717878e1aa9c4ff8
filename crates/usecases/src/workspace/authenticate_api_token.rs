//! Tells which workspace's API token came with a request.

use std::sync::Arc;

use kogents_domain::digest::Digester;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::{LimitLedger, LimitRule, LimitSubject};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::ApiTokenSecret;

use crate::limits::{Limited, RateLimits};

/// An API token that came with a request.
#[derive(Debug, Clone)]
pub struct AuthenticateApiTokenCommand {
    /// The token.
    pub token: ApiTokenSecret,
    /// Where to write what the token's limit says.
    pub ledger: LimitLedger,
}

/// Why a request is no workspace's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticateApiTokenError {
    /// No workspace has the token, or not any more.
    #[error("the API token is not valid")]
    Invalid,
    /// Too many requests were made with the token.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks an API token up and counts the request against its limit, which is the token's own: it is
/// no session's and no client's. The database is asked each time, so that a token which is revoked
/// is good for nothing from the next request on, on every instance. What others try from the same
/// address does not keep a good token out.
pub struct AuthenticateApiToken {
    /// Makes the digest that is kept of a token.
    pub digester: Arc<dyn Digester>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl AuthenticateApiToken {
    /// Gives the workspace whose token it is.
    ///
    /// # Errors
    /// See [`AuthenticateApiTokenError`].
    pub async fn run(
        &self,
        command: AuthenticateApiTokenCommand,
    ) -> Result<WorkspaceId, AuthenticateApiTokenError> {
        let now = self.clock.now();
        let digest = self.digester.random_secret(command.token.secret());
        // Whose it is shows only when it is found.
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit.api_tokens().find_by_digest(&digest).await?;
        drop(unit);
        let token = found
            .filter(|token| token.revoked_at.is_none())
            .ok_or(AuthenticateApiTokenError::Invalid)?;
        let charged = [(LimitRule::GeneralSession, LimitSubject::ApiToken(token.id))];
        self.limits.take(&command.ledger, &charged, now).await?;
        Ok(token.workspace_id)
    }
}
