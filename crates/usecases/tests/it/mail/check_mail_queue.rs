//! Asking how full the mail queue is.

use kogents_domain::mail::{Lane, LaneDepth};
use kogents_domain::store::Scope;
use kogents_usecases::mail::{CheckMailQueue, CheckMailQueueError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, lost, secs};

fn check(bench: &Bench) -> CheckMailQueue {
    CheckMailQueue {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn the_lanes_are_told_as_the_store_has_them_at_this_moment() {
    let bench = Bench::new();
    let depths: Vec<LaneDepth> = Lane::ALL
        .into_iter()
        .map(|lane| LaneDepth {
            lane,
            queued: 7,
            waiting_since: Some(T0.minus(secs(9))),
            dead: 1,
        })
        .collect();
    let answer = depths.clone();
    bench.reads(Scope::System, |unit| {
        unit.outbox_administration
            .expect_depths()
            .with(eq(T0))
            .times(1)
            .return_once(|_| Ok(answer));
    });

    assert_eq!(check(&bench).run().await, Ok(depths));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_answer = Bench::new();
    no_answer.reads(Scope::System, |unit| {
        unit.outbox_administration
            .expect_depths()
            .return_once(|_| Err(lost()));
    });
    for bench in [no_unit, no_answer] {
        let failed = check(&bench).run().await;
        assert_eq!(failed, Err(CheckMailQueueError::Store(lost())));
        bench.finish();
    }
}
