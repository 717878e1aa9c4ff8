//! Keeps the cache from vouching for sessions that are being ended.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
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

    /// Fences whoever of these persons is not fenced by it yet.
    pub(crate) async fn fence_also(
        &self,
        fences: &mut Fences,
        users: impl IntoIterator<Item = UserId>,
        now: Timestamp,
    ) {
        let missing: Vec<UserId> = users
            .into_iter()
            .filter(|user| !fences.hold(*user))
            .collect();
        let fenced = stream::iter(missing)
            .map(|user| async move { (user, self.fence(user, now).await) })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        fences.0.extend(fenced);
    }

    /// The change that concerned them all is committed, or did not happen.
    pub(crate) async fn lift_all(&self, fences: Fences, now: Timestamp) {
        stream::iter(fences.0)
            .for_each_concurrent(AT_ONCE, |(user, fence)| self.lift(user, fence, now))
            .await;
    }
}

/// How many persons are fenced at a time.
const AT_ONCE: usize = 32;

/// Fences on persons whom one change concerns.
#[derive(Debug, Default)]
pub(crate) struct Fences(HashMap<UserId, Option<Fence>>);

impl Fences {
    /// Whether a person is among them.
    pub(crate) fn hold(&self, user: UserId) -> bool {
        self.0.contains_key(&user)
    }

    /// The persons.
    pub(crate) fn users(&self) -> Vec<UserId> {
        self.0.keys().copied().collect()
    }
}
