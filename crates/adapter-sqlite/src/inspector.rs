//! What the database says of itself.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::health::{
    DatabaseDescription, DatabaseInspector, MigrationCount, PoolFigures, StorageFigures, TableRows,
};
use kogents_domain::store::StoreError;

use crate::error::Failure;
use crate::store::SqliteStore;

/// How far the rows of a table are counted. A hundred thousand take some milliseconds.
const COUNTED: u32 = 100_000;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[async_trait]
impl DatabaseInspector for SqliteStore {
    async fn describe(&self) -> Result<DatabaseDescription, StoreError> {
        let (version, applied) = self.ask(version_and_migrations).await?;
        // A file that knows a migration which this program does not is never opened.
        let known = self.migration_state();
        let known = known.applied.saturating_add(known.pending);
        let known = u32::try_from(known).unwrap_or(u32::MAX);
        Ok(DatabaseDescription {
            version: format!("SQLite {version}"),
            migrations: MigrationCount {
                applied,
                pending: known.saturating_sub(applied),
            },
            now: None,
        })
    }

    /// SQLite counts no hits of its cache that could be asked for by a statement, and with one
    /// writer at a time there are no deadlocks. What the write-ahead log takes beside the file is
    /// not counted.
    async fn storage(&self) -> Result<StorageFigures, StoreError> {
        let asked = "SELECT page_count * page_size AS number FROM pragma_page_count, \
            pragma_page_size";
        Ok(StorageFigures {
            size_bytes: self.ask(move |conn| number(conn, asked)).await?,
            cache_hit_ratio: None,
            deadlocks: None,
        })
    }

    /// Counted, table by table, so that nobody waits long for a reader; the count stops at 100,000.
    async fn table_rows(&self) -> Result<Vec<TableRows>, StoreError> {
        let mut rows = Vec::new();
        for table in self.ask(tables).await? {
            let counting = format!(
                "SELECT count(*) AS number FROM (SELECT 1 FROM \"{table}\" LIMIT {COUNTED})"
            );
            rows.push(TableRows {
                table,
                rows: self.ask(move |conn| number(conn, &counting)).await?,
            });
        }
        Ok(rows)
    }

    /// A thread owns each connection: the writer and the readers.
    fn pool(&self) -> PoolFigures {
        self.pool_figures()
    }
}

fn version_and_migrations(conn: &mut SqliteConnection) -> Result<(String, u32), Failure> {
    let version: Name = diesel::sql_query("SELECT sqlite_version() AS name").get_result(conn)?;
    let applied = number(
        conn,
        "SELECT count(*) AS number FROM __diesel_schema_migrations",
    )?;
    Ok((version.name, u32::try_from(applied).unwrap_or(u32::MAX)))
}

/// The product's tables: those of SQLite and of the migrations are none.
fn tables(conn: &mut SqliteConnection) -> Result<Vec<String>, Failure> {
    let tables: Vec<Name> = diesel::sql_query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' \
         AND name NOT GLOB '__diesel*' ORDER BY name",
    )
    .load(conn)?;
    Ok(tables.into_iter().map(|table| table.name).collect())
}

fn number(conn: &mut SqliteConnection, statement: &str) -> Result<u64, Failure> {
    let number: Number = diesel::sql_query(statement).get_result(conn)?;
    Ok(u64::try_from(number.number).unwrap_or(0))
}
