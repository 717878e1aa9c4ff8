//! What an operator may ask of every dependency, and of the store in particular.

mod database_inspector;
mod probe;
mod query_statistics;

pub use database_inspector::{
    DatabaseDescription, DatabaseInspector, MigrationCount, PoolFigures, StorageFigures, TableRows,
};
pub use probe::{CheckStatus, Probe};
pub use query_statistics::{QueryFigures, QueryStatistics, SlowQuery};

#[cfg(feature = "mock")]
pub use {
    database_inspector::MockDatabaseInspector, probe::MockProbe,
    query_statistics::MockQueryStatistics,
};
