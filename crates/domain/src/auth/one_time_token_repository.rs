//! The port that keeps mailed tokens.

use async_trait::async_trait;

use super::{OneTimeToken, TokenPurpose};
use crate::digest::Digest;
use crate::ids::UserId;
use crate::store::StoreError;
use crate::time::Timestamp;

/// Keeps mailed tokens, each of which is good once.
///
/// Growth: [`sweep`](Self::sweep) removes those that have expired; how many are made is limited.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OneTimeTokenRepository: Send {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn insert(&mut self, token: &OneTimeToken) -> Result<(), StoreError>;

    /// The token of this purpose with a digest, if it is good now. It stays good.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(
        &mut self,
        purpose: TokenPurpose,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<OneTimeToken>, StoreError>;

    /// The same, and it is good no more: of any number of parallel calls one gets it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn consume(
        &mut self,
        purpose: TokenPurpose,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<OneTimeToken>, StoreError>;

    /// Makes a person's tokens of a purpose good for nothing, and says how many were good until
    /// now.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn void_all(
        &mut self,
        user: UserId,
        purpose: TokenPurpose,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Removes at most 1,000 tokens that have expired, and says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sweep(&mut self, now: Timestamp) -> Result<u64, StoreError>;
}
