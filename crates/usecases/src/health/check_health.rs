//! Asks every dependency how it is.

use std::sync::Arc;

use futures_util::future::join4;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::time::{Clock, Timestamp};

/// How the product is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthStatus {
    /// Everything that is configured works.
    Healthy,
    /// The database works, something else does not.
    Degraded,
    /// The database does not work.
    Unhealthy,
}

impl HealthStatus {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Unhealthy => "unhealthy",
        }
    }
}

/// One dependency's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckResult {
    /// Whether it works.
    pub status: CheckStatus,
    /// How long it took to say so, in whole milliseconds; None where nothing was asked.
    pub latency_ms: Option<u64>,
}

/// Every dependency's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthReport {
    /// The whole.
    pub status: HealthStatus,
    /// The moment the report tells of.
    pub at: Timestamp,
    /// The store.
    pub database: CheckResult,
    /// The cache.
    pub cache: CheckResult,
    /// Mail delivery.
    pub mail: CheckResult,
    /// The IP database.
    pub geoip: CheckResult,
}

/// Asks the dependencies at once. It cannot fail: what does not answer is down.
pub struct CheckHealth {
    /// The store.
    pub database: Arc<dyn Probe>,
    /// The cache.
    pub cache: Arc<dyn Probe>,
    /// Mail delivery.
    pub mail: Arc<dyn Probe>,
    /// The IP database.
    pub geoip: Arc<dyn Probe>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CheckHealth {
    /// Asks.
    pub async fn run(&self) -> HealthReport {
        let at = self.clock.now();
        let (database, cache, mail, geoip) = join4(
            self.ask(self.database.as_ref()),
            self.ask(self.cache.as_ref()),
            self.ask(self.mail.as_ref()),
            self.ask(self.geoip.as_ref()),
        )
        .await;
        let others_down = [cache, mail, geoip]
            .iter()
            .any(|c| c.status == CheckStatus::Down);
        let status = match (database.status, others_down) {
            (CheckStatus::Down, _) => HealthStatus::Unhealthy,
            (CheckStatus::Up | CheckStatus::Disabled, true) => HealthStatus::Degraded,
            (CheckStatus::Up | CheckStatus::Disabled, false) => HealthStatus::Healthy,
        };
        HealthReport {
            status,
            at,
            database,
            cache,
            mail,
            geoip,
        }
    }

    async fn ask(&self, probe: &dyn Probe) -> CheckResult {
        let asked_at = self.clock.now();
        let status = probe.check().await;
        let latency = self.clock.now().since(asked_at).as_millis();
        let latency_ms = match status {
            CheckStatus::Up | CheckStatus::Down => u64::try_from(latency).ok(),
            CheckStatus::Disabled => None,
        };
        CheckResult { status, latency_ms }
    }
}
