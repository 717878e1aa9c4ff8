//! Gives every row of the database, from one snapshot, to be moved to another store.

mod raw;

use std::path::Path;

use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel::sqlite::SqliteConnection;
use kogents_domain::moving::{Cell, Table};

use self::raw::RawRow;
use crate::columns::count;
use crate::migrations;
use crate::open::{Location, OpenError, Purpose};

/// Why rows were not given.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database is behind this program.
    #[error("the database lacks {pending} of the migrations")]
    Behind {
        /// How many are missing.
        pending: usize,
    },
    /// A statement failed.
    #[error("reading the table {table} of the database failed: {reason}")]
    Failed {
        /// The table.
        table: &'static str,
        /// What SQLite says.
        reason: String,
    },
    /// A value is not what its column is for.
    #[error("a row of the table {table} has something in {column} that does not belong there")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}

/// A database at one moment: what is written to it after it was opened is not seen.
///
/// It blocks, and reads row by row: memory is that of one row.
pub struct SqliteExport {
    conn: SqliteConnection,
    version: String,
}

impl SqliteExport {
    /// Opens a database that exists. What only a server knows that runs on it is not there: the
    /// caller sees to it that none does.
    ///
    /// # Errors
    /// [`ExportError::Open`], or [`ExportError::Behind`] when migrations are pending.
    pub fn begin(path: &Path) -> Result<Self, ExportError> {
        let location = Location::new(path, true)?;
        let mut conn = location.connect(Purpose::Write)?;
        let told = |failure| OpenError::of_migration(location.path(), failure);
        let pending = migrations::inspect(&mut conn).map_err(told)?.pending;
        if pending > 0 {
            return Err(ExportError::Behind { pending });
        }
        let version = migrations::latest().map_err(told)?;
        // The snapshot is that of the first statement that reads.
        conn.batch_execute("PRAGMA query_only = ON; BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1")
            .map_err(|error| OpenError::of_reason(location.path(), error.to_string()))?;
        Ok(Self { conn, version })
    }

    /// The last migration that the database has seen.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// [`ExportError::Failed`].
    pub fn count(&mut self, table: &Table) -> Result<u64, ExportError> {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let query = format!("SELECT count(*) AS count FROM \"{}\"", table.name);
        let counted = sql_query(query).get_result::<Count>(&mut self.conn);
        let counted = counted.map_err(|error| failed(table, &error))?;
        Ok(count(counted.count))
    }

    /// Gives each row of a table, in the order of its key, until `each` fails.
    ///
    /// # Errors
    /// [`ExportError::Failed`], [`ExportError::Unreadable`], and what `each` says.
    pub fn read<E: From<ExportError>>(
        &mut self,
        table: &Table,
        mut each: impl FnMut(&[Cell]) -> Result<(), E>,
    ) -> Result<(), E> {
        let rows = sql_query(selection(table))
            .load_iter::<RawRow, DefaultLoadingMode>(&mut self.conn)
            .map_err(|error| failed(table, &error))?;
        for row in rows {
            let row = row.map_err(|error| failed(table, &error))?;
            each(&row.into_cells(table)?)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for SqliteExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteExport").finish_non_exhaustive()
    }
}

/// Every column of every row, by key: blobs by their octets, and text too, as no column has another
/// collation.
fn selection(table: &Table) -> String {
    let listed = |names: Vec<&str>| {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    };
    format!(
        "SELECT {} FROM \"{}\" ORDER BY {}",
        listed(table.columns.iter().map(|column| column.name).collect()),
        table.name,
        listed(table.key.to_vec()),
    )
}

fn failed(table: &Table, error: &diesel::result::Error) -> ExportError {
    ExportError::Failed {
        table: table.name,
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
