//! What the file says of itself, and others do not.

use kogents_adapter_sqlite::SqliteStore;
use kogents_domain::health::{DatabaseInspector as _, PoolFigures};
use kogents_domain::store::{Scope, Store as _};
use kogents_testkit::builders::a_user;

#[tokio::test]
async fn its_threads_are_its_pool_and_it_counts_no_hits() {
    let store = SqliteStore::in_memory().unwrap();
    let at_rest = PoolFigures {
        total: 5,
        active: 0,
        idle: 5,
        waiting: 0,
        max: 5,
        timeouts_total: 0,
    };
    assert_eq!(store.pool(), at_rest);
    let storage = store.storage().await.unwrap();
    assert_eq!((storage.cache_hit_ratio, storage.deadlocks), (None, None));
}

#[tokio::test]
async fn rows_are_counted() {
    let store = SqliteStore::in_memory().unwrap();
    let mut unit = store.begin(Scope::System).await.unwrap();
    for _ in 0..7 {
        unit.users().insert(&a_user().build()).await.unwrap();
    }
    unit.commit().await.unwrap();
    let rows = store.table_rows().await.unwrap();
    let of = |name: &str| rows.iter().find(|table| table.table == name).unwrap().rows;
    assert_eq!((of("users"), of("sessions")), (7, 0));
}
