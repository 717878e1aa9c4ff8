//! The in-process cache against the contract suites, and at its bounds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bounds;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kogents_adapter_memory::{
    MemoryPendingSignups, MemoryProbe, MemoryRateLimiter, MemorySessionStates,
};
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::limits::RateLimiter;
use kogents_domain::signup::{CodePolicy, PendingSignups};
use kogents_testkit::session_counters_contract::Instances;
use kogents_testkit::session_states_contract::SessionCache;

async fn fresh_pending_signups(policy: CodePolicy) -> Arc<dyn PendingSignups> {
    Arc::new(MemoryPendingSignups::new(policy, 10_000))
}

async fn fresh_session_states() -> Arc<dyn SessionCache> {
    let limiter = MemoryRateLimiter::new(10_000);
    Arc::new(MemorySessionStates::new(10_000, limiter))
}

/// One process, whose cache is lost when it ends.
struct Process(Mutex<Arc<MemorySessionStates>>);

impl Process {
    fn states() -> Arc<MemorySessionStates> {
        let limiter = MemoryRateLimiter::new(10_000);
        Arc::new(MemorySessionStates::new(10_000, limiter))
    }
}

#[async_trait]
impl Instances for Process {
    fn both(&self) -> [Arc<dyn SessionCache>; 2] {
        let states = self.0.lock().unwrap();
        [states.clone(), states.clone()]
    }

    async fn lose_everything(&self) {
        *self.0.lock().unwrap() = Self::states();
    }
}

async fn fresh_instances() -> Arc<dyn Instances> {
    Arc::new(Process(Mutex::new(Process::states())))
}

async fn fresh_rate_limiter() -> Arc<dyn RateLimiter> {
    Arc::new(MemoryRateLimiter::new(10_000))
}

kogents_testkit::pending_signups_contract!(fresh_pending_signups);
kogents_testkit::session_states_contract!(fresh_session_states);
kogents_testkit::session_counters_contract!(fresh_instances);
kogents_testkit::rate_limiter_contract!(fresh_rate_limiter);

#[tokio::test]
async fn sessions_and_limiter_count_together() {
    let limiter = MemoryRateLimiter::new(10);
    let states = MemorySessionStates::new(10, limiter.clone());
    kogents_testkit::rate_limiter_contract::counts_together(&limiter, &states).await;
}

#[tokio::test]
async fn the_cache_in_the_process_is_up() {
    assert_eq!(MemoryProbe.check().await, CheckStatus::Up);
}
