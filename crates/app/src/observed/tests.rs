//! Queries are told by name, once, and what counts as failure.

use std::sync::Mutex;

use kogents_domain::store::Constraint;
use kogents_testkit::builders::a_user;
use kogents_testkit::fake_store::FakeStore;

use super::*;

#[derive(Default)]
struct Notes(Mutex<Vec<(&'static str, bool)>>);

impl Notes {
    fn told(&self) -> Vec<(&'static str, bool)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl QueryObserver for Notes {
    fn observe(&self, query: &'static str, _took: Duration, failed: bool) {
        self.0.lock().unwrap().push((query, failed));
    }
}

fn observed(store: &FakeStore) -> (ObservedStore, Arc<Notes>) {
    let notes = Arc::new(Notes::default());
    let store = ObservedStore {
        store: Arc::new(store.clone()),
        observer: notes.clone(),
    };
    (store, notes)
}

#[test]
fn a_rule_that_stands_in_the_way_is_no_failure_and_an_abandoned_query_is_one() {
    let notes = Arc::new(Notes::default());
    let observer: Arc<dyn QueryObserver> = notes.clone();
    let _ = watch(&observer, "a.fine").hear(Ok(()));
    let conflict = StoreError::Conflict(Constraint::UserEmail);
    let _ = watch(&observer, "a.conflict").hear(Err::<(), _>(conflict));
    let refused = StoreError::Failed(String::new());
    let _ = watch(&observer, "a.refused").hear(Err::<(), _>(refused));
    drop(watch(&observer, "a.abandoned"));
    assert_eq!(
        notes.told(),
        [
            ("a.fine", false),
            ("a.conflict", false),
            ("a.refused", true),
            ("a.abandoned", true)
        ]
    );
}

#[tokio::test]
async fn every_query_of_a_unit_of_work_is_told_once_by_the_methods_name() {
    let user = a_user().build();
    let fake = FakeStore::new();
    let found = user.clone();
    fake.expect_begin(move |unit| {
        unit.users.expect_insert().return_once(|_| Ok(()));
        unit.outbox.expect_sweep().return_once(|_, _| Ok(0));
    });
    fake.expect_read(move |unit| {
        unit.users
            .expect_find()
            .return_once(move |_| Ok(Some(found)));
    });
    let (store, notes) = observed(&fake);
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    let now = kogents_domain::time::Timestamp::from_millis(0);
    unit.outbox().sweep(now, now).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = store.read(Scope::System).await.unwrap();
    assert_eq!(unit.users().find(user.id).await, Ok(Some(user)));
    drop(unit);
    assert_eq!(
        notes.told(),
        [
            ("unit.begin", false),
            ("users.insert", false),
            ("outbox.sweep", false),
            ("unit.commit", false),
            ("unit.read", false),
            ("users.find", false),
        ]
    );
}

#[tokio::test]
async fn a_store_that_is_away_is_a_query_that_failed() {
    let fake = FakeStore::new();
    fake.expect_read_to_fail(StoreError::Unavailable(String::new()));
    let (store, notes) = observed(&fake);
    assert!(store.read(Scope::System).await.is_err());
    assert_eq!(notes.told(), [("unit.read", true)]);
}
