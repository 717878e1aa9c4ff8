//! The in-process cache against the contract suites, and at its bounds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bounds;

use std::sync::Arc;

use kogents_adapter_memory::{
    MemoryPendingSignups, MemoryProbe, MemoryRateLimiter, MemorySessionStates,
};
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::limits::RateLimiter;
use kogents_domain::session::SessionStates;
use kogents_domain::signup::{CodePolicy, PendingSignups};

async fn fresh_pending_signups(policy: CodePolicy) -> Arc<dyn PendingSignups> {
    Arc::new(MemoryPendingSignups::new(policy, 10_000))
}

async fn fresh_session_states() -> Arc<dyn SessionStates> {
    let limiter = MemoryRateLimiter::new(10_000);
    Arc::new(MemorySessionStates::new(10_000, limiter))
}

async fn fresh_rate_limiter() -> Arc<dyn RateLimiter> {
    Arc::new(MemoryRateLimiter::new(10_000))
}

kogents_testkit::pending_signups_contract!(fresh_pending_signups);
kogents_testkit::session_states_contract!(fresh_session_states);
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
