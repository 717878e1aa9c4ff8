//! Databases of an earlier state of the migrations, made by their own files.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use kogents_adapter_postgres::{PgOptions, PgStore};
use kogents_adapter_sqlite::SqliteStore;

use crate::support::{Backend, Sql};

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");

/// As diesel's tools make it.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (\
    version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// A state of the tables: after one migration and all before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State(PathBuf);

impl State {
    /// All there are, oldest first.
    pub(super) fn all(embedded: bool) -> Vec<Self> {
        let store = if embedded { "sqlite" } else { "postgres" };
        let folders = fs::read_dir(Path::new(MIGRATIONS).join(store)).unwrap();
        let mut states: Vec<Self> = folders.map(|entry| Self(entry.unwrap().path())).collect();
        states.sort();
        states
    }

    /// The one after the migration of this version.
    pub(super) fn named(embedded: bool, version: &str) -> Self {
        let mut all = Self::all(embedded).into_iter();
        let found = all.find(|state| state.version() == version);
        found.unwrap_or_else(|| panic!("there is no migration {version}"))
    }

    /// The newest.
    pub(super) fn newest(embedded: bool) -> Self {
        Self::all(embedded).pop().unwrap()
    }

    /// The four digits of the migration.
    pub(super) fn version(&self) -> &str {
        let name = self.0.file_name().unwrap().to_str().unwrap();
        name.split_once('_').unwrap().0
    }
}

/// Makes the tables as they were after a migration.
pub(super) async fn apply_up_to(backend: &Backend, folder: &Path, last: &State) {
    let embedded = matches!(backend, Backend::Embedded);
    let data = folder.join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, Permissions::from_mode(0o700)).unwrap();
    let sql = Sql::within(backend, folder);
    let scope = match embedded {
        true => "",
        false => "SET LOCAL kogents.scope = 'system';",
    };
    for state in State::all(embedded) {
        if state > *last {
            break;
        }
        let up = fs::read_to_string(state.0.join("up.sql")).unwrap();
        let version = state.version();
        let statements = format!(
            "BEGIN; {scope} {TABLE}; {up};
             INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}'); COMMIT"
        );
        sql.run(&statements).await.unwrap();
    }
}

/// Has the store apply what is missing, as a start does.
pub(super) async fn bring_up_to_date(backend: &Backend, folder: &Path) {
    match backend {
        Backend::Embedded => {
            let file = folder.join("data/kogents.db");
            drop(SqliteStore::open(&file).unwrap());
        }
        Backend::Servers { .. } => {
            let store = PgStore::connect(backend.database_url(), PgOptions::default()).await;
            store.unwrap().close();
        }
    }
}
