//! Tells an observer of what is asked of the store for its operator.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::health::{
    DatabaseDescription, DatabaseInspector, PoolFigures, StorageFigures, TableRows,
};
use kogents_domain::store::StoreError;

use super::{QueryObserver, watch};

/// A store whose operator's questions somebody hears of.
pub(crate) struct ObservedInspector {
    pub(crate) inspector: Arc<dyn DatabaseInspector>,
    pub(crate) observer: Arc<dyn QueryObserver>,
}

#[async_trait]
impl DatabaseInspector for ObservedInspector {
    async fn describe(&self) -> Result<DatabaseDescription, StoreError> {
        let watch = watch(&self.observer, "health.describe");
        watch.hear(self.inspector.describe().await)
    }

    async fn storage(&self) -> Result<StorageFigures, StoreError> {
        let watch = watch(&self.observer, "health.storage");
        watch.hear(self.inspector.storage().await)
    }

    async fn table_rows(&self) -> Result<Vec<TableRows>, StoreError> {
        let watch = watch(&self.observer, "health.table_rows");
        watch.hear(self.inspector.table_rows().await)
    }

    fn pool(&self) -> PoolFigures {
        self.inspector.pool()
    }
}
