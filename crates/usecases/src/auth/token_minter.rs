//! Mints the tokens of a session.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::auth::{AccessClaims, AccessTokens, RefreshClaims, RefreshTokens};
use kogents_domain::digest::{Digest, Digester};
use kogents_domain::ids::SessionId;
use kogents_domain::secret::SecretText;
use kogents_domain::session::{Lifetimes, Session};
use kogents_domain::time::{Span, Timestamp};

/// An access token and the refresh token beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// The access token.
    pub access: SecretText,
    /// How long it is good, in whole seconds.
    pub expires_in_secs: u64,
    /// The session's current refresh token.
    pub refresh: SecretText,
    /// How long the refresh token is good, in whole seconds.
    pub refresh_expires_in_secs: u64,
}

/// Mints tokens from what is stored of a session. The refresh token depends on nothing else, so
/// that minting it again gives the same bytes.
pub struct TokenMinter {
    /// Mints access tokens.
    pub access: Arc<dyn AccessTokens>,
    /// Mints refresh tokens.
    pub refresh: Arc<dyn RefreshTokens>,
    /// Derives identifiers and makes their digests.
    pub digester: Arc<dyn Digester>,
    /// How long an access token is good.
    pub access_ttl: Span,
    /// How long sessions and refresh tokens live.
    pub lifetimes: Lifetimes,
}

impl TokenMinter {
    /// What the store keeps of the refresh token of one generation: SHA-256 of its identifier.
    #[must_use]
    pub fn refresh_digest(&self, session: SessionId, generation: u32) -> Digest {
        let id = self.digester.refresh_token_id(session, generation);
        self.digester
            .random_secret(&SecretText::new(URL_SAFE_NO_PAD.encode(id.as_bytes())))
    }

    /// A fresh access token and the session's current refresh token.
    #[must_use]
    pub fn pair(&self, session: &Session, now: Timestamp) -> TokenPair {
        let refresh_expires_at = session
            .refresh
            .expires_at(session.started_at, &self.lifetimes);
        let access = self.access.mint(&AccessClaims {
            user_id: session.user_id,
            session_id: session.id,
            workspace_id: session.workspace_id,
            issued_at: now,
            expires_at: now.plus(self.access_ttl),
        });
        let refresh = self.refresh.mint(&RefreshClaims {
            user_id: session.user_id,
            session_id: session.id,
            generation: session.refresh.generation,
            token_id: self
                .digester
                .refresh_token_id(session.id, session.refresh.generation),
            issued_at: session.refresh.rotated_at,
            expires_at: refresh_expires_at,
        });
        TokenPair {
            access,
            expires_in_secs: self.access_ttl.as_secs_floor(),
            refresh,
            refresh_expires_in_secs: refresh_expires_at.since(now).as_secs_floor(),
        }
    }
}
