//! Takes every row of another store into an empty database, a transaction for each table, and gives
//! them back to be compared.
//!
//! A database with an import that is not finished has a mark among its applied migrations, which
//! names the export. No server starts on it, this release's or another's, because it knows no
//! migration of that name; an import of the same export goes on with the table it stopped at, since
//! a table has all of its rows or none.

mod batch;
mod error;
mod mark;
mod reading;
mod table;

use std::time::Duration;

use kogents_domain::moving::{TABLES, Table};
use kogents_domain::store::Scope;
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::connector::Connector;
use crate::migrations;
use crate::options::PgOptions;
use crate::row_security::{self, RowSecurity};
use crate::scope::{self, Mode};
use crate::single_instance;

pub use error::ImportError;
pub(crate) use mark::is_mark;
pub use table::TableImport;

use error::database;

/// The longest that what was stopped a moment ago is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(100);

/// What holds for the connection: rows take the time they take, tables that somebody uses are not
/// waited for, and a server notices soon that the import was killed.
const SETTINGS: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
    SET lock_timeout = '10s'; SET jit = off; \
    DO $$ BEGIN \
        PERFORM set_config('client_connection_check_interval', '1s', false); \
    EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$";

/// `$1` moments in milliseconds: makes the partitions of their months. No more than twenty years of
/// months, the latest: what a clock that was wrong for once put elsewhere rests in the DEFAULT
/// partitions.
const MAKE_MONTHS: &str = "SELECT coalesce(sum(kogents_make_session_partitions(month, 1)), 0)::bigint \
    FROM (SELECT DISTINCT \
            date_trunc('month', to_timestamp(moment / 1000.0) AT TIME ZONE 'UTC')::date AS month \
        FROM unnest($1::bigint[]) AS moment ORDER BY month DESC LIMIT 240) AS months";

/// The other connections of servers to this database, as far as the login may see them.
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND application_name = 'kogents' AND pid <> pg_backend_pid()";

/// An import into one database, over one connection of its own. The database is its alone as long
/// as this lives: no server that must be the only one, and no second import, has it meanwhile.
pub struct PgImport {
    client: Client,
    security: RowSecurity,
    mark: String,
    is_resumed: bool,
}

impl PgImport {
    /// Reaches the database and brings its tables up to date. `export` is the SHA-256 of what
    /// describes the export, in hexadecimal: one that stopped goes on with the same only.
    ///
    /// # Errors
    /// [`ImportError`]: whatever stands in the way before the first row is written.
    pub async fn open(url: &str, options: &PgOptions, export: &str) -> Result<Self, ImportError> {
        let direct = options.direct_url.as_ref();
        let url = direct.map_or(url, |direct| direct.expose());
        let connector = Connector::new(url, options)?;
        if connector.says_pooled() {
            return Err(ImportError::Pooled);
        }
        let client = connector.open_driven().await?;
        client.batch_execute(SETTINGS).await.map_err(database)?;
        let mark = mark::of(export);
        let found = mark::find(&client).await?;
        let is_resumed = match found {
            Some(found) if found == mark => true,
            Some(_) => return Err(ImportError::OtherUnfinished),
            None => false,
        };
        if !is_resumed {
            migrations::run(&connector).await?;
        }
        claim(&client).await?;
        be_alone(&client).await?;
        let security = row_security::establish(&client).await?;
        let import = Self {
            client,
            security,
            mark,
            is_resumed,
        };
        if !is_resumed {
            let occupied = import.occupied().await?;
            if !occupied.is_empty() {
                return Err(ImportError::Occupied(occupied));
            }
        }
        Ok(import)
    }

    /// The last migration that the database has seen.
    #[must_use]
    pub fn version() -> &'static str {
        migrations::latest()
    }

    /// Whether an import of the same export stopped here and goes on.
    #[must_use]
    pub const fn is_resumed(&self) -> bool {
        self.is_resumed
    }

    /// Marks the database as one with an import that is not finished, and makes the partitions for
    /// sessions that were opened at these moments, in milliseconds.
    ///
    /// # Errors
    /// [`ImportError::Database`].
    pub async fn begin(&self, moments: &[i64]) -> Result<(), ImportError> {
        if !self.is_resumed {
            mark::put(&self.client, &self.mark).await?;
        }
        self.client
            .execute(MAKE_MONTHS, &[&moments])
            .await
            .map_err(database)?;
        Ok(())
    }

    /// Begins to take the rows of a table. `rows` is how many there will be: a table that has them
    /// already was finished before, and none is given for it.
    ///
    /// # Errors
    /// [`ImportError::TableOccupied`] when it has another number, [`ImportError::Failed`].
    pub async fn table(
        &self,
        table: &'static Table,
        rows: u64,
    ) -> Result<Option<TableImport<'_>>, ImportError> {
        let opening = self.opening(Mode::Write);
        TableImport::begin(&self.client, table, &opening, rows).await
    }

    /// Opens the snapshot from which rows are given back.
    ///
    /// # Errors
    /// [`ImportError::Database`].
    pub async fn begin_reading(&self) -> Result<(), ImportError> {
        let opening = self.opening(Mode::Read);
        self.client.batch_execute(&opening).await.map_err(database)
    }

    /// Takes the mark away: the import is finished, and servers may start.
    ///
    /// # Errors
    /// [`ImportError::Database`].
    pub async fn finish(self) -> Result<(), ImportError> {
        self.client
            .batch_execute("COMMIT")
            .await
            .map_err(database)?;
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        let analyze = format!("ANALYZE {}", names.join(", "));
        if let Err(error) = self.client.batch_execute(&analyze).await {
            // The planner learns of the rows by and by.
            tracing::warn!(%error, "the tables could not be analysed");
        }
        mark::remove(&self.client, &self.mark).await
    }

    fn opening(&self, mode: Mode) -> String {
        scope::opening(Scope::System, mode, self.security)
    }

    /// The tables that have rows, in their order.
    async fn occupied(&self) -> Result<Vec<&'static str>, ImportError> {
        self.begin_reading().await?;
        let mut occupied = Vec::new();
        for table in TABLES {
            let query = format!("SELECT EXISTS (SELECT 1 FROM \"{}\")", table.name);
            let row = self.client.query_one(&query, &[]).await;
            if row.and_then(|row| row.try_get(0)).map_err(database)? {
                occupied.push(table.name);
            }
        }
        self.client
            .batch_execute("COMMIT")
            .await
            .map_err(database)?;
        Ok(occupied)
    }
}

impl std::fmt::Debug for PgImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgImport")
            .field("is_resumed", &self.is_resumed)
            .finish_non_exhaustive()
    }
}

/// Waits until nobody else of this product is connected: servers that share a cache hold no claim, and
/// would send the mail and sweep the rows that are only half there.
async fn be_alone(client: &Client) -> Result<(), ImportError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let row = client.query_one(OTHERS, &[]).await;
        let others: i64 = row.and_then(|row| row.try_get(0)).map_err(database)?;
        if others == 0 {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(ImportError::InUse);
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Holds, as long as the connection lives, what a server holds that must be the only one.
async fn claim(client: &Client) -> Result<(), ImportError> {
    let deadline = Instant::now() + PATIENCE;
    while !single_instance::try_lock(client).await? {
        if Instant::now() >= deadline {
            return Err(ImportError::InUse);
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}
