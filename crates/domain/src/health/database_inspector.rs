//! What an operator may ask of a store beyond whether it answers.

use async_trait::async_trait;

use crate::store::StoreError;
use crate::time::Timestamp;

/// What a store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseDescription {
    /// Product and version, for people: `PostgreSQL 17.2`.
    pub version: String,
    /// How far its tables have come.
    pub migrations: MigrationCount,
    /// The moment by its own clock; None where it has none but this process's.
    pub now: Option<Timestamp>,
}

/// How far the tables have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationCount {
    /// Migrations that were applied, those included that this program does not know.
    pub applied: u32,
    /// Migrations that this program knows and that were not applied.
    pub pending: u32,
}

/// The connections of a store, or what stands for them there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PoolFigures {
    /// Connections that are open.
    pub total: u32,
    /// Those of them that somebody holds.
    pub active: u32,
    /// Those of them that nobody holds.
    pub idle: u32,
    /// Who waits for one.
    pub waiting: u32,
    /// The most that are ever open.
    pub max: u32,
    /// Waits that were in vain, since the store was opened.
    pub timeouts_total: u64,
}

/// What a store holds, and how well it goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StorageFigures {
    /// What the database takes, in bytes.
    pub size_bytes: u64,
    /// The part of the pages asked for that were found in the store's own cache, 0 to 1, since the
    /// store began to count; None where it does not count, or none was asked for.
    pub cache_hit_ratio: Option<f64>,
    /// Deadlocks since the store began to count; None where there are none by construction.
    pub deadlocks: Option<u64>,
}

/// How many rows a table has, about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    /// The table's name; all partitions of a table are one.
    pub table: String,
    /// An estimate that was cheap to get; each store says what it is worth.
    pub rows: u64,
}

/// A store as its operator looks at it.
///
/// Every question but [`pool`](Self::pool) costs the store one connection, for as long as one
/// statement may take; the answer comes within two seconds, or [`StoreError::Unavailable`] does.
/// A server is asked one question at a time: who asks more often waits, so that no more than one
/// connection is ever lost to a database that has gone silent.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait DatabaseInspector: Send + Sync {
    /// Its version and how far its tables have come.
    async fn describe(&self) -> Result<DatabaseDescription, StoreError>;

    /// What it holds, and how well it goes.
    async fn storage(&self) -> Result<StorageFigures, StoreError>;

    /// How many rows each table has, about: every table of the product once, and no other.
    async fn table_rows(&self) -> Result<Vec<TableRows>, StoreError>;

    /// Its connections, now. It asks nobody and waits for nothing.
    fn pool(&self) -> PoolFigures;
}
