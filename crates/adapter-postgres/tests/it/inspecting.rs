//! What the server says of the database, and others do not.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::{PgOptions, PgStore, RowSecurity};
use kogents_domain::health::{CheckStatus, DatabaseInspector as _, Probe as _};
use kogents_domain::moving::{NOT_MOVED, TABLES};
use kogents_domain::store::{Scope, Store as _};

use crate::seed;
use crate::server::{TestDatabase, connect, patient};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_the_planners_over_all_partitions_and_hits_and_deadlocks_are_counted() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let admin = connect(database.url()).await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    for number in 0..7 {
        unit.users().insert(&seed::person(number)).await.unwrap();
    }
    unit.commit().await.unwrap();
    let partitions = admin
        .query(
            "SELECT inhrelid::regclass::text FROM pg_inherits \
             WHERE inhparent = 'session_activity'::regclass ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    assert!(partitions.len() >= 3, "{}", partitions.len());
    admin
        .batch_execute(
            "ANALYZE; UPDATE pg_class SET reltuples = 40 WHERE oid IN (SELECT inhrelid \
             FROM pg_inherits WHERE inhparent = 'session_activity'::regclass)",
        )
        .await
        .unwrap();
    let rows = store.table_rows().await.unwrap();
    let of = |name: &str| rows.iter().find(|table| table.table == name).unwrap().rows;
    assert_eq!((of("users"), of("sessions")), (7, 0));
    let expected = 40 * u64::try_from(partitions.len()).unwrap();
    assert_eq!(of("session_activity"), expected);

    let storage = store.storage().await.unwrap();
    let size = admin
        .query_one("SELECT pg_database_size(current_database())", &[])
        .await
        .unwrap();
    let size = u64::try_from(size.get::<_, i64>(0)).unwrap();
    assert!(storage.size_bytes.abs_diff(size) < 1_000_000, "{storage:?}");
    assert_eq!(storage.deadlocks, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ordinary_owner_and_a_login_that_steps_down_are_told_alike() {
    for (database, security) in [
        (TestDatabase::migrated().await, RowSecurity::SteppedDown),
        (TestDatabase::of_ordinary_owner().await, RowSecurity::Bound),
    ] {
        let Some(database) = database else {
            return;
        };
        let store = database.open().await;
        assert_eq!(store.row_security(), security);
        let description = store.describe().await.unwrap();
        assert_eq!(description.migrations.pending, 0);
        assert!(description.version.starts_with("PostgreSQL "));
        let admin = connect(&database.admin_url()).await;
        let now = admin
            .query_one("SELECT (extract(epoch FROM now()) * 1000)::bigint", &[])
            .await
            .unwrap();
        let apart = now.get::<_, i64>(0) - description.now.unwrap().as_millis();
        assert!(apart.abs() < 60_000, "{apart}");
        store.storage().await.unwrap();
        let tables = store.table_rows().await.unwrap().len();
        assert_eq!(tables, TABLES.len() + NOT_MOVED.len());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_is_taken_away_is_pending() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let before = store.describe().await.unwrap().migrations;
    let admin = connect(database.url()).await;
    let undo = "DELETE FROM __diesel_schema_migrations WHERE version = '0002'";
    admin.batch_execute(undo).await.unwrap();
    let after = store.describe().await.unwrap().migrations;
    assert_eq!((after.applied, after.pending), (before.applied - 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_questions_to_a_locked_table_cost_one_connection_and_their_time() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let options = PgOptions {
        max_connections: Some(4),
        lock_timeout: Duration::from_secs(10),
        statement_timeout: Duration::from_secs(1),
        ..patient()
    };
    let store = PgStore::connect(database.url(), options).await.unwrap();
    let blocker = connect(database.url()).await;
    let lock = "BEGIN; LOCK TABLE __diesel_schema_migrations IN ACCESS EXCLUSIVE MODE";
    blocker.batch_execute(lock).await.unwrap();
    let since = Instant::now();
    let asking: Vec<_> = (0..10)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.describe().await })
        })
        .collect();
    let mut most = 0;
    while !asking.iter().all(|asked| asked.is_finished()) {
        most = most.max(store.pool().active);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for asked in asking {
        assert!(asked.await.unwrap().is_err());
    }
    assert!(
        since.elapsed() < Duration::from_secs(2),
        "{:?}",
        since.elapsed()
    );
    assert_eq!(most, 1);
    blocker.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(store.check().await, CheckStatus::Up);
    store.describe().await.unwrap();
}
