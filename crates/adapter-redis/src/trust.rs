//! Whether what the cache says may be believed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use kogents_domain::time::Timestamp;
use tokio::sync::Notify;

/// Whether what the cache says may be believed: from the moment the epoch was raised until the
/// next failure.
pub(crate) struct Trust {
    state: Mutex<State>,
    lost: Notify,
}

struct State {
    /// Moves with every loss. Connections made before the last one are not used again.
    generation: u64,
    believed: bool,
    /// How often what was believed no longer was.
    losses: u64,
    /// Until when everybody is to be fenced, because a fence could not be set.
    distrust_until: Option<Timestamp>,
}

/// What has to be told to the cache before it is believed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) generation: u64,
    pub(crate) distrust_until: Option<Timestamp>,
}

impl Trust {
    /// Nothing is believed at first: this process may have died while the cache was away.
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                generation: 0,
                believed: false,
                losses: 0,
                distrust_until: None,
            }),
            lost: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn generation(&self) -> u64 {
        self.state().generation
    }

    /// The generation, if what the cache says now is to be believed.
    pub(crate) fn believed(&self) -> Option<u64> {
        let state = self.state();
        state.believed.then_some(state.generation)
    }

    /// How often it was taken for away since it was first believed.
    pub(crate) fn losses(&self) -> u64 {
        self.state().losses
    }

    /// A step that began in this generation failed. If more was lost since, this is known already.
    pub(crate) fn lose(&self, generation: u64, cause: &str) {
        self.change(cause, |state| state.generation == generation);
    }

    /// A connection ended by itself.
    pub(crate) fn lose_now(&self, cause: &str) {
        self.change(cause, |_| true);
    }

    /// A fence could not be set: whoever wanted it goes on without, so nobody's snapshots are to
    /// be used until it would have run out.
    pub(crate) fn distrust(&self, until: Timestamp, cause: &str) {
        self.change(cause, |state| {
            state.distrust_until = state.distrust_until.max(Some(until));
            // What is not believed is told before it is; see `regain`.
            state.believed
        });
    }

    fn change(&self, cause: &str, is_loss: impl FnOnce(&mut State) -> bool) {
        let mut state = self.state();
        if !is_loss(&mut state) {
            return;
        }
        state.generation = state.generation.saturating_add(1);
        let was_believed = std::mem::take(&mut state.believed);
        if was_believed {
            state.losses = state.losses.saturating_add(1);
        }
        drop(state);
        if was_believed {
            tracing::warn!(%cause, "the cache is away");
        }
        self.lost.notify_one();
    }

    /// What has to be told to the cache now, if it is not believed.
    pub(crate) fn doubt(&self) -> Option<Doubt> {
        let state = self.state();
        (!state.believed).then_some(Doubt {
            generation: state.generation,
            distrust_until: state.distrust_until,
        })
    }

    /// The cache was told, and is believed again unless more was lost meanwhile. Says which.
    pub(crate) fn regain(&self, told: Doubt) -> bool {
        let mut state = self.state();
        let is_all =
            state.generation == told.generation && state.distrust_until == told.distrust_until;
        if is_all {
            state.believed = true;
            state.distrust_until = None;
        }
        is_all
    }

    /// Waits until the cache is not believed.
    pub(crate) async fn until_lost(&self) {
        while self.believed().is_some() {
            self.lost.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn believed() -> Trust {
        let trust = Trust::new();
        assert!(trust.regain(trust.doubt().unwrap()));
        trust
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn s16_nothing_is_believed_before_the_cache_was_told() {
        let trust = Trust::new();
        assert_eq!(trust.believed(), None);
        trust.regain(trust.doubt().unwrap());
        assert_eq!(trust.believed(), Some(0));
        assert_eq!(trust.doubt(), None);
    }

    #[test]
    fn s16_what_is_lost_while_it_is_told_stays_lost() {
        let trust = Trust::new();
        let told = trust.doubt().unwrap();
        trust.lose_now("a test");
        assert!(!trust.regain(told));
        assert_eq!(trust.believed(), None);
    }

    #[test]
    fn a_late_failure_of_an_earlier_generation_loses_nothing_more() {
        let trust = believed();
        trust.lose(0, "the first step");
        trust.regain(trust.doubt().unwrap());
        trust.lose(0, "another step of the same time");
        assert_eq!(trust.believed(), Some(1));
        assert_eq!(trust.losses(), 1);
        trust.lose(1, "a step of now");
        assert_eq!(trust.believed(), None);
        trust.lose_now("a connection, while it is away already");
        assert_eq!(trust.losses(), 2);
    }

    #[test]
    fn s16_a_fence_that_failed_is_remembered_until_it_was_told() {
        let trust = believed();
        trust.distrust(at(20), "a fence");
        trust.distrust(at(10), "another one that ends earlier");
        let told = trust.doubt().unwrap();
        assert_eq!(told.distrust_until, Some(at(20)));
        // A third one while the cache is told of the first.
        trust.distrust(at(30), "a fence");
        assert!(!trust.regain(told));
        let told = trust.doubt().unwrap();
        assert_eq!(told.distrust_until, Some(at(30)));
        trust.regain(told);
        trust.lose_now("a connection");
        assert_eq!(trust.doubt().unwrap().distrust_until, None);
    }

    #[tokio::test]
    async fn whoever_waits_for_a_loss_notices_each() {
        let trust = believed();
        trust.lose_now("before anybody waits");
        trust.until_lost().await;
        trust.regain(trust.doubt().unwrap());
        let waiting = async {
            trust.until_lost().await;
            trust.believed()
        };
        let losing = async { trust.lose_now("while somebody waits") };
        assert_eq!(tokio::join!(waiting, losing).0, None);
    }
}
