//! `kogents migrate`: brings the tables of the configured database up to date, or tells whether
//! they are.

use kogents_adapter_postgres::OpenError;

use super::output::print_line;
use super::read_store_config;
use crate::config::{Database, StoreConfig};
use crate::data;
use crate::failure::Failure;
use crate::wiring::{open_postgres, open_sqlite};

/// How far the tables are.
enum Standing {
    Current,
    /// There is no database file yet.
    Absent,
    /// So many migrations are missing.
    Behind(usize),
    /// This migration and those after it are missing.
    BehindFrom(String),
}

/// Applies what is pending and tells what was done.
pub(crate) async fn up() -> Result<(), Failure> {
    let config = read_store_config()?;
    let done = match standing(&config).await? {
        Standing::Current => return print_line("nothing to do: the database is up to date"),
        Standing::Absent => "made the database".to_owned(),
        Standing::Behind(1) => "applied 1 migration".to_owned(),
        Standing::Behind(count) => format!("applied {count} migrations"),
        Standing::BehindFrom(version) => format!("applied the migrations from {version} on"),
    };
    match &config.stores.database {
        Database::Sqlite { path } => {
            let path = data::database_path(&config.data_dir, path.as_deref())?;
            drop(open_sqlite(path, true).await?);
        }
        Database::Postgres(postgres) => open_postgres(postgres, true).await?.close(),
    }
    print_line(&format!("{done}: the database is up to date"))
}

/// Tells how far the tables are; says whether nothing is pending.
pub(crate) async fn status() -> Result<bool, Failure> {
    let standing = standing(&read_store_config()?).await?;
    let (is_current, told) = match standing {
        Standing::Current => (true, "the database is up to date".to_owned()),
        Standing::Absent => (false, "there is no database yet".to_owned()),
        Standing::Behind(1) => (false, "1 migration is pending".to_owned()),
        Standing::Behind(count) => (false, format!("{count} migrations are pending")),
        Standing::BehindFrom(version) => {
            (false, format!("migrations are pending, from {version} on"))
        }
    };
    print_line(&told)?;
    Ok(is_current)
}

/// Looks without changing anything.
async fn standing(config: &StoreConfig) -> Result<Standing, Failure> {
    match &config.stores.database {
        Database::Sqlite { path } => {
            let path = data::database_file(&config.data_dir, path.as_deref());
            if !path.exists() {
                return Ok(Standing::Absent);
            }
            let store = open_sqlite(path, false).await?;
            Ok(match store.migration_state().pending {
                0 => Standing::Current,
                count => Standing::Behind(count),
            })
        }
        Database::Postgres(postgres) => match open_postgres(postgres, false).await {
            Ok(store) => {
                store.close();
                Ok(Standing::Current)
            }
            Err(Failure::Postgres(OpenError::Behind { version })) => {
                Ok(Standing::BehindFrom(version))
            }
            Err(failure) => Err(failure),
        },
    }
}
