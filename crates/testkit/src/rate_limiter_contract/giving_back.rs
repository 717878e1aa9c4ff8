//! Cases of giving back and emptying.

use super::support::{Case, LimiterPort, left, of_somebody};
use crate::parallel::at_once;

/// One for each that is given back.
pub async fn what_is_given_back_can_be_taken_again(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(3, 30)];
    case.drain(&charges, case.start).await;
    let standings = case.give_back(&charges, case.start).await;
    assert_eq!(left(&standings), [1]);
    assert_eq!(case.drain(&charges, case.start).await, 1);
}

/// Neither of what was never taken, nor of what has come back by itself.
pub async fn giving_back_never_grants_more_than_the_quota(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(3, 30)];
    case.give_back(&charges, case.start).await;
    assert_eq!(case.drain(&charges, case.start).await, 3);
    let later = case.after(29_000);
    for _ in 0..3 {
        case.give_back(&charges, later).await;
    }
    assert_eq!(case.drain(&charges, later).await, 3);
}

/// And the others given back in the same step keep what they have.
pub async fn a_cleared_counter_is_empty(port: LimiterPort) {
    let case = Case::new(port);
    let (cleared, kept) = ([of_somebody(3, 30)], [of_somebody(3, 30)]);
    case.drain(&cleared, case.start).await;
    case.drain(&kept, case.start).await;
    let now = case.start;
    let standings = case.port.give_back(&kept, &cleared, now).await.unwrap();
    assert_eq!(left(&standings), [1, 3]);
    assert_eq!(case.drain(&cleared, now).await, 3);
    assert_eq!(case.drain(&kept, now).await, 1);
}

/// Thirty taken, thirty given back at once.
pub async fn s24_parallel_giving_back_loses_none(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(30, 900)];
    case.drain(&charges, case.start).await;
    at_once((0..29).map(|_| {
        let (case, charges) = (case.clone(), charges.clone());
        async move { case.give_back(&charges, case.start).await }
    }))
    .await;
    assert_eq!(case.drain(&charges, case.start).await, 29);
}
