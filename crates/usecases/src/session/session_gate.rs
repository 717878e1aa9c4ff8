//! Keeps the cache from vouching for sessions that are being ended.

use std::sync::Arc;

use kogents_domain::ids::UserId;
use kogents_domain::session::{Fence, SessionStates};
use kogents_domain::time::Timestamp;

/// Fences a person's cached sessions around a change. A cache that is away stops no change: the
/// database is the truth, and snapshots do not outlive the cache's absence.
pub struct SessionGate {
    /// The cache.
    pub states: Arc<dyn SessionStates>,
}

impl SessionGate {
    /// From now on the database is asked about this person's sessions.
    pub async fn fence(&self, user: UserId, now: Timestamp) -> Option<Fence> {
        self.states
            .fence(user, now)
            .await
            .inspect_err(|error| tracing::warn!(%error, %user, "sessions could not be fenced"))
            .ok()
    }

    /// The change is committed, or did not happen: what was cached goes, and the fence with it.
    /// Without a fence one is put up now: that voids what was cached before the change.
    pub async fn lift(&self, user: UserId, fence: Option<Fence>, now: Timestamp) {
        let fence = match fence {
            Some(fence) => Some(fence),
            None => self.fence(user, now).await,
        };
        let Some(fence) = fence else { return };
        if let Err(error) = self.states.lift(user, fence, now).await {
            tracing::warn!(%error, %user, "a fence was not lifted and will run out");
        }
    }
}
