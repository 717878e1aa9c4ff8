//! The statements by which the database is asked of itself.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double, Nullable, Text};
use diesel_async::RunQueryDsl;
use kogents_domain::store::StoreError;

use crate::unit_of_work::{PgUnitOfWork, ask};

/// An answer, and how it is got.
#[async_trait]
pub(crate) trait Question: Sized + Send {
    async fn ask(unit: &mut PgUnitOfWork) -> Result<Self, StoreError>;
}

/// Whether it answers at all: beginning a transaction and ending it say as much.
#[async_trait]
impl Question for () {
    async fn ask(_: &mut PgUnitOfWork) -> Result<Self, StoreError> {
        Ok(())
    }
}

/// What it is.
#[derive(QueryableByName)]
pub(super) struct Described {
    /// The version with what its packager adds: `17.2 (Debian 17.2-1)`.
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Array<Text>)]
    pub(super) applied: Vec<String>,
    #[diesel(sql_type = BigInt)]
    pub(super) now_millis: i64,
}

impl Described {
    const STATEMENT: &str = "SELECT current_setting('server_version') AS version, \
        ARRAY(SELECT version::text FROM __diesel_schema_migrations ORDER BY version) AS applied, \
        (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_millis";

    /// The version alone.
    pub(super) fn number(&self) -> &str {
        self.version
            .split_whitespace()
            .next()
            .unwrap_or(&self.version)
    }
}

#[async_trait]
impl Question for Described {
    async fn ask(unit: &mut PgUnitOfWork) -> Result<Self, StoreError> {
        ask!(unit, connection => diesel::sql_query(Self::STATEMENT).get_result(connection))
    }
}

/// What it holds.
#[derive(QueryableByName)]
pub(super) struct Stored {
    #[diesel(sql_type = BigInt)]
    pub(super) size_bytes: i64,
    #[diesel(sql_type = Nullable<Double>)]
    pub(super) cache_hit_ratio: Option<f64>,
    #[diesel(sql_type = BigInt)]
    pub(super) deadlocks: i64,
}

impl Stored {
    const STATEMENT: &str = "SELECT pg_database_size(datid) AS size_bytes, \
        blks_hit::float8 / nullif(blks_hit + blks_read, 0) AS cache_hit_ratio, deadlocks \
        FROM pg_stat_database WHERE datname = current_database()";
}

#[async_trait]
impl Question for Stored {
    async fn ask(unit: &mut PgUnitOfWork) -> Result<Self, StoreError> {
        ask!(unit, connection => diesel::sql_query(Self::STATEMENT).get_result(connection))
    }
}

/// A table and its rows, about.
#[derive(QueryableByName)]
pub(super) struct Table {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = BigInt)]
    pub(super) rows: i64,
}

impl Table {
    // A partitioned table's own estimate is kept by a manual ANALYZE alone; its partitions' are not.
    const STATEMENT: &str = "SELECT root.relname::text AS name, \
        sum(CASE WHEN leaf.reltuples >= 0 THEN leaf.reltuples::float8 \
            ELSE pg_stat_get_live_tuples(leaf.oid)::float8 END)::bigint AS rows \
        FROM pg_class AS root \
        LEFT JOIN pg_inherits AS part ON part.inhparent = root.oid \
        JOIN pg_class AS leaf ON leaf.oid = coalesce(part.inhrelid, root.oid) \
        WHERE root.relnamespace = current_schema()::regnamespace AND root.relkind IN ('r', 'p') \
        AND NOT root.relispartition AND root.relname <> '__diesel_schema_migrations' \
        GROUP BY root.relname ORDER BY root.relname";
}

#[async_trait]
impl Question for Vec<Table> {
    async fn ask(unit: &mut PgUnitOfWork) -> Result<Self, StoreError> {
        ask!(unit, connection => diesel::sql_query(Table::STATEMENT).load(connection))
    }
}
