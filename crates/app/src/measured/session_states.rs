//! The port that knows which sessions are live, measured.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::UserId;
use kogents_domain::session::{Fence, SessionStates, Touched, Touching, Vouched};
use kogents_domain::time::Timestamp;

use crate::figures::{CacheFigures, Decisions, TimedOperation};

/// The [`SessionStates`] of the cache: its operations are timed, and what it decides of the limit of
/// a session is counted.
pub(crate) struct MeasuredSessionStates {
    inner: Arc<dyn SessionStates>,
    decisions: Decisions,
    touch: TimedOperation,
    put: TimedOperation,
    fence: TimedOperation,
    lift: TimedOperation,
}

impl MeasuredSessionStates {
    /// Measures these.
    pub(crate) fn new(
        inner: Arc<dyn SessionStates>,
        figures: &CacheFigures,
        decisions: Decisions,
    ) -> Self {
        Self {
            inner,
            decisions,
            touch: figures.operation("session_states.touch"),
            put: figures.operation("session_states.put"),
            fence: figures.operation("session_states.fence"),
            lift: figures.operation("session_states.lift"),
        }
    }
}

#[async_trait]
impl SessionStates for MeasuredSessionStates {
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError> {
        let touched = self.touch.time(self.inner.touch(touching)).await?;
        // A rule that is off has no limits, and decides nothing.
        if let Some(taken) = &touched.taken
            && !touching.charge.limits.is_empty()
        {
            let charges = std::slice::from_ref(&touching.charge);
            self.decisions.took(charges, taken);
        }
        Ok(touched)
    }

    async fn put(&self, vouched: &Vouched) -> Result<(), CacheError> {
        self.put.time(self.inner.put(vouched)).await
    }

    async fn fence(&self, user: UserId, now: Timestamp) -> Result<Fence, CacheError> {
        self.fence.time(self.inner.fence(user, now)).await
    }

    async fn lift(&self, user: UserId, fence: Fence, now: Timestamp) -> Result<(), CacheError> {
        self.lift.time(self.inner.lift(user, fence, now)).await
    }
}
