//! Access and refresh tokens: what they claim, and the ports that mint and read them.

use crate::digest::Digest;
use crate::ids::{SessionId, UserId, WorkspaceId};
use crate::secret::SecretText;
use crate::time::Timestamp;

/// What an access token claims beside its issuer and audience. Nothing in it goes stale: role,
/// rights and status are read per request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// The person (`sub`).
    pub user_id: UserId,
    /// The session (`sid`).
    pub session_id: SessionId,
    /// The workspace that was the session's current one when the token was made (`wid`).
    pub workspace_id: Option<WorkspaceId>,
    /// When it was made (`iat`).
    pub issued_at: Timestamp,
    /// When it ends (`exp`).
    pub expires_at: Timestamp,
}

/// What a refresh token claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshClaims {
    /// The person (`sub`).
    pub user_id: UserId,
    /// The session (`sid`).
    pub session_id: SessionId,
    /// How many rotations came before this token (`gen`).
    pub generation: u32,
    /// Its identifier (`jti`), derived from session and generation. Stores keep its digest only.
    pub token_id: Digest,
    /// When it was made (`iat`): the time of the rotation, as stored.
    pub issued_at: Timestamp,
    /// When it ends (`exp`): idle or absolute end of the session, as stored.
    pub expires_at: Timestamp,
}

/// A token that is not taken. One answer for every reason, so that nobody learns which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Malformed, forged, of another kind, or with claims that may not be.
    #[error("the token is not valid")]
    Invalid,
    /// Genuine, and past its end.
    #[error("the token has expired")]
    Expired,
}

/// Mints and reads access tokens (RFC 9068's `at+jwt`, HS256).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AccessTokens: Send + Sync {
    /// Mints a token; its `jti` is fresh.
    fn mint(&self, claims: &AccessClaims) -> SecretText;

    /// Reads a token.
    ///
    /// # Errors
    /// [`TokenError`] for everything but a genuine, current access token.
    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError>;
}

/// Mints and reads refresh tokens (`refresh+jwt`, HS256). Minting the same claims twice gives
/// the same bytes.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RefreshTokens: Send + Sync {
    /// Mints a token.
    fn mint(&self, claims: &RefreshClaims) -> SecretText;

    /// Reads a token.
    ///
    /// # Errors
    /// [`TokenError`] for everything but a genuine, current refresh token whose identifier is the
    /// one derived from its session and generation.
    fn read(&self, token: &str, now: Timestamp) -> Result<RefreshClaims, TokenError>;

    /// Whose refresh token this is or was, if it is a genuine one, also of a session that is long
    /// over: it proves that its bearer was once signed in as this person, and nothing more.
    fn owner(&self, token: &str) -> Option<UserId>;
}
