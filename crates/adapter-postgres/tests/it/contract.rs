//! The store contract suite.

use std::sync::Arc;

use kogents_domain::store::Store;
use kogents_testkit::subject::Subject;

use crate::server::TestDatabase;

async fn fresh_store() -> Option<Subject<dyn Store>> {
    let database = TestDatabase::migrated().await?;
    let store = database.open().await;
    Some(Subject::guarded(Arc::new(store), database))
}

kogents_testkit::store_contract!(fresh_store);

/// The contract of what an operator may ask.
mod inspector {
    use std::sync::Arc;
    use std::time::Duration;

    use kogents_adapter_postgres::{PgOptions, PgStore};
    use kogents_testkit::database_inspector_contract::InspectedStore;
    use kogents_testkit::subject::Subject;

    use crate::server::{TestDatabase, patient};

    async fn fresh_store() -> Option<Subject<InspectedStore>> {
        let database = TestDatabase::migrated().await?;
        let options = PgOptions {
            max_connections: Some(3),
            wait_timeout: Some(Duration::from_millis(300)),
            statement_timeout: PgOptions::default().statement_timeout,
            ..patient()
        };
        let store = PgStore::connect(database.url(), options).await.unwrap();
        let store = Arc::new(InspectedStore::of(store));
        Some(Subject::guarded(store, database))
    }

    kogents_testkit::database_inspector_contract!(fresh_store);
}
