//! The database with its observer: every query is timed, counted, and remembered where it was slow.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::health::DatabaseInspector;
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span};
use prometheus::Registry;

use super::{OpenDatabase, setup};
use crate::failure::Failure;
use crate::figures::{DatabaseFigures, QueryDurations};
use crate::observed::{ObservedInspector, ObservedStore, QueryLog, QueryObserver};

/// A database of whose queries somebody hears.
pub(crate) struct ObservedDatabase {
    pub(super) store: Arc<dyn Store>,
    pub(super) inspector: Arc<dyn DatabaseInspector>,
    pub(super) queries: Arc<QueryLog>,
    pub(super) figures: DatabaseFigures,
}

/// Lets the figures hear of a database's queries.
pub(crate) fn observe(
    database: &OpenDatabase,
    slow_query: Span,
    registry: &Registry,
    clock: Arc<dyn Clock>,
) -> Result<ObservedDatabase, Failure> {
    let slow_query = u64::try_from(slow_query.as_millis()).unwrap_or(0);
    let queries = Arc::new(QueryLog::new(Duration::from_millis(slow_query), clock));
    let durations = QueryDurations::new(registry);
    let durations = durations.map_err(|error| setup("the figures", &error))?;
    let observer: Arc<dyn QueryObserver> = Arc::new((durations, queries.clone()));
    let inspector = Arc::new(ObservedInspector {
        inspector: database.inspector.clone(),
        observer: observer.clone(),
    });
    let figures = DatabaseFigures::new(registry, inspector.clone(), queries.clone());
    Ok(ObservedDatabase {
        store: Arc::new(ObservedStore {
            store: database.store.clone(),
            observer,
        }),
        inspector,
        queries,
        figures: figures.map_err(|error| setup("the figures", &error))?,
    })
}
