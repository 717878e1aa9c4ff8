//! Why rows were not taken.

use crate::open_error::{OpenError, told};

/// Why rows were not taken. No text holds a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A server runs on it, or another import.
    #[error("a server or another import is running on the database: stop it first")]
    InUse,
    /// The way to it leads through a transaction pooler, on whose connections locks and settings of
    /// the import would stay.
    #[error(
        "the URL says that it leads through a transaction pooler: set DATABASE_DIRECT_URL to the way \
         past it"
    )]
    Pooled,
    /// It has rows.
    #[error(
        "the database is not empty, there are rows in {}: name an empty database in DATABASE_URL",
        .0.join(", ")
    )]
    Occupied(Vec<&'static str>),
    /// Another import stopped half-way.
    #[error(
        "the import of another export was begun in this database and not finished: import that one \
         again to finish it, or drop the database, create it again and import into it"
    )]
    OtherUnfinished,
    /// A table that was to be empty has rows.
    #[error(
        "the table {table} has {found} rows that are not of this import: somebody else writes to \
         the database. Stop it, drop the database, create it again, and import into it"
    )]
    TableOccupied {
        /// The table.
        table: &'static str,
        /// How many there are.
        found: u64,
    },
    /// A statement on a table failed; what was written to it in its transaction is gone.
    #[error("the rows of the table {table} could not be moved: {reason}")]
    Failed {
        /// The table.
        table: &'static str,
        /// What the server says.
        reason: String,
    },
    /// A row is not what its table is.
    #[error("a row for the table {table} does not have its columns")]
    Misshapen {
        /// The table.
        table: &'static str,
    },
    /// A statement of no table in particular failed.
    #[error("the database failed: {0}")]
    Database(String),
}

/// A failed statement of no table in particular.
pub(super) fn database(error: tokio_postgres::Error) -> ImportError {
    ImportError::Database(reason(&error))
}

/// A failed statement of a table.
pub(super) fn failed(table: &'static str, error: &tokio_postgres::Error) -> ImportError {
    ImportError::Failed {
        table,
        reason: reason(error),
    }
}

/// What the server says, without the details, which repeat values of rows.
fn reason(error: &tokio_postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| told(error), |answer| answer.message().to_owned())
}
