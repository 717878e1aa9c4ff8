//! The port that counts what sessions do, measured.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, SessionCounters, Unflushed};
use kogents_domain::time::Timestamp;

use crate::figures::{CacheFigures, TimedOperation};

/// The [`SessionCounters`] of the cache, whose operations are timed.
pub(crate) struct MeasuredSessionCounters {
    inner: Arc<dyn SessionCounters>,
    count: TimedOperation,
    look: TimedOperation,
    unflushed: TimedOperation,
    flushed: TimedOperation,
    waiting: TimedOperation,
}

impl MeasuredSessionCounters {
    /// Measures these.
    pub(crate) fn new(inner: Arc<dyn SessionCounters>, figures: &CacheFigures) -> Self {
        Self {
            inner,
            count: figures.operation("session_counters.count"),
            look: figures.operation("session_counters.look"),
            unflushed: figures.operation("session_counters.unflushed"),
            flushed: figures.operation("session_counters.flushed"),
            waiting: figures.operation("session_counters.waiting"),
        }
    }
}

#[async_trait]
impl SessionCounters for MeasuredSessionCounters {
    async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        let counting = self.inner.count(session, base, counted, now);
        self.count.time(counting).await
    }

    async fn look(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError> {
        self.look.time(self.inner.look(sessions, now)).await
    }

    async fn unflushed(&self, limit: u32, now: Timestamp) -> Result<Vec<Unflushed>, CacheError> {
        self.unflushed.time(self.inner.unflushed(limit, now)).await
    }

    async fn flushed(&self, flushed: &[Unflushed], now: Timestamp) -> Result<(), CacheError> {
        self.flushed.time(self.inner.flushed(flushed, now)).await
    }

    async fn waiting(&self) -> Result<u64, CacheError> {
        self.waiting.time(self.inner.waiting()).await
    }
}
