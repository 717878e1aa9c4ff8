//! The port that counts against rate limits, measured.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::UserId;
use kogents_domain::limits::{Charge, LimitStanding, RateLimiter, Taken};
use kogents_domain::time::Timestamp;

use crate::figures::{CacheFigures, Decisions, TimedOperation};

/// The [`RateLimiter`] of the cache: its operations are timed, and what it decides is counted.
pub(crate) struct MeasuredRateLimiter {
    inner: Arc<dyn RateLimiter>,
    decisions: Decisions,
    take: TimedOperation,
    look: TimedOperation,
    give_back: TimedOperation,
    forget: TimedOperation,
}

impl MeasuredRateLimiter {
    /// Measures this one.
    pub(crate) fn new(
        inner: Arc<dyn RateLimiter>,
        figures: &CacheFigures,
        decisions: Decisions,
    ) -> Self {
        Self {
            inner,
            decisions,
            take: figures.operation("rate_limiter.take"),
            look: figures.operation("rate_limiter.look"),
            give_back: figures.operation("rate_limiter.give_back"),
            forget: figures.operation("rate_limiter.forget"),
        }
    }
}

#[async_trait]
impl RateLimiter for MeasuredRateLimiter {
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        let taken = self.take.time(self.inner.take(charges, now)).await?;
        self.decisions.took(charges, &taken);
        Ok(taken)
    }

    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        let looked = self.look.time(self.inner.look(charges, now)).await?;
        self.decisions.looked(charges, &looked);
        Ok(looked)
    }

    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError> {
        let giving = self.inner.give_back(given_back, cleared, now);
        self.give_back.time(giving).await
    }

    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError> {
        self.forget.time(self.inner.forget(mailbox, person)).await
    }
}

/// The [`RateLimiter`] of this process, which counts where the cache gives no answer: only what it
/// decides is counted, since it is no cache.
pub(crate) struct MeasuredLocalLimiter {
    inner: Arc<dyn RateLimiter>,
    decisions: Decisions,
}

impl MeasuredLocalLimiter {
    /// Measures this one.
    pub(crate) fn new(inner: Arc<dyn RateLimiter>, decisions: Decisions) -> Self {
        Self { inner, decisions }
    }
}

#[async_trait]
impl RateLimiter for MeasuredLocalLimiter {
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        let taken = self.inner.take(charges, now).await?;
        self.decisions.took(charges, &taken);
        Ok(taken)
    }

    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        let looked = self.inner.look(charges, now).await?;
        self.decisions.looked(charges, &looked);
        Ok(looked)
    }

    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError> {
        self.inner.give_back(given_back, cleared, now).await
    }

    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError> {
        self.inner.forget(mailbox, person).await
    }
}
