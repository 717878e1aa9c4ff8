//! A store for tests: nothing of it outlives its last handle.

use std::path::Path;

use crate::open::{Location, OpenError};
use crate::store::{SqliteOptions, SqliteStore};

/// Where files are memory, on systems that have such a place.
const MEMORY: &str = "/dev/shm";

impl SqliteStore {
    /// An empty store of its own, in memory as far as the system lets files be.
    ///
    /// It is a private temporary file all the same, deleted with the last handle: SQLite's own
    /// databases in memory belong to one connection, or let readers see what is not committed.
    /// Nothing is forced to the disk; everything else is as in production.
    ///
    /// # Errors
    /// [`OpenError`] when no temporary file can be made.
    pub fn in_memory() -> Result<Self, OpenError> {
        Self::in_memory_with(SqliteOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// [`OpenError`] when no temporary file can be made.
    pub fn in_memory_with(options: SqliteOptions) -> Result<Self, OpenError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("kogents-");
        let folder = builder
            .tempdir_in(MEMORY)
            .or_else(|_| builder.tempdir())
            .map_err(|error| OpenError::Unusable {
                path: std::env::temp_dir(),
                reason: error.to_string(),
            })?;
        let location = Location::new(&folder.path().join(Path::new("kogents.db")), false)?;
        Self::open_at(location, options, vec![Box::new(folder)])
    }
}
