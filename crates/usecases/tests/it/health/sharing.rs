//! One answer for all who ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::time::Span;
use kogents_testkit::fakes::FixedClock;
use kogents_usecases::health::{CheckDatabase, CheckResult, Shared};

use crate::support::T0;

/// A database that has gone silent: each question takes until it is given up.
struct Silent {
    clock: Arc<FixedClock>,
    asked: AtomicU32,
}

const GIVEN_UP_AFTER: Span = Span::from_millis(1_750);

#[async_trait]
impl Probe for Silent {
    async fn check(&self) -> CheckStatus {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.clock.advance(GIVEN_UP_AFTER);
        CheckStatus::Down
    }
}

fn silent() -> (Arc<CheckDatabase>, Arc<Silent>, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(T0));
    let silent = Arc::new(Silent {
        clock: clock.clone(),
        asked: AtomicU32::new(0),
    });
    let check = CheckDatabase {
        database: silent.clone(),
        clock: clock.clone(),
        last: Shared::default(),
    };
    (Arc::new(check), silent, clock)
}

#[tokio::test]
async fn r4_a_hundred_who_wait_for_a_silent_database_wait_for_one_question() {
    let (check, silent, _) = silent();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let check = check.clone();
        waiting.spawn(async move { check.run().await });
    }
    let given_up = CheckResult {
        status: CheckStatus::Down,
        latency_ms: Some(1_750),
    };
    while let Some(told) = waiting.join_next().await {
        assert_eq!(told.unwrap(), given_up);
    }
    assert_eq!(silent.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_answer_alive() {
    let (check, silent, clock) = silent();
    check.run().await;
    check.run().await;
    assert_eq!(silent.asked.load(Ordering::SeqCst), 1);
    clock.advance(Span::from_secs(-3_600));
    check.run().await;
    assert_eq!(silent.asked.load(Ordering::SeqCst), 2);
}
