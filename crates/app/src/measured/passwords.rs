//! The ports on passwords, measured.

use async_trait::async_trait;
use kogents_adapter_crypto::Argon2Hasher;
use kogents_domain::auth::{
    EnteredPassword, HashError, HashingPlace, NewPassword, PasswordHash, PasswordHasher,
    PasswordStrength, Verdict,
};
use prometheus::Registry;

use crate::figures::{PasswordFigures, TimedJob};

/// A [`PasswordHasher`] and [`PasswordStrength`] that is measured.
pub(crate) struct MeasuredPasswords {
    inner: Argon2Hasher,
    figures: PasswordFigures,
    hash: TimedJob,
    verify: TimedJob,
    strength: TimedJob,
}

impl MeasuredPasswords {
    /// Measures these threads.
    pub(crate) fn new(inner: Argon2Hasher, registry: &Registry) -> Result<Self, prometheus::Error> {
        let watched = inner.clone();
        let figures = PasswordFigures::new(registry, move || watched.standing())?;
        Ok(Self {
            inner,
            hash: figures.job("hash"),
            verify: figures.job("verify"),
            strength: figures.job("strength"),
            figures,
        })
    }
}

#[async_trait]
impl PasswordHasher for MeasuredPasswords {
    async fn hash(&self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        self.hash.time(self.inner.hash(password)).await
    }

    async fn verify(
        &self,
        password: &EnteredPassword,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, HashError> {
        self.verify.time(self.inner.verify(password, hash)).await
    }

    fn is_busy(&self) -> bool {
        let is_busy = self.inner.is_busy();
        if is_busy {
            // Whoever asks refuses then.
            self.figures.refused();
        }
        is_busy
    }

    async fn enter(&self) -> Result<HashingPlace, HashError> {
        let entered = self.inner.enter().await;
        entered.inspect_err(|_| self.figures.refused())
    }
}

#[async_trait]
impl PasswordStrength for MeasuredPasswords {
    async fn is_strong(
        &self,
        password: &NewPassword,
        context: Vec<String>,
    ) -> Result<bool, HashError> {
        self.strength
            .time(self.inner.is_strong(password, context))
            .await
    }
}
