//! Asks whether the store answers.

use std::sync::Arc;

use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::time::Clock;

use super::Shared;

/// One dependency's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckResult {
    /// Whether it works.
    pub status: CheckStatus,
    /// How long it took to say so, in whole milliseconds; None where nothing was asked.
    pub latency_ms: Option<u64>,
}

/// Asks whether the store answers; nothing else has a say in whether requests should come here. It
/// cannot fail: what does not answer is down. The answer is shared for a second.
pub struct CheckDatabase {
    /// The store.
    pub database: Arc<dyn Probe>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The answer that is shared.
    pub last: Shared<CheckResult>,
}

impl CheckDatabase {
    /// Asks, or gives the answer of a moment ago.
    pub async fn run(&self) -> CheckResult {
        let clock = self.clock.as_ref();
        let asking = ask(self.database.as_ref(), clock);
        self.last.or_ask(clock, asking).await
    }
}

/// Asks a dependency and times its answer.
pub(super) async fn ask(probe: &dyn Probe, clock: &dyn Clock) -> CheckResult {
    let asked_at = clock.now();
    let status = probe.check().await;
    let latency = clock.now().since(asked_at).as_millis();
    let latency_ms = match status {
        CheckStatus::Up | CheckStatus::Down => u64::try_from(latency).ok(),
        CheckStatus::Disabled => None,
    };
    CheckResult { status, latency_ms }
}
