//! Asks every dependency how it is.

use std::sync::Arc;

use futures_util::future::join4;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::time::{Clock, Timestamp};

use super::check_database::ask;
use super::{CheckDatabase, CheckResult, Shared};

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
/// Anybody may ask, so the report is shared for a second.
pub struct CheckHealth {
    /// The store.
    pub check_database: Arc<CheckDatabase>,
    /// The cache.
    pub cache: Arc<dyn Probe>,
    /// Mail delivery.
    pub mail: Arc<dyn Probe>,
    /// The IP database.
    pub geoip: Arc<dyn Probe>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The report that is shared.
    pub last: Shared<HealthReport>,
}

impl CheckHealth {
    /// Asks, or gives the report of a moment ago.
    pub async fn run(&self) -> HealthReport {
        self.last.or_ask(self.clock.as_ref(), self.report()).await
    }

    async fn report(&self) -> HealthReport {
        let at = self.clock.now();
        let (database, cache, mail, geoip) = join4(
            self.check_database.run(),
            ask(self.cache.as_ref(), self.clock.as_ref()),
            ask(self.mail.as_ref(), self.clock.as_ref()),
            ask(self.geoip.as_ref(), self.clock.as_ref()),
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
}
