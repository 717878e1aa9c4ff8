//! Asking every dependency how it is.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, MockProbe, Probe};
use kogents_domain::time::Span;
use kogents_testkit::fakes::FixedClock;
use kogents_usecases::health::{
    CheckDatabase, CheckHealth, CheckResult, HealthReport, HealthStatus, Shared,
};

use crate::support::T0;

fn probe(status: CheckStatus) -> Arc<dyn Probe> {
    let mut probe = MockProbe::new();
    probe.expect_check().times(1).return_const(status);
    Arc::new(probe)
}

fn check(statuses: [CheckStatus; 4]) -> CheckHealth {
    over(statuses.map(probe), &Arc::new(FixedClock::at(T0)))
}

fn over(probes: [Arc<dyn Probe>; 4], clock: &Arc<FixedClock>) -> CheckHealth {
    let [database, cache, mail, geoip] = probes;
    CheckHealth {
        check_database: Arc::new(CheckDatabase {
            database,
            clock: clock.clone(),
            last: Shared::default(),
        }),
        cache,
        mail,
        geoip,
        clock: clock.clone(),
        last: Shared::default(),
    }
}

const UP: CheckStatus = CheckStatus::Up;
const DOWN: CheckStatus = CheckStatus::Down;
const DISABLED: CheckStatus = CheckStatus::Disabled;

#[tokio::test]
async fn the_database_decides_over_unhealthy_and_the_others_over_degraded() {
    for (statuses, whole) in [
        ([UP, UP, UP, UP], HealthStatus::Healthy),
        ([UP, DISABLED, DISABLED, DISABLED], HealthStatus::Healthy),
        ([UP, DOWN, UP, UP], HealthStatus::Degraded),
        ([UP, UP, DOWN, UP], HealthStatus::Degraded),
        ([UP, UP, UP, DOWN], HealthStatus::Degraded),
        ([DOWN, UP, UP, UP], HealthStatus::Unhealthy),
        ([DOWN, DOWN, DOWN, DOWN], HealthStatus::Unhealthy),
    ] {
        let report = check(statuses).run().await;

        assert_eq!(report.status, whole, "{statuses:?}");
        assert_eq!(report.at, T0);
        let told = [report.database, report.cache, report.mail, report.geoip];
        assert_eq!(told.map(|result| result.status), statuses);
    }
}

/// A dependency that takes its time to answer.
struct Slow {
    clock: Arc<FixedClock>,
    takes: Span,
    status: CheckStatus,
}

#[async_trait]
impl Probe for Slow {
    async fn check(&self) -> CheckStatus {
        self.clock.advance(self.takes);
        self.status
    }
}

#[tokio::test]
async fn each_answer_is_timed_on_its_own_and_what_is_disabled_is_not() {
    let clock = Arc::new(FixedClock::at(T0));
    let slow = |millis, status| -> Arc<dyn Probe> {
        Arc::new(Slow {
            clock: clock.clone(),
            takes: Span::from_millis(millis),
            status,
        })
    };
    let probes = [
        slow(3, UP),
        slow(40, DOWN),
        slow(500, UP),
        slow(0, DISABLED),
    ];
    let health = over(probes, &clock);

    let report = health.run().await;

    let result = |status, latency_ms| CheckResult { status, latency_ms };
    assert_eq!(report.at, T0);
    assert_eq!(report.database, result(UP, Some(3)));
    assert_eq!(report.cache, result(DOWN, Some(40)));
    assert_eq!(report.mail, result(UP, Some(500)));
    assert_eq!(report.geoip, result(DISABLED, None));
}

#[tokio::test]
async fn however_many_ask_each_dependency_is_asked_once_a_second() {
    let clock = Arc::new(FixedClock::at(T0));
    let asked_twice = || -> Arc<dyn Probe> {
        let mut probe = MockProbe::new();
        probe.expect_check().times(2).return_const(UP);
        Arc::new(probe)
    };
    let probes = [asked_twice(), asked_twice(), asked_twice(), asked_twice()];
    let health = over(probes, &clock);
    for _ in 0..10 {
        assert_eq!(health.run().await.at, T0);
    }
    let shared_for = Shared::<HealthReport>::FOR;
    clock.advance(shared_for);
    for _ in 0..10 {
        assert_eq!(health.run().await.at, T0.plus(shared_for));
        // Whoever asks after the database alone shares its answer.
        assert_eq!(health.check_database.run().await.status, UP);
    }
}

#[test]
fn the_names_on_the_wire_are_fixed() {
    let names = [
        HealthStatus::Healthy,
        HealthStatus::Degraded,
        HealthStatus::Unhealthy,
    ]
    .map(HealthStatus::as_str);
    assert_eq!(names, ["healthy", "degraded", "unhealthy"]);
}
