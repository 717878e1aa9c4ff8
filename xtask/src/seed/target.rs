//! Which database is filled.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The server's default for the folder that holds what it keeps.
const DATA_FOLDER: &str = "data";
/// The server's name for the database in it.
const DATABASE: &str = "kogents.db";

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// On a PostgreSQL server, by its URL.
    Postgres(String),
    /// A file of SQLite.
    Sqlite(PathBuf),
}

impl Target {
    /// Reads a URL as the server reads `DATABASE_URL`.
    pub(super) fn parse(url: &str) -> Result<Self, Failure> {
        let url = url.trim();
        if url.starts_with("postgresql://") || url.starts_with("postgres://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(_) | None => Err(Failure::usage(
                "a database is named by postgresql://user@host/database or sqlite://path",
            )),
        }
    }

    /// What the server would use: `DATABASE_URL`, or else the file in the data folder.
    pub(super) fn default_of(url: Option<&OsStr>, folder: Option<&OsStr>) -> Result<Self, Failure> {
        match url {
            Some(url) => Self::parse(&url.to_string_lossy()),
            None => {
                let folder = folder.unwrap_or(OsStr::new(DATA_FOLDER));
                Ok(Self::Sqlite(Path::new(folder).join(DATABASE)))
            }
        }
    }
}

/// As it may be shown: a URL without what stands before the host, which may be a password.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or_default();
                let place = rest.split('?').next().unwrap_or_default();
                let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
                write!(formatter, "{scheme}://{place}")
            }
            Self::Sqlite(path) => path.display().fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_named_as_the_server_names_them() {
        let url = "postgresql://ada@localhost/kogents";
        assert_eq!(
            Target::parse(url).unwrap(),
            Target::Postgres(url.to_owned())
        );
        for (url, path) in [
            ("sqlite://data/a.db", "data/a.db"),
            ("sqlite:///srv/a.db", "/srv/a.db"),
        ] {
            assert_eq!(Target::parse(url).unwrap(), Target::Sqlite(path.into()));
        }
        for wrong in ["", "sqlite://", "mysql://localhost/a", "a.db"] {
            assert_eq!(Target::parse(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn without_a_name_it_is_the_file_in_the_data_folder() {
        let file = |path: &str| Target::Sqlite(path.into());
        assert_eq!(
            Target::default_of(None, None).unwrap(),
            file("data/kogents.db")
        );
        let folder = Some(OsStr::new("/srv/kogents"));
        assert_eq!(
            Target::default_of(None, folder).unwrap(),
            file("/srv/kogents/kogents.db")
        );
        let url = Some(OsStr::new("sqlite://b.db"));
        assert_eq!(Target::default_of(url, folder).unwrap(), file("b.db"));
    }

    #[test]
    fn a_password_is_not_shown() {
        let target = Target::parse("postgresql://ada:p@ss@db:5433/kogents?sslmode=disable");
        assert_eq!(target.unwrap().to_string(), "postgresql://db:5433/kogents");
    }
}
