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
