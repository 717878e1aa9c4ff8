//! Counts the pages that an operation touches.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::{PgOptions, PgStore};
use tokio_postgres::Client;

use super::operations::{Operation, Work};
use super::rows::Filled;
use crate::server::patient;

/// Pages of the tables and their indexes, found in memory or not; and rows read without an index.
const COUNTED: &str = "SELECT \
    (SELECT sum(heap_blks_read + heap_blks_hit \
        + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0))::bigint \
        FROM pg_statio_user_tables WHERE relname ~ '^(session|user)'), \
    (SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables WHERE relname ~ '^(session|user)')";

/// A connection tells what it counted when it ends, at the latest.
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() \
    AND backend_type = 'client backend'";

/// What an operation costs on a connection that has done it before, in pages.
pub(super) async fn of(filled: &Filled, operation: Operation, turn: u64) -> u64 {
    let work = operation.prepare(filled, turn).await;
    let options = PgOptions {
        max_connections: Some(1),
        ..patient()
    };
    let url = filled.database.url();
    let store = PgStore::connect(url, options.clone()).await.unwrap();
    work.warm_up(&store).await;
    end(store, &filled.client).await;
    let (before, _) = counted(&filled.client).await;
    let unread = unread(filled, &work, options).await;
    let (after, _) = counted(&filled.client).await;
    assert_eq!(unread, 0, "{operation:?} reads rows without an index");
    after - before
}

/// Does the work, and gives how many rows were read without an index.
async fn unread(filled: &Filled, work: &Work, options: PgOptions) -> u64 {
    let (_, before) = counted(&filled.client).await;
    let store = PgStore::connect(filled.database.url(), options)
        .await
        .unwrap();
    work.run(&store).await;
    end(store, &filled.client).await;
    let (_, after) = counted(&filled.client).await;
    after - before
}

async fn end(store: PgStore, client: &Client) {
    store.close();
    drop(store);
    let started = Instant::now();
    while client
        .query_one(OTHERS, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        > 0
    {
        assert!(started.elapsed() < Duration::from_secs(10), "it stays");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn counted(client: &Client) -> (u64, u64) {
    let flush = "SELECT pg_stat_force_next_flush()";
    client.batch_execute(flush).await.unwrap();
    let row = client.query_one(COUNTED, &[]).await.unwrap();
    let count = |column: usize| u64::try_from(row.get::<_, i64>(column)).unwrap();
    (count(0), count(1))
}
