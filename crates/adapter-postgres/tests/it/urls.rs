//! What the URL's parameters do on a real server.

use kogents_adapter_postgres::{OpenError, PgOptions, PgStore, RowSecurity};
use kogents_domain::secret::SecretText;
use kogents_domain::store::{Scope, Store as _};

use crate::partitions::strays;
use crate::seed;
use crate::server::{TestDatabase, connect, patient};

fn with(url: &str, parameters: &str) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}{parameters}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_holds_everything_and_is_made_if_it_is_missing() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    let url = with(database.url(), "schema=Odd%20%22name%22");
    let store = PgStore::connect(&url, patient()).await.unwrap();
    assert_ne!(store.row_security(), RowSecurity::Bypassed);
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&seed::person(1)).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(strays(&store).await, 0);
    // A second server finds it.
    let again = PgStore::connect(&url, patient()).await.unwrap();
    let mut unit = again.read(Scope::System).await.unwrap();
    let found = unit.users().find(seed::person(1).id).await.unwrap();
    assert_eq!(found, Some(seed::person(1)));
    drop(unit);
    let client = connect(database.url()).await;
    let elsewhere = "SELECT count(*) FROM pg_class c \
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'";
    let elsewhere: i64 = client.query_one(elsewhere, &[]).await.unwrap().get(0);
    assert_eq!(elsewhere, 0);
    let call = "SELECT \"Odd \"\"name\"\"\".kogents_make_session_partitions('2031-03-17', 1)";
    let made: i32 = client.query_one(call, &[]).await.unwrap().get(0);
    assert_eq!(made, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ordinary_owner_may_have_a_schema_too() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    let url = with(database.url(), "schema=chat");
    for _ in 0..2 {
        let store = PgStore::connect(&url, patient()).await.unwrap();
        assert_eq!(store.row_security(), RowSecurity::Bound);
        assert_eq!(strays(&store).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_into_another_schema_are_refused() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    let options = PgOptions {
        direct_url: Some(SecretText::new(database.url())),
        ..patient()
    };
    let refused = PgStore::connect(&with(database.url(), "schema=chat"), options).await;
    assert!(
        matches!(refused, Err(OpenError::InvalidUrl(_))),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_transaction_pooler_each_transaction_sets_its_own_timeouts() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let url = with(database.url(), "pgbouncer=true&connection_limit=1");
    let options = PgOptions {
        max_connections: None,
        lock_timeout: std::time::Duration::from_millis(200),
        ..patient()
    };
    let store = PgStore::connect(&url, options).await.unwrap();
    let watcher = connect(database.url()).await;
    let lock = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
    watcher.batch_execute(lock).await.unwrap();
    let mut unit = store.begin(Scope::System).await.unwrap();
    let started = std::time::Instant::now();
    let waited = unit.users().find(seed::person(1).id).await;
    assert!(waited.is_err(), "{waited:?}");
    assert!(started.elapsed() < std::time::Duration::from_secs(10));
    drop(unit);
    watcher.batch_execute("COMMIT").await.unwrap();
    for _ in 0..3 {
        let mut unit = store.begin(Scope::System).await.unwrap();
        assert_eq!(unit.users().find(seed::person(1).id).await, Ok(None));
        unit.commit().await.unwrap();
    }
    let kept = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND pid <> pg_backend_pid() AND query = 'COMMIT'";
    let connections: i64 = watcher.query_one(kept, &[]).await.unwrap().get(0);
    assert_eq!(connections, 1, "the URL's connection_limit");
}
