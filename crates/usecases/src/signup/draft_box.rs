//! Reads and seals what a pending signup holds.

use std::sync::Arc;

use kogents_domain::cache::CacheError;
use kogents_domain::digest::{Digest, Digester, SealPurpose, Sealer};
use kogents_domain::signup::{PendingEntry, PendingSignup, PendingSignups, SignupToken};
use kogents_domain::time::Timestamp;

/// A pending signup, open.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenDraft {
    /// The name it is kept under.
    pub key: Digest,
    /// As it is kept.
    pub entry: PendingEntry,
    /// What it holds.
    pub signup: PendingSignup,
}

/// Why a pending signup cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Unknown, expired, finished, or unreadable.
    #[error("no such signup")]
    NotFound,
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// The pending signups, with their seals.
pub struct DraftBox {
    /// Where they are kept.
    pub pending: Arc<dyn PendingSignups>,
    /// Seals them.
    pub sealer: Arc<dyn Sealer>,
    /// Makes the names they are kept under.
    pub digester: Arc<dyn Digester>,
}

impl DraftBox {
    /// The name a signup is kept under: SHA-256 of its token.
    #[must_use]
    pub fn key(&self, token: &SignupToken) -> Digest {
        self.digester.random_secret(token.secret())
    }

    /// The sealed form of a signup.
    #[must_use]
    pub fn seal(&self, key: &Digest, signup: &PendingSignup) -> Vec<u8> {
        // A signup is plain data with finite numbers: serialising it cannot fail.
        let plain = serde_json::to_vec(signup).unwrap_or_default();
        self.sealer
            .seal(SealPurpose::PendingSignup, key.as_bytes(), &plain)
    }

    /// Loads and opens a signup.
    ///
    /// # Errors
    /// See [`DraftError`].
    pub async fn load(&self, token: &SignupToken, now: Timestamp) -> Result<OpenDraft, DraftError> {
        let key = self.key(token);
        let entry = self
            .pending
            .load(key, now)
            .await?
            .ok_or(DraftError::NotFound)?;
        self.open(key, entry)
    }

    /// Opens a signup. One that does not open, altered or sealed with a key that is gone, is
    /// answered like an unknown one and left where it is.
    ///
    /// # Errors
    /// [`DraftError::NotFound`].
    pub fn open(&self, key: Digest, entry: PendingEntry) -> Result<OpenDraft, DraftError> {
        let plain = self
            .sealer
            .open(SealPurpose::PendingSignup, key.as_bytes(), &entry.sealed)
            .inspect_err(|error| tracing::warn!(%error, "a pending signup is unreadable"))
            .map_err(|_| DraftError::NotFound)?;
        let signup = serde_json::from_slice(&plain).map_err(|_| DraftError::NotFound)?;
        Ok(OpenDraft { key, entry, signup })
    }
}
