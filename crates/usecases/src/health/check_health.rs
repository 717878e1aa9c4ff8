//! Asks every dependency how it is.

use std::sync::Arc;

use futures_util::future::join4;
use futures_util::lock::Mutex;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::time::{Clock, Span, Timestamp};

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
    /// Every status there is.
    pub const ALL: [Self; 3] = [Self::Healthy, Self::Degraded, Self::Unhealthy];

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
///
/// Anybody may ask, so an answer is shared for a second: however many ask, each dependency is
/// asked once a second at most, and by one at a time.
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
    /// The report that is shared.
    pub last: LastReport,
}

/// The last report; none at the start.
#[derive(Default)]
pub struct LastReport(Mutex<Option<HealthReport>>);

impl CheckHealth {
    /// How long a report is shared.
    pub const SHARED_FOR: Span = Span::from_secs(1);

    /// Asks, or gives the report of a moment ago.
    pub async fn run(&self) -> HealthReport {
        let mut last = self.last.0.lock().await;
        let at = self.clock.now();
        if let Some(report) = last.filter(|report| at.since(report.at) < Self::SHARED_FOR) {
            return report;
        }
        let report = self.report(at).await;
        *last = Some(report);
        report
    }

    async fn report(&self, at: Timestamp) -> HealthReport {
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
