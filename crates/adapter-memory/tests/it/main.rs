//! The in-process cache against the contract suites, and at its bounds.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bounds;

use std::sync::Arc;

use kogents_adapter_memory::{MemoryPendingSignups, MemoryProbe, MemorySessionStates};
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::session::SessionStates;
use kogents_domain::signup::{CodePolicy, PendingSignups};

async fn fresh_pending_signups(policy: CodePolicy) -> Arc<dyn PendingSignups> {
    Arc::new(MemoryPendingSignups::new(policy, 10_000))
}

async fn fresh_session_states() -> Arc<dyn SessionStates> {
    Arc::new(MemorySessionStates::new(10_000))
}

kogents_testkit::pending_signups_contract!(fresh_pending_signups);
kogents_testkit::session_states_contract!(fresh_session_states);

#[tokio::test]
async fn the_cache_in_the_process_is_up() {
    assert_eq!(MemoryProbe.check().await, CheckStatus::Up);
}
