//! Where data rests.

use std::path::PathBuf;

use super::reader::Reader;

/// Where data rests. This build stores in SQLite and caches in the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stores {
    /// `DATABASE_URL`: the SQLite file; none: `kogents.db` in the data folder.
    pub sqlite_path: Option<PathBuf>,
}

const DATABASE_MESSAGE: &str = "must be sqlite://path or not set: this build stores in SQLite";
const REDIS_MESSAGE: &str = "must not be set: this build caches in the process, without Redis";

pub(super) fn read(reader: &mut Reader<'_>) -> Stores {
    let url = reader.secret("DATABASE_URL");
    let sqlite_path = url.as_ref().and_then(|url| sqlite_path(url.expose()));
    if url.is_some() && sqlite_path.is_none() {
        reader.fault("DATABASE_URL", DATABASE_MESSAGE);
    }
    for name in ["REDIS_URL", "REDIS_HOST"] {
        if reader.is_set(name) {
            reader.fault(name, REDIS_MESSAGE);
        }
    }
    Stores { sqlite_path }
}

/// The path of `sqlite://data/kogents.db`, or with a third slash of an absolute one.
fn sqlite_path(url: &str) -> Option<PathBuf> {
    url.trim()
        .strip_prefix("sqlite://")
        .filter(|path| !path.is_empty() && !path.contains(['?', '#', '\0']))
        .map(PathBuf::from)
}
