//! Only one server may claim a database.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::{ClaimError, PgStore, SingleInstance};
use tokio_postgres::Client;

use crate::server::{TestDatabase, connect};

const EXPEL_HOLDER: &str = "SELECT pg_terminate_backend(pid) FROM pg_locks \
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND pid <> pg_backend_pid() \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

async fn claim(store: &PgStore) -> SingleInstance {
    store.claim_single_instance().await.unwrap()
}

/// The server process that holds the lock, if one does.
async fn holder(admin: &Client) -> Option<i32> {
    let query = "SELECT pid FROM pg_locks \
        WHERE locktype = 'advisory' AND objsubid = 2 AND granted \
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let row = admin.query_opt(query, &[]).await.unwrap();
    row.map(|row| row.get(0))
}

async fn expel_holder(admin: &Client) -> u64 {
    admin.execute(EXPEL_HOLDER, &[]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_is_refused_until_the_first_goes() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let (first, second) = (database.open().await, database.open().await);
    let claimed = claim(&first).await;
    assert!(claimed.is_held());
    let refused = second.claim_single_instance().await;
    assert!(
        matches!(refused, Err(ClaimError::AlreadyRunning)),
        "{refused:?}"
    );
    drop(claimed);
    // Even one that begins while the first is still going has it.
    assert!(claim(&second).await.is_held());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_comes_back_after_its_connection_was_lost() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let (first, second) = (database.open().await, database.open().await);
    let claimed = claim(&first).await;
    let admin = connect(database.url()).await;
    let before = holder(&admin).await.unwrap();
    assert_eq!(expel_holder(&admin).await, 1);
    let started = Instant::now();
    while holder(&admin).await.is_none_or(|now| now == before) || !claimed.is_held() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "the claim never comes back"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let refused = second.claim_single_instance().await;
    assert!(
        matches!(refused, Err(ClaimError::AlreadyRunning)),
        "{refused:?}"
    );
    let taken = tokio::time::timeout(Duration::from_millis(50), claimed.taken_by_another()).await;
    assert!(taken.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_another_took_meanwhile_is_told() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let claimed = claim(&store).await;
    // Another server waits for the very lock, and so has it the moment the connection ends.
    let admin = connect(database.url()).await;
    let other = connect(database.url()).await;
    let waiting = tokio::spawn(async move {
        let lock = "SELECT pg_advisory_lock(1802463077, hashtext('public'))";
        other.batch_execute(lock).await.unwrap();
        other
    });
    let queued = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let started = Instant::now();
    while admin.query_one(queued, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "nobody waits");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(expel_holder(&admin).await, 1);
    let _other = waiting.await.unwrap();
    let taken = tokio::time::timeout(Duration::from_secs(40), claimed.taken_by_another()).await;
    assert!(taken.is_ok(), "nobody said so");
    assert!(!claimed.is_held());
}
