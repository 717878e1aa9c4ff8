//! Fencing a person's cached sessions.

use kogents_domain::cache::CacheError;
use kogents_domain::session::{Fence, MockSessionStates};
use mockall::predicate::eq;

use crate::support::{Bench, T0, ada_id, fenced_once};

fn away() -> CacheError {
    CacheError::Unavailable("away".to_owned())
}

#[tokio::test]
async fn the_fence_that_was_put_up_is_the_one_that_is_lifted() {
    let bench = Bench::new();
    let gate = bench.gate(fenced_once(ada_id()));

    let fence = gate.fence(ada_id(), T0).await;
    gate.lift(ada_id(), fence, T0).await;

    assert_eq!(fence, Some(Fence(9)));
    assert_eq!(bench.journal.entries(), ["fence", "lift"]);
}

#[tokio::test]
async fn s16_a_fence_that_could_not_be_put_up_is_put_up_and_lifted_after_the_change() {
    let bench = Bench::new();
    let mut states = MockSessionStates::new();
    let mut answers = vec![Ok(Fence(4)), Err(away())];
    states
        .expect_fence()
        .times(2)
        .returning(move |_, _| answers.pop().unwrap());
    states
        .expect_lift()
        .with(eq(ada_id()), eq(Fence(4)), eq(T0))
        .times(1)
        .returning(|_, _, _| Ok(()));
    let gate = bench.gate(states);

    let fence = gate.fence(ada_id(), T0).await;
    gate.lift(ada_id(), fence, T0).await;

    assert_eq!(fence, None);
    assert_eq!(bench.journal.entries(), ["fence", "fence", "lift"]);
}

#[tokio::test]
async fn a_fence_that_cannot_be_lifted_is_left_to_run_out() {
    let bench = Bench::new();
    let mut states = MockSessionStates::new();
    states
        .expect_lift()
        .with(eq(ada_id()), eq(Fence(3)), eq(T0))
        .times(1)
        .returning(|_, _, _| Err(away()));

    bench.gate(states).lift(ada_id(), Some(Fence(3)), T0).await;

    assert_eq!(bench.journal.entries(), ["lift"]);
}
