//! Units of work and their connections: none is left open, none is lost.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::{PgOptions, PgStore};
use kogents_domain::store::{Constraint, Scope, Store as _, StoreError};
use tokio_postgres::Client;

use crate::seed;
use crate::server::{TestDatabase, connect, patient};

/// Waits until the server's view of the test's other connections fits.
async fn until(client: &Client, wanted: &str, condition: &str) {
    let query = format!(
        "SELECT {condition} FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() \
         AND backend_type = 'client backend'"
    );
    let started = Instant::now();
    loop {
        let row = client.query_one(&query, &[]).await.unwrap();
        if row.get::<_, bool>(0) {
            return;
        }
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "never: {wanted}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

const NONE_OPEN: &str = "count(*) FILTER (WHERE xact_start IS NOT NULL) = 0";
const ONE_OPEN: &str = "count(*) FILTER (WHERE state = 'idle in transaction') = 1";

async fn one_connection(database: &TestDatabase) -> PgStore {
    let options = PgOptions {
        max_connections: Some(1),
        ..patient()
    };
    PgStore::connect(database.url(), options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_unit_leaves_no_open_transaction() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = one_connection(&database).await;
    let watcher = connect(database.url()).await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    until(&watcher, "a transaction is open", ONE_OPEN).await;
    drop(unit);
    until(&watcher, "no transaction is open", NONE_OPEN).await;

    // The only connection is free again, and clean.
    let mut unit = store.read(Scope::System).await.unwrap();
    let found = unit.users().find(seed::person(1).id).await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_unit_that_failed_leaves_no_open_transaction() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = one_connection(&database).await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    let again = unit.users().insert(&seed::person(1)).await;
    assert!(matches!(again, Err(StoreError::Failed(_))), "{again:?}");
    // The transaction is spent: it does not pretend to commit.
    let committed = unit.commit().await;
    assert!(
        matches!(committed, Err(StoreError::Failed(_))),
        "{committed:?}"
    );
    let watcher = connect(database.url()).await;
    until(&watcher, "no transaction is open", NONE_OPEN).await;
    let mut unit = store.read(Scope::System).await.unwrap();
    assert_eq!(unit.users().find(seed::person(1).id).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_dropped_during_a_statement_takes_its_connection_along() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = one_connection(&database).await;
    let watcher = connect(database.url()).await;
    let blocker = connect(database.url()).await;
    let lock = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
    blocker.batch_execute(lock).await.unwrap();

    let mut unit = store.begin(Scope::System).await.unwrap();
    let asking = async move { unit.users().find(seed::person(1).id).await };
    let cut = tokio::time::timeout(Duration::from_millis(100), asking).await;
    assert!(cut.is_err(), "the statement did not wait");
    // The pool of one has room for a new connection at once, while the old statement waits.
    let unit = store.read(Scope::System).await.unwrap();
    drop(unit);

    blocker.batch_execute("COMMIT").await.unwrap();
    until(&watcher, "no transaction is open", NONE_OPEN).await;
}

/// Ends all connections to the database but the one that asks for it.
const EXPEL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Longer than a connection is taken to live without being heard of.
const REST: Duration = Duration::from_millis(550);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_a_connection_that_the_server_ended_while_it_rested_is_replaced() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = one_connection(&database).await;
    let admin = connect(database.url()).await;
    for _ in 0..5 {
        let mut unit = store.begin(Scope::System).await.unwrap();
        unit.users().find(seed::person(1).id).await.unwrap();
        unit.commit().await.unwrap();
        tokio::time::sleep(REST).await;
        // Asked at once, so that the end may not have been noticed.
        admin.execute(EXPEL, &[]).await.unwrap();
        let mut unit = store.read(Scope::System).await.unwrap();
        unit.users().find(seed::person(1).id).await.unwrap();
        unit.commit().await.unwrap();
    }

    // Ended within a unit of work, it is no fault of the statement.
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().find(seed::person(1).id).await.unwrap();
    admin.execute(EXPEL, &[]).await.unwrap();
    let lost = unit.users().find(seed::person(1).id).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    let committed = unit.commit().await;
    assert!(committed.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_of_a_connection_that_the_server_ended_in_use_one_statement_knows_at_most() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = one_connection(&database).await;
    let admin = connect(database.url()).await;
    for _ in 0..10 {
        let mut unit = store.begin(Scope::System).await.unwrap();
        unit.users().find(seed::person(1).id).await.unwrap();
        unit.commit().await.unwrap();
        admin.execute(EXPEL, &[]).await.unwrap();
        let mut unit = store.read(Scope::System).await.unwrap();
        let found = unit.users().find(seed::person(1).id).await;
        assert!(
            matches!(found, Ok(None) | Err(StoreError::Unavailable(_))),
            "{found:?}"
        );
        drop(unit);
        if found.is_err() {
            let mut unit = store.read(Scope::System).await.unwrap();
            assert_eq!(unit.users().find(seed::person(1).id).await, Ok(None));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_connection_in_use_a_unit_begins_with_its_first_statement() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = one_connection(&database).await;
    let watcher = connect(database.url()).await;
    let warm = store.begin(Scope::System).await.unwrap();
    warm.commit().await.unwrap();

    let mut unit = store.begin(Scope::System).await.unwrap();
    until(&watcher, "nothing is open", NONE_OPEN).await;
    unit.users().insert(&seed::person(1)).await.unwrap();
    until(&watcher, "a transaction is open", ONE_OPEN).await;
    unit.commit().await.unwrap();
    until(&watcher, "nothing is open any more", NONE_OPEN).await;

    // One that asks nothing leaves nothing open, and the only connection is free again.
    drop(store.begin(Scope::System).await.unwrap());
    store
        .begin(Scope::System)
        .await
        .unwrap()
        .commit()
        .await
        .unwrap();
    // What begins it holds for its first statement: this one may not write.
    let mut reading = store.read(Scope::System).await.unwrap();
    let refused = reading.users().insert(&seed::person(2)).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    drop(reading);
    let mut unit = store.read(Scope::System).await.unwrap();
    assert_eq!(
        unit.users().find(seed::person(1).id).await,
        Ok(Some(seed::person(1)))
    );
    assert_eq!(unit.users().find(seed::person(2).id).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_waiting_for_a_lock_too_long_is_unavailability() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let options = PgOptions {
        lock_timeout: Duration::from_millis(200),
        ..patient()
    };
    let store = PgStore::connect(database.url(), options).await.unwrap();
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    unit.commit().await.unwrap();
    let mut holder = store.begin(Scope::System).await.unwrap();
    holder
        .users()
        .find_for_update(seed::person(1).id)
        .await
        .unwrap();
    let mut other = store.begin(Scope::System).await.unwrap();
    let waited = other.users().find_for_update(seed::person(1).id).await;
    assert!(
        matches!(waited, Err(StoreError::Unavailable(_))),
        "{waited:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_no_free_connection_is_unavailability_in_time() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let options = PgOptions {
        max_connections: Some(1),
        ..PgOptions::default()
    };
    let store = PgStore::connect(database.url(), options).await.unwrap();
    let _held = store.begin(Scope::System).await.unwrap();
    let started = Instant::now();
    let refused = store.begin(Scope::System).await.err();
    assert!(
        matches!(refused, Some(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s8_a_signup_that_commits_twice_is_told_as_the_signup() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    unit.commit().await.unwrap();
    let mut twin = seed::person(1);
    twin.id = kogents_domain::ids::UserId::from_uuid(seed::uuid(77));
    let mut unit = store.begin(Scope::System).await.unwrap();
    assert_eq!(
        unit.users().insert(&twin).await,
        Err(StoreError::Conflict(Constraint::UserSignup))
    );
}

#[test]
fn connections_belong_to_the_runtime_that_opened_the_store() {
    let home = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let Some(database) = home.block_on(TestDatabase::migrated()) else {
        return;
    };
    let store = home.block_on(one_connection(&database));
    for _ in 0..3 {
        // Each of these runtimes ends before the next begins; the pool's one connection stays.
        let visitor = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        visitor.block_on(async {
            let unit = store.begin(Scope::System).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    let connections: i64 = home.block_on(async {
        let watcher = connect(database.url()).await;
        let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                     AND pid <> pg_backend_pid() AND query = 'COMMIT'";
        watcher.query_one(count, &[]).await.unwrap().get(0)
    });
    assert_eq!(connections, 1);
}
