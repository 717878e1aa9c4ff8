//! A workspace's API token.

use async_trait::async_trait;

use crate::digest::Digest;
use crate::ids::{ApiTokenId, WorkspaceId};
use crate::random::SecureRandom;
use crate::secret::SecretText;
use crate::store::StoreError;
use crate::time::Timestamp;

/// The token itself, shown once: `kgw_` and 43 base64url characters of 256 random bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenSecret(SecretText);

impl ApiTokenSecret {
    /// A fresh token.
    #[must_use]
    pub fn generate(random: &dyn SecureRandom) -> Self {
        Self(SecretText::generate("kgw_", random))
    }

    /// The token, to show once or to make its digest.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }

    /// Its first 8 characters, to tell tokens apart by.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.expose().chars().take(8).collect()
    }
}

/// What is kept of an API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Identity.
    pub id: ApiTokenId,
    /// Whose it is.
    pub workspace_id: WorkspaceId,
    /// Its first 8 characters.
    pub prefix: String,
    /// SHA-256 of the token.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is void.
    pub revoked_at: Option<Timestamp>,
}

/// Keeps API tokens. Growth: one row per token made; void ones go with their workspace.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiTokenRepository: Send {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn insert(&mut self, token: &ApiToken) -> Result<(), StoreError>;

    /// The token with a digest, void ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<ApiToken>, StoreError>;
}
