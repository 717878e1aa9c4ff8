//! Counts what sessions do, whatever becomes of the cache.

use std::sync::Arc;

use kogents_domain::cache::CacheError;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, SessionCounters};
use kogents_domain::time::Timestamp;

/// The counters of sessions, and those of this process beside them for as long as the cache is
/// away. Both go on from what the database has and are written back to it; what one of them counts
/// while it does not know of the other's is lost at worst, and nothing is counted twice.
pub struct ActivityBook {
    /// The cache's.
    pub counters: Arc<dyn SessionCounters>,
    /// This process's.
    pub local: Arc<dyn SessionCounters>,
}

impl ActivityBook {
    /// Adds an activity to a session's counters, which go on from `base`.
    pub async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) {
        if let Err(error) = self.counters.count(session, base, counted, now).await {
            tracing::debug!(%error, "this process counts a session by itself");
            self.count_locally(session, base, counted, now).await;
        }
    }

    /// The same in this process alone: the cache was asked already and could not count.
    pub async fn count_locally(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) {
        if let Err(error) = self.local.count(session, base, counted, now).await {
            tracing::warn!(%error, %session, "an activity of a session was not counted");
        }
    }

    /// The counters of sessions that the database may not have yet, in the order asked for.
    ///
    /// # Errors
    /// [`CacheError`] when the cache does not answer.
    pub async fn look(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError> {
        if sessions.is_empty() {
            return Ok(Vec::new());
        }
        let cached = self.counters.look(sessions, now).await?;
        let local = self.local.look(sessions, now).await?;
        Ok(cached.into_iter().zip(local).map(latest).collect())
    }

    /// Of how many sessions the database has not got everything, as the cache and this process know
    /// of it.
    ///
    /// # Errors
    /// [`CacheError`] when the cache does not answer.
    pub async fn waiting(&self) -> Result<u64, CacheError> {
        let cached = self.counters.waiting().await?;
        Ok(cached.saturating_add(self.local.waiting().await?))
    }

    /// What [`look`](Self::look) says, as far as anything is known: a cache that does not answer is
    /// told of, and this process's own counters are what is left.
    pub async fn look_if_possible(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Vec<Option<SessionActivity>> {
        match self.look(sessions, now).await {
            Ok(looked) => looked,
            Err(error) => {
                tracing::warn!(%error, "counts of sessions are as the database has them");
                let local = self.local.look(sessions, now).await;
                local.unwrap_or_else(|_| vec![None; sessions.len()])
            }
        }
    }

    /// The same of one session.
    pub async fn look_at_one(&self, session: SessionId, now: Timestamp) -> Option<SessionActivity> {
        let looked = self.look_if_possible(&[session], now).await;
        looked.into_iter().next().flatten()
    }
}

fn latest(
    (one, other): (Option<SessionActivity>, Option<SessionActivity>),
) -> Option<SessionActivity> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.latest(other)),
        (Some(known), None) | (None, Some(known)) => Some(known),
        (None, None) => None,
    }
}
