//! The store contract on SQLite, and what only this store promises.

#![expect(
    clippy::unwrap_used,
    reason = "test code: a failure here is a failed test"
)]

mod isolation;
mod opening;
mod samples;

/// The contract that every store keeps.
mod contract {
    use std::sync::Arc;

    use kogents_adapter_sqlite::SqliteStore;
    use kogents_domain::store::Store;

    async fn fresh_store() -> Arc<dyn Store> {
        Arc::new(SqliteStore::in_memory().unwrap())
    }

    kogents_testkit::store_contract!(fresh_store);
}
