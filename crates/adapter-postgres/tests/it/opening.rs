//! Opening the store: migrating at once, and what stands in the way.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::{OpenError, PgOptions, PgStore};
use kogents_domain::health::{CheckStatus, Probe as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::server::{TestDatabase, connect, patient};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r6_servers_that_start_together_migrate_once() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    let mut starting = JoinSet::new();
    for _ in 0..8 {
        let url = database.url().to_owned();
        starting.spawn(async move { PgStore::connect(&url, patient()).await });
    }
    for store in starting.join_all().await {
        store.unwrap();
    }
    let client = connect(database.url()).await;
    let rows = client
        .query(
            "SELECT version FROM __diesel_schema_migrations ORDER BY version",
            &[],
        )
        .await
        .unwrap();
    let versions: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(versions, ["0001", "0002", "0003", "0004", "0005", "0006"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r6_a_migration_that_was_killed_is_done_by_the_next_start() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    // A table in the way makes the migration fail midway.
    let client = connect(database.url()).await;
    client
        .batch_execute("CREATE TABLE outbox (id INT)")
        .await
        .unwrap();
    let failed = PgStore::connect(database.url(), patient()).await;
    assert!(
        matches!(&failed, Err(OpenError::MigrationFailed { version, .. }) if version == "0001"),
        "{failed:?}"
    );
    let left = client
        .query_one("SELECT to_regclass('users') IS NULL", &[])
        .await
        .unwrap();
    assert!(left.get::<_, bool>(0), "half a migration is left");
    client.batch_execute("DROP TABLE outbox").await.unwrap();
    PgStore::connect(database.url(), patient()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_refused() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    client
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
        .await
        .unwrap();
    for migrate in [true, false] {
        let options = PgOptions {
            migrate,
            ..patient()
        };
        let refused = PgStore::connect(database.url(), options).await;
        assert!(
            matches!(&refused, Err(OpenError::Newer { version }) if version == "9999"),
            "{refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_are_behind_are_refused_unless_migrating_is_asked_for() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    let options = PgOptions {
        migrate: false,
        ..patient()
    };
    let refused = PgStore::connect(database.url(), options).await;
    assert!(
        matches!(&refused, Err(OpenError::Behind { version }) if version == "0001"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_a_server_that_refuses_or_is_silent_fails_within_two_seconds() {
    // Nobody listens where a listener has just been closed.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed_port = closed.local_addr().unwrap().port();
    drop(closed);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_port = silent.local_addr().unwrap().port();
    for port in [closed_port, silent_port] {
        let started = Instant::now();
        let url = format!("postgresql://ada:secret@127.0.0.1:{port}/chat");
        let failed = PgStore::connect(&url, PgOptions::default()).await;
        let message = match failed {
            Err(error @ OpenError::Unreachable(_)) => error.to_string(),
            other => panic!("{other:?}"),
        };
        assert!(started.elapsed() < Duration::from_secs(2), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
    drop(silent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_does_not_exist_is_told() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    let missing = database
        .url()
        .replace(database.name(), "kogents_there_is_none");
    let refused = PgStore::connect(&missing, patient()).await;
    assert!(matches!(refused, Err(OpenError::Refused(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_login_is_told() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    let (scheme, rest) = database.url().split_once("://").unwrap();
    let (_, host) = rest.rsplit_once('@').unwrap_or(("", rest));
    let url = format!("{scheme}://kogents_nobody:wrong@{host}");
    let refused = PgStore::connect(&url, patient()).await;
    assert!(
        matches!(refused, Err(OpenError::WrongCredentials(_))),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_probe_tells_whether_the_database_answers() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    assert_eq!(store.check().await, CheckStatus::Up);
    store.close();
    assert_eq!(store.check().await, CheckStatus::Down);
}
