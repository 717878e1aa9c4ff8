//! Where everything is kept for good: SQLite or PostgreSQL.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kogents_adapter_postgres::{PgOptions, PgStore, SingleInstance};
use kogents_adapter_sqlite::{SqliteOptions, SqliteStore};
use kogents_domain::health::{DatabaseInspector, Probe};
use kogents_domain::store::Store;

use super::place;
use crate::config::{Database, Postgres, StoreConfig, Stores};
use crate::data;
use crate::failure::Failure;

/// An open database, behind its ports.
pub(crate) struct OpenDatabase {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) probe: Arc<dyn Probe>,
    pub(crate) inspector: Arc<dyn DatabaseInspector>,
    /// What it is and where, for the operator.
    pub(crate) told: String,
    /// Holds that this is the only server on it, where there must not be a second one.
    pub(crate) claim: Option<SingleInstance>,
    /// The same for a file outside the data folder, whose own lock does not cover it.
    pub(crate) file_claim: Option<File>,
}

/// Opens the database that the configuration asks for, and brings it up to date if it may.
pub(super) async fn open(stores: &Stores, data_dir: &Path) -> Result<OpenDatabase, Failure> {
    match &stores.database {
        Database::Sqlite { path } => {
            let is_elsewhere = path.is_some();
            let path = data::database_path(data_dir, path.as_deref())?;
            let file_claim = is_elsewhere.then(|| data::claim_file(&path)).transpose()?;
            let told = format!("SQLite in {}", path.display());
            let store = open_sqlite(path, stores.migrate_on_start).await?;
            let pending = store.migration_state().pending;
            if pending > 0 {
                return Err(Failure::Behind { pending });
            }
            Ok(OpenDatabase {
                probe: Arc::new(store.clone()),
                inspector: Arc::new(store.clone()),
                store: Arc::new(store),
                told,
                claim: None,
                file_claim,
            })
        }
        Database::Postgres(postgres) => {
            let store = open_postgres(postgres, stores.migrate_on_start).await?;
            let claim = match stores.are_shared() {
                true => None,
                false => Some(store.claim_single_instance().await?),
            };
            Ok(OpenDatabase {
                probe: Arc::new(store.clone()),
                inspector: Arc::new(store.clone()),
                store: Arc::new(store),
                told: format!("PostgreSQL{}", place(&postgres.url)),
                claim,
                file_claim: None,
            })
        }
    }
}

/// Opens the store for a command that works on it beside any server, and migrates nothing.
pub(crate) async fn open_store(config: &StoreConfig) -> Result<Arc<dyn Store>, Failure> {
    match &config.stores.database {
        Database::Sqlite { path } => {
            let path = data::database_file(&config.data_dir, path.as_deref());
            if !path.exists() {
                let told = format!(
                    "there is no database yet at {}: run `kogents migrate up`, or start the server \
                     once",
                    path.display()
                );
                return Err(Failure::Command(told));
            }
            let store = open_sqlite(path, false).await?;
            match store.migration_state().pending {
                0 => Ok(Arc::new(store)),
                pending => Err(Failure::Behind { pending }),
            }
        }
        Database::Postgres(postgres) => Ok(Arc::new(open_postgres(postgres, false).await?)),
    }
}

/// Opens a file where blocking is no harm.
pub(crate) async fn open_sqlite(path: PathBuf, migrate: bool) -> Result<SqliteStore, Failure> {
    let options = SqliteOptions {
        migrate,
        ..SqliteOptions::default()
    };
    let opening = tokio::task::spawn_blocking(move || SqliteStore::open_with(&path, options));
    match opening.await {
        Ok(opened) => opened.map_err(Failure::from),
        Err(error) => Err(Failure::Setup {
            part: "the database",
            reason: error.to_string(),
        }),
    }
}

/// How a database on a server is opened.
pub(crate) fn postgres_options(postgres: &Postgres, migrate: bool) -> PgOptions {
    PgOptions {
        migrate,
        direct_url: postgres.direct_url.clone(),
        max_connections: postgres.max_connections,
        ..PgOptions::default()
    }
}

/// Opens a database on a server.
pub(crate) async fn open_postgres(postgres: &Postgres, migrate: bool) -> Result<PgStore, Failure> {
    let options = postgres_options(postgres, migrate);
    Ok(PgStore::connect(postgres.url.expose(), options).await?)
}
