//! The port that hashes passwords, and the one that judges them.

use async_trait::async_trait;

use super::{EnteredPassword, NewPassword, PasswordHash};

/// What comparing a password with a hash gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The password is right.
    Match,
    /// The password is right, and its hash is weaker than what is made today: replace it.
    MatchOutdated,
    /// The password is wrong, or the hash is not one that can be read or may be computed.
    Mismatch,
}

/// Why there is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// As many hashes as are allowed are being made and as many wait; try again.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The hasher itself failed. The text is for the log only.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

/// Hashes passwords away from the threads that serve requests, a bounded number at once.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Makes a hash with a fresh salt and today's cost.
    ///
    /// # Errors
    /// See [`HashError`].
    async fn hash(&self, password: &NewPassword) -> Result<PasswordHash, HashError>;

    /// Compares. Without a hash (nobody has this address), or with one that cannot be read or that
    /// costs more than is allowed, it does the work of a hash of today and gives
    /// [`Verdict::Mismatch`].
    ///
    /// # Errors
    /// See [`HashError`].
    async fn verify(
        &self,
        password: &EnteredPassword,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, HashError>;

    /// Whether it would refuse at this moment as [`HashError::Busy`]: a cheap look, so that in a
    /// flood nothing is done before a refusal that would be in vain.
    fn is_busy(&self) -> bool;

    /// Takes a place for somebody who is about to have a password compared, and waits with them
    /// until it is nearly their turn; where no turn of others ends, only for a moment. Of a thousand
    /// who come at once no more begin than can be served, and those ask the store and the cache no
    /// sooner than they must: others need them meanwhile.
    ///
    /// # Errors
    /// [`HashError::Busy`], at once, when all places are taken.
    async fn enter(&self) -> Result<HashingPlace, HashError>;
}

/// A place among those whose passwords are compared, or wait for it; dropping it leaves it.
#[must_use = "the place is left when this is dropped"]
pub struct HashingPlace(Option<Box<dyn Send + Sync>>);

impl HashingPlace {
    /// A place that is left when `guard` is dropped.
    pub fn held_by(guard: impl Send + Sync + 'static) -> Self {
        Self(Some(Box::new(guard)))
    }

    /// A place where there are as many as anybody wants.
    pub const fn unbounded() -> Self {
        Self(None)
    }
}

impl std::fmt::Debug for HashingPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_bounded = self.0.is_some();
        f.debug_struct("HashingPlace")
            .field("is_bounded", &is_bounded)
            .finish()
    }
}

/// Judges how easily a password is guessed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordStrength: Send + Sync {
    /// Whether the password is strong enough (zxcvbn score 3 or better), `context` being words
    /// that an attacker would try first: the person's name, address, workspace.
    ///
    /// # Errors
    /// See [`HashError`]: it runs where hashing runs.
    async fn is_strong(
        &self,
        password: &NewPassword,
        context: Vec<String>,
    ) -> Result<bool, HashError>;
}
