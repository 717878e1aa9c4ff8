//! The store contract on SQLite, and what only this store promises.

#![expect(
    clippy::unwrap_used,
    reason = "test code: a failure here is a failed test"
)]

mod inspecting;
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

/// The contract of what an operator may ask.
mod inspector_contract {
    use std::sync::Arc;
    use std::time::Duration;

    use kogents_adapter_sqlite::{SqliteOptions, SqliteStore};
    use kogents_testkit::database_inspector_contract::InspectedStore;

    async fn fresh_store() -> Arc<InspectedStore> {
        let options = SqliteOptions {
            readers: 2,
            turn_timeout: Duration::from_millis(300),
            migrate: true,
        };
        let store = SqliteStore::in_memory_with(options).unwrap();
        Arc::new(InspectedStore::of(store))
    }

    kogents_testkit::database_inspector_contract!(fresh_store);
}
