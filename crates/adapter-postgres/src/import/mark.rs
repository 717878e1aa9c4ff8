//! The mark of an import that is not finished.

use tokio_postgres::Client;

use super::error::{ImportError, database};

/// What it begins with; no migration is called so.
const BEGINNING: &str = "import-";
/// How many digits of the export's digest it has: with the beginning they fit the column.
const DIGITS: usize = 40;

const EXISTS: &str = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL";
const FIND: &str = "SELECT version::text FROM __diesel_schema_migrations \
    WHERE version LIKE 'import-%' ORDER BY version LIMIT 1";
const PUT: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES ($1)";
const REMOVE: &str = "DELETE FROM __diesel_schema_migrations WHERE version = $1";

/// Whether an applied migration is none, but such a mark.
pub(crate) fn is_mark(version: &str) -> bool {
    version.starts_with(BEGINNING)
}

/// The mark for an export.
pub(super) fn of(export: &str) -> String {
    let digits: String = export.chars().take(DIGITS).collect();
    format!("{BEGINNING}{digits}")
}

/// The mark that a database has.
pub(super) async fn find(client: &Client) -> Result<Option<String>, ImportError> {
    let row = client.query_one(EXISTS, &[]).await;
    if !row.and_then(|row| row.try_get(0)).map_err(database)? {
        return Ok(None);
    }
    let row = client.query_opt(FIND, &[]).await.map_err(database)?;
    row.map(|row| row.try_get(0)).transpose().map_err(database)
}

pub(super) async fn put(client: &Client, mark: &str) -> Result<(), ImportError> {
    let put = client.execute(PUT, &[&mark]).await;
    put.map(|_| ()).map_err(database)
}

pub(super) async fn remove(client: &Client, mark: &str) -> Result<(), ImportError> {
    let removed = client.execute(REMOVE, &[&mark]).await;
    removed.map(|_| ()).map_err(database)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_fits_the_column_of_versions() {
        let mark = of(&"0123456789abcdef".repeat(4));
        assert_eq!(mark, "import-0123456789abcdef0123456789abcdef01234567");
        assert!(mark.len() <= 50);
        assert!(is_mark(&mark));
        assert!(!is_mark("0005"));
    }
}
