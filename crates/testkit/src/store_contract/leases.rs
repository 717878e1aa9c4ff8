//! Cases of leases.

use std::sync::Arc;

use uuid::Uuid;

use super::support::{StorePort, at, begin, commit};
use crate::builders::unique_id;
use crate::parallel::at_once;

const NAME: &str = "sweep";

async fn take(store: &StorePort, name: &'static str, holder: Uuid, until: i64, now: i64) -> bool {
    let mut unit = begin(store).await;
    let leases = unit.leases();
    let held = leases.take(name, holder, at(until), at(now)).await.unwrap();
    commit(unit).await;
    held
}

async fn give_back(store: &StorePort, holder: Uuid) {
    let mut unit = begin(store).await;
    unit.leases().give_back(NAME, holder).await.unwrap();
    commit(unit).await;
}

/// Until it has run out, and not a moment longer.
pub async fn a_lease_is_one_holder_s_until_it_runs_out(store: StorePort) {
    let [one, other] = [unique_id(), unique_id()];
    assert!(take(&store, NAME, one, 10, 0).await);
    assert!(!take(&store, NAME, other, 30, 5).await);
    assert!(!take(&store, NAME, other, 30, 9).await);
    assert!(take(&store, NAME, other, 30, 10).await);
    assert!(!take(&store, NAME, one, 40, 20).await);
}

/// As often as it likes.
pub async fn the_holder_extends_its_lease(store: StorePort) {
    let [one, other] = [unique_id(), unique_id()];
    assert!(take(&store, NAME, one, 10, 0).await);
    assert!(take(&store, NAME, one, 20, 5).await);
    assert!(!take(&store, NAME, other, 30, 15).await);
    assert!(take(&store, NAME, other, 30, 20).await);
}

/// By the holder only; then it is anybody's.
pub async fn a_lease_is_given_back_by_its_holder(store: StorePort) {
    let [one, other] = [unique_id(), unique_id()];
    give_back(&store, one).await;
    assert!(take(&store, NAME, one, 100, 0).await);
    give_back(&store, other).await;
    assert!(!take(&store, NAME, other, 100, 1).await);
    give_back(&store, one).await;
    assert!(take(&store, NAME, other, 100, 1).await);
}

/// One name says nothing of another.
pub async fn leases_of_other_names_are_free(store: StorePort) {
    let [one, other] = [unique_id(), unique_id()];
    assert!(take(&store, NAME, one, 10, 0).await);
    assert!(take(&store, "flush", other, 10, 0).await);
    assert!(!take(&store, "flush", one, 10, 1).await);
}

/// Nothing is held before the commit.
pub async fn a_lease_of_a_dropped_unit_is_not_held(store: StorePort) {
    let mut unit = begin(&store).await;
    let leases = unit.leases();
    let held = leases.take(NAME, unique_id(), at(10), at(0)).await.unwrap();
    assert!(held);
    drop(unit);
    assert!(take(&store, NAME, unique_id(), 10, 0).await);
}

/// Twenty at once, for a lease that is new and then for one that has run out: one each.
pub async fn of_parallel_takers_one_holds_the_lease(store: StorePort) {
    for now in [0, 10, 20] {
        let held = at_once((0..20).map(|_| {
            let store = Arc::clone(&store);
            async move { take(&store, NAME, unique_id(), now + 10, now).await }
        }))
        .await;
        let holders = held.iter().filter(|is_held| **is_held).count();
        assert_eq!(holders, 1, "at {now}");
    }
}
