//! The contract suites, and what goes with every cache.

use std::sync::Arc;

use kogents_domain::health::{CheckStatus, Probe as _};
use kogents_domain::limits::RateLimiter;
use kogents_domain::session::SessionStates;
use kogents_domain::signup::{CodePolicy, PendingSignups};

use crate::support::shared_cache;

async fn fresh_pending_signups(policy: CodePolicy) -> Option<Arc<dyn PendingSignups>> {
    Some(Arc::new(shared_cache().await?.pending_signups(policy)))
}

async fn fresh_session_states() -> Option<Arc<dyn SessionStates>> {
    Some(Arc::new(shared_cache().await?.session_states()))
}

async fn fresh_rate_limiter() -> Option<Arc<dyn RateLimiter>> {
    Some(Arc::new(shared_cache().await?.rate_limiter()))
}

kogents_testkit::pending_signups_contract!(fresh_pending_signups);
kogents_testkit::session_states_contract!(fresh_session_states);
kogents_testkit::rate_limiter_contract!(fresh_rate_limiter);

#[tokio::test]
async fn sessions_and_limiter_count_together() {
    let Some(cache) = shared_cache().await else {
        return;
    };
    let (limiter, states) = (cache.rate_limiter(), cache.session_states());
    kogents_testkit::rate_limiter_contract::counts_together(&limiter, &states).await;
}

#[tokio::test]
async fn a_server_that_answers_is_up() {
    let Some(cache) = shared_cache().await else {
        return;
    };
    assert_eq!(cache.probe().check().await, CheckStatus::Up);
}
