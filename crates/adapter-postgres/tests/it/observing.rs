//! Queries are told to the observer by name.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kogents_adapter_postgres::{PgOptions, PgStore, QueryObserver};
use kogents_domain::ids::SessionId;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Constraint, Scope, Store as _, StoreError};

use crate::seed;
use crate::server::{TestDatabase, connect, patient};

#[derive(Default)]
struct Notes(Mutex<Vec<(&'static str, Duration, bool)>>);

impl Notes {
    fn names(&self) -> Vec<(&'static str, bool)> {
        let mut notes = self.0.lock().unwrap();
        notes
            .drain(..)
            .map(|(name, _, failed)| (name, failed))
            .collect()
    }
}

impl QueryObserver for Notes {
    fn observe(&self, query: &'static str, took: Duration, failed: bool) {
        self.0.lock().unwrap().push((query, took, failed));
    }
}

async fn observed(database: &TestDatabase, options: PgOptions) -> (PgStore, Arc<Notes>) {
    let notes = Arc::new(Notes::default());
    let options = PgOptions {
        observer: Some(notes.clone()),
        ..options
    };
    let store = PgStore::connect(database.url(), options).await.unwrap();
    (store, notes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_is_told_once_by_the_method_s_name() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let (store, notes) = observed(&database, patient()).await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    let nobody = SessionId::from_uuid(seed::uuid(9));
    let ended = unit
        .sessions()
        .end(nobody, EndReason::Logout, seed::NOW)
        .await;
    assert_eq!(ended, Ok(None));
    // Three statements, one query.
    let swept = unit.outbox().sweep(seed::NOW, seed::NOW).await;
    assert_eq!(swept, Ok(0));
    unit.commit().await.unwrap();
    let mut unit = store.read(Scope::System).await.unwrap();
    let found = unit.users().find(seed::person(1).id).await.unwrap();
    assert_eq!(found, Some(seed::person(1)));
    drop(unit);
    assert_eq!(
        notes.names(),
        [
            ("unit.begin", false),
            ("users.insert", false),
            ("sessions.end", false),
            ("outbox.sweep", false),
            ("unit.commit", false),
            ("unit.read", false),
            ("users.find", false),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conflicts_are_answers_and_waiting_in_vain_is_failure() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let options = PgOptions {
        lock_timeout: Duration::from_millis(200),
        ..patient()
    };
    let (store, notes) = observed(&database, options).await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    unit.commit().await.unwrap();
    let mut twin = seed::person(1);
    twin.id = seed::person(2).id;
    twin.signup_id = seed::person(2).signup_id;
    let mut unit = store.begin(Scope::System).await.unwrap();
    let conflict = unit.users().insert(&twin).await;
    assert_eq!(conflict, Err(StoreError::Conflict(Constraint::UserEmail)));
    drop(unit);

    let blocker = connect(database.url()).await;
    let lock = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
    blocker.batch_execute(lock).await.unwrap();
    notes.0.lock().unwrap().retain(|(_, _, failed)| *failed);
    assert_eq!(notes.names(), [], "a conflict counts as failure");
    let mut unit = store.begin(Scope::System).await.unwrap();
    let waited = unit.users().find(twin.id).await;
    assert!(
        matches!(waited, Err(StoreError::Unavailable(_))),
        "{waited:?}"
    );
    drop(unit);
    let mut unit = store.begin(Scope::System).await.unwrap();
    let given_up =
        tokio::time::timeout(Duration::from_millis(50), unit.users().find(twin.id)).await;
    assert!(given_up.is_err());
    drop(unit);
    let waits: Vec<_> = {
        let notes = notes.0.lock().unwrap();
        notes
            .iter()
            .filter(|(name, _, _)| *name == "users.find")
            .copied()
            .collect()
    };
    assert_eq!(waits.len(), 2);
    for ((_, took, failed), least) in waits.into_iter().zip([200, 50]) {
        assert!(failed);
        assert!(took >= Duration::from_millis(least), "{took:?}");
    }
}
