//! Filling SQLite: the one file that knows its client.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::plan::{Batch, Plan, Rows};
use super::scripts::{MIX, NUMBERS, SQLITE};
use super::work::{Database, State};
use crate::failure::{Failure, Outcome};

/// How long a lock of a server that is running is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// As the server has it, but for what may be lost, the last batches when the machine crashes, and
/// with more memory and a longer log (128 MiB), since every batch comes by most pages of an index.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -262144; \
     PRAGMA wal_autocheckpoint = 32768;";

/// An open file.
pub(super) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens a file that is there.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        if !path.exists() {
            return Err(Failure::new(format!(
                "there is no {}: `cargo xtask db up` or a start of the server makes it",
                path.display()
            )));
        }
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .and_then(|connection| {
                connection.busy_timeout(PATIENCE)?;
                Ok(connection)
            })
            .map_err(|error| {
                Failure::new(format!("{} cannot be opened: {error}", path.display()))
            })?;
        Ok(Self { connection })
    }

    fn run(&mut self, script: &str) -> Outcome {
        self.connection.execute_batch(script).map_err(failed)
    }
}

impl Database for Sqlite {
    fn state(&mut self) -> Result<State, Failure> {
        let migrated = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'session_facts')";
        let filled = "SELECT EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM sessions)";
        let holds = |question: &str| -> Result<bool, Failure> {
            self.connection
                .query_row(question, [], |row| row.get(0))
                .map_err(failed)
        };
        if !holds(migrated)? {
            return Ok(State::NotMigrated);
        }
        Ok(if holds(filled)? {
            State::Filled
        } else {
            State::Empty
        })
    }

    fn begin(&mut self, plan: &Plan) -> Outcome {
        self.run(SETTINGS)?;
        self.run(SQLITE.prepare)?;
        self.run(MIX)?;
        self.run(&plan.tell())?;
        self.run(SQLITE.start)
    }

    fn add(&mut self, rows: Rows, batch: Batch) -> Outcome {
        let script = match rows {
            Rows::Persons => SQLITE.persons,
            Rows::Sessions => SQLITE.sessions,
        };
        let tell = batch.tell(rows);
        self.run(&format!(
            "BEGIN IMMEDIATE; {tell} {NUMBERS} {script} COMMIT;"
        ))
    }

    fn settle(&mut self) -> Outcome {
        self.run("PRAGMA wal_checkpoint(TRUNCATE);")
    }
}

fn failed(error: rusqlite::Error) -> Failure {
    Failure::new(format!("SQLite: {error}"))
}
