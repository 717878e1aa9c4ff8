//! Looks at a database file as an operator would, and changes nothing about it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use crate::migrations;
use crate::open::OpenError;

/// What a database file is, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The version of SQLite, which is compiled in.
    pub version: String,
    /// How many migrations are pending.
    pub pending: usize,
    /// The first migration that is unknown here: a later release has been here.
    pub newer: Option<String>,
    /// How what is written is kept from being lost: `wal` once a server has run on it.
    pub journal: String,
}

/// Looks at a file, which must be there. Blocks.
///
/// # Errors
/// [`OpenError`], where it cannot be read or is no database.
pub fn examine(path: &Path) -> Result<Examination, OpenError> {
    let told = |reason: String| OpenError::of_reason(path, reason);
    let failed = |error: diesel::result::Error| told(error.to_string());
    let absolute = std::path::absolute(path).map_err(|error| told(error.to_string()))?;
    // Where nobody has the file open, even a reader would make the files beside it.
    let how = if log_of(&absolute).exists() {
        "mode=ro"
    } else {
        "mode=ro&immutable=1"
    };
    let url = format!("file:{}?{how}", percent_encoded(&absolute));
    let mut conn = SqliteConnection::establish(&url).map_err(|error| told(error.to_string()))?;
    conn.batch_execute("PRAGMA busy_timeout = 2000; PRAGMA query_only = ON;")
        .map_err(failed)?;
    let version = texts(&mut conn, "SELECT sqlite_version() AS value");
    let table = "SELECT name AS value FROM sqlite_schema WHERE name = '__diesel_schema_migrations'";
    let applied = if texts(&mut conn, table).map_err(failed)?.is_empty() {
        Vec::new()
    } else {
        let applied = "SELECT version AS value FROM __diesel_schema_migrations";
        texts(&mut conn, applied).map_err(failed)?
    };
    let (newer, pending) =
        migrations::compare(&applied).map_err(|failure| OpenError::of_migration(path, failure))?;
    Ok(Examination {
        version: version.map_err(failed)?.pop().unwrap_or_default(),
        pending,
        newer,
        journal: journal(path).map_err(|error| told(error.to_string()))?,
    })
}

/// How the file's header says that it is written (<https://www.sqlite.org/fileformat.html>, 1.3.3).
/// Whoever opens it as nobody else's is told another mode.
fn journal(path: &Path) -> std::io::Result<String> {
    const WRITTEN_BY: u64 = 18;
    const WRITE_AHEAD: u8 = 2;
    let mut octet = [0_u8; 1];
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(WRITTEN_BY))?;
    // A database in which nothing was made yet has no header.
    let is_wal = file.read(&mut octet)? == 1 && octet == [WRITE_AHEAD];
    Ok(if is_wal { "wal" } else { "delete" }.to_owned())
}

/// The write-ahead log of a database: its name with `-wal`.
fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn texts(conn: &mut SqliteConnection, query: &str) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        value: String,
    }
    let rows: Vec<Row> = diesel::sql_query(query).load(conn)?;
    Ok(rows.into_iter().map(|row| row.value).collect())
}

/// A path as the URLs of SQLite have it.
fn percent_encoded(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;

    let octets = path.as_os_str().as_bytes();
    octets.iter().fold(String::new(), |mut text, octet| {
        if octet.is_ascii_alphanumeric() || b"/-._~".contains(octet) {
            text.push(char::from(*octet));
        } else {
            // Writing into a text does not fail.
            let _ = write!(text, "%{octet:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SqliteStore;

    #[test]
    fn a_look_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kogents #1?.db");
        drop(SqliteStore::open(&path).unwrap());
        let files = || {
            let entries = std::fs::read_dir(folder.path()).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name())
                .collect::<Vec<_>>()
        };
        let before = files();
        let found = examine(&path).unwrap();
        assert_eq!((found.pending, found.newer), (0, None));
        assert_eq!(found.journal, "wal");
        assert_eq!(files(), before);
    }

    #[test]
    fn a_store_that_is_open_is_looked_at_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kogents.db");
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(examine(&path).unwrap().pending, 0);
        drop(store);
    }

    #[test]
    fn what_is_behind_newer_or_no_database_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kogents.db");
        let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        conn.batch_execute("CREATE TABLE t (x)").unwrap();
        assert!(examine(&path).unwrap().pending > 0);
        conn.batch_execute(
            "CREATE TABLE __diesel_schema_migrations (version TEXT); \
             INSERT INTO __diesel_schema_migrations VALUES ('9999')",
        )
        .unwrap();
        assert_eq!(examine(&path).unwrap().newer.as_deref(), Some("9999"));
        let other = folder.path().join("other.db");
        std::fs::write(
            &other,
            "no database, but text that is long enough to be one",
        )
        .unwrap();
        assert!(examine(&other).is_err());
        assert!(examine(&folder.path().join("missing.db")).is_err());
    }
}
