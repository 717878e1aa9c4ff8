//! Looks at a file as an operator would.

use std::path::Path;

use crate::database::Database;
use crate::fault::Fault;
use crate::file::{self, Stamp};

/// What a file is, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// What the database says it is, such as `GeoLite2-City`.
    pub kind: String,
    /// When it was built, in seconds since the Unix epoch.
    pub built_unix_secs: u64,
}

/// Reads a file through as [`MmdbLocator`](crate::MmdbLocator) would, for up to some seconds.
/// Blocks.
///
/// # Errors
/// [`Fault`]: why it would not be used.
pub fn examine(path: &Path) -> Result<Examination, Fault> {
    let stamp = Stamp::of(path)?;
    let database = Database::open(file::read(path, &stamp)?)?;
    Ok(Examination {
        kind: database.kind().to_owned(),
        built_unix_secs: database.built_unix_secs(),
    })
}
