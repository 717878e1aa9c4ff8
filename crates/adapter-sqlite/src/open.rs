//! The database's file: made for its owner only, opened, and the settings of every connection.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use crate::migrations::MigrationFailure;

/// How long a connection waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long it pauses between tries where SQLite itself does not wait.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Why a database was not opened. Each is one line for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made, read or written.
    #[error("the database {} cannot be opened for writing: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is something else.
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database has seen a migration that this program does not know.
    #[error(
        "the database {} was written by a newer version (migration {version}); start that version",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The first unknown migration.
        version: String,
    },
    /// Bringing the database up to date failed; it is as it was before.
    #[error("migrating the database {} failed: {reason}", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
}

impl OpenError {
    /// What a failed statement says about the file.
    fn of_statement(path: &Path, error: &diesel::result::Error) -> Self {
        Self::of_reason(path, error.to_string())
    }

    /// What a failed migration says about the database.
    pub(crate) fn of_migration(path: &Path, failure: MigrationFailure) -> Self {
        match failure {
            MigrationFailure::Newer(version) => Self::Newer {
                path: path.to_owned(),
                version,
            },
            MigrationFailure::Failed(reason) => match Self::of_reason(path, reason) {
                Self::Unusable { path, reason } if !is_about_the_file(&reason) => {
                    Self::Migration { path, reason }
                }
                other @ (Self::Unusable { .. }
                | Self::NotADatabase { .. }
                | Self::Newer { .. }
                | Self::Migration { .. }) => other,
            },
        }
    }

    pub(crate) fn of_reason(path: &Path, reason: String) -> Self {
        let path = path.to_owned();
        if reason.contains("file is not a database") {
            Self::NotADatabase { path }
        } else {
            Self::Unusable { path, reason }
        }
    }
}

fn is_about_the_file(reason: &str) -> bool {
    [
        "unable to open database file",
        "attempt to write a readonly database",
        "database is locked",
        "database or disk is full",
        "disk I/O error",
    ]
    .iter()
    .any(|text| reason.contains(text))
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading and writing.
    Write,
    /// Reading only: writing fails.
    Read,
}

/// A file and how it is opened: enough to open it again.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    path: PathBuf,
    text: String,
    durable: bool,
}

impl Location {
    /// A file at a path. Without `durable` a crash of the machine may lose what was committed.
    pub(crate) fn new(path: &Path, durable: bool) -> Result<Self, OpenError> {
        let unusable = |reason: &str| OpenError::Unusable {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        // Absolute, because SQLite takes some relative names for something else (":memory:",
        // "file:…").
        let absolute = std::path::absolute(path).map_err(|error| unusable(&error.to_string()))?;
        let text = absolute
            .to_str()
            .ok_or_else(|| unusable("its path is not valid Unicode"))?
            .to_owned();
        Ok(Self {
            path: absolute,
            text,
            durable,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the file, readable and writable for its owner only, unless it exists. SQLite gives
    /// the files beside it the same mode.
    pub(crate) fn make_file(&self) -> Result<(), OpenError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        match options.open(&self.path) {
            Ok(_) => Ok(()),
            Err(error) => Err(OpenError::Unusable {
                path: self.path.clone(),
                reason: error.to_string(),
            }),
        }
    }

    /// Opens a connection with the settings of its purpose.
    pub(crate) fn connect(&self, purpose: Purpose) -> Result<SqliteConnection, OpenError> {
        let mut conn = SqliteConnection::establish(&self.text)
            .map_err(|error| OpenError::of_reason(&self.path, error.to_string()))?;
        self.settle(&mut conn, purpose)?;
        Ok(conn)
    }

    fn settle(&self, conn: &mut SqliteConnection, purpose: Purpose) -> Result<(), OpenError> {
        let told = |error: diesel::result::Error| OpenError::of_statement(&self.path, &error);
        conn.batch_execute(&format!(
            "PRAGMA busy_timeout = {};",
            BUSY_TIMEOUT.as_millis()
        ))
        .map_err(told)?;
        let mode = self.log_ahead(conn)?;
        if mode != "wal" {
            return Err(OpenError::Unusable {
                path: self.path.clone(),
                reason: "its file system cannot share memory between connections".to_owned(),
            });
        }
        let synchronous = if self.durable { "FULL" } else { "OFF" };
        // Wiped values are overwritten, and nothing a schema holds may call what it should not.
        conn.batch_execute(&format!(
            "PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; \
             PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
        ))
        .map_err(told)?;
        match purpose {
            Purpose::Write => Ok(()),
            Purpose::Read => conn.batch_execute("PRAGMA query_only = ON;").map_err(told),
        }
    }

    /// Asks for the write-ahead log and gives the journal there is. SQLite does not always
    /// wait for a lock here, and programs that start together would refuse each other.
    fn log_ahead(&self, conn: &mut SqliteConnection) -> Result<String, OpenError> {
        #[derive(QueryableByName)]
        struct Mode {
            #[diesel(sql_type = Text)]
            journal_mode: String,
        }
        let started = Instant::now();
        loop {
            let asked = diesel::sql_query("PRAGMA journal_mode = WAL").get_result::<Mode>(conn);
            match asked {
                Ok(mode) => return Ok(mode.journal_mode),
                Err(error)
                    if error.to_string().contains("locked") && started.elapsed() < BUSY_TIMEOUT =>
                {
                    std::thread::sleep(BUSY_PAUSE);
                }
                Err(error) => return Err(OpenError::of_statement(&self.path, &error)),
            }
        }
    }
}
