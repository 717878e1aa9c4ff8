//! What is told of one database.

use std::fmt;

use serde::Serialize;

use super::database::Database;
use super::measuring::Measured;
use super::sweeping::Swept;
use crate::failure::Failure;

/// The figures.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    sessions: u64,
    partitions: i64,
    shared_buffers: String,
    server_version: String,
    database_bytes: i64,
    operations: Vec<Measured>,
    sweep: Option<Swept>,
}

impl Report {
    /// Begins with what the database is before anything is measured.
    pub(super) async fn begin(database: &Database, sessions: u64) -> Result<Self, Failure> {
        let shape = database.shape().await?;
        Ok(Self {
            sessions,
            partitions: shape.partitions,
            shared_buffers: shape.shared_buffers,
            server_version: shape.version,
            database_bytes: shape.bytes,
            operations: Vec::new(),
            sweep: None,
        })
    }

    /// Adds an operation.
    pub(super) fn add(&mut self, measured: Measured) {
        self.operations.push(measured);
    }

    /// Adds the sweep.
    pub(super) fn swept(&mut self, swept: Swept) {
        self.sweep = Some(swept);
    }
}

/// As a terminal shows it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} sessions, {} partitions, shared_buffers {}, PostgreSQL {}",
            self.sessions, self.partitions, self.shared_buffers, self.server_version
        )?;
        for Measured {
            name,
            median_ms,
            p99_ms,
            pages,
            ..
        } in &self.operations
        {
            writeln!(
                f,
                "{name:38} median {median_ms:8.2} ms  p99 {p99_ms:8.2} ms  {pages:9.1} pages"
            )?;
        }
        if let Some(swept) = &self.sweep {
            writeln!(
                f,
                "sweep {} rows in {:.1} s: {:.0} a second, {:.1} pages a row",
                swept.rows, swept.seconds, swept.rows_per_second, swept.pages_per_row
            )?;
        }
        Ok(())
    }
}
