//! Brings the tables up to date, under a lock.
//!
//! Each migration is one transaction that first takes an advisory lock and then looks again which
//! migration is next, so that any number of servers may start at once, and one that is killed
//! leaves nothing half done. The table of applied migrations is the one that diesel's tools use.

use tokio_postgres::Client;

use crate::connector::Connector;
use crate::import;
use crate::open_error::{OpenError, told};

/// One migration, compiled in.
struct Migration {
    version: &'static str,
    up: &'static str,
}

/// All migrations, oldest first.
const MIGRATIONS: [Migration; 6] = [
    Migration {
        version: "0001",
        up: include_str!("../../../migrations/postgres/0001_initial/up.sql"),
    },
    Migration {
        version: "0002",
        up: include_str!("../../../migrations/postgres/0002_session_upkeep/up.sql"),
    },
    Migration {
        version: "0003",
        up: include_str!("../../../migrations/postgres/0003_mail_queue/up.sql"),
    },
    Migration {
        version: "0004",
        up: include_str!("../../../migrations/postgres/0004_workspaces/up.sql"),
    },
    Migration {
        version: "0005",
        up: include_str!("../../../migrations/postgres/0005_audit/up.sql"),
    },
    Migration {
        version: "0006",
        up: include_str!("../../../migrations/postgres/0006_notices/up.sql"),
    },
];

/// The migrations that this program knows, oldest first.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|migration| migration.version)
}

/// Names the lock that migrating servers take; advisory locks belong to one database.
const LOCK: i64 = 0x6b6f_6765_6e74_7301;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (\
    version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// Applies what is missing.
pub(crate) async fn run(connector: &Connector) -> Result<(), OpenError> {
    let mut client = connector.open_driven().await?;
    // Waiting for another server that migrates may take as long as its migration does.
    client
        .batch_execute("SET statement_timeout = 0; SET lock_timeout = '10min'")
        .await
        .map_err(|error| failed("", &error))?;
    while let Some(migration) = first_missing(&client).await? {
        apply_next(&mut client, migration.version, connector.schema()).await?;
    }
    Ok(())
}

/// Says whether anything is missing, and applies nothing.
pub(crate) async fn check(connector: &Connector) -> Result<(), OpenError> {
    let client = connector.open_driven().await?;
    match first_missing(&client).await? {
        None => Ok(()),
        Some(migration) => Err(OpenError::Behind {
            version: migration.version.to_owned(),
        }),
    }
}

/// The last migration that this program knows.
pub(crate) fn latest() -> &'static str {
    MIGRATIONS.last().map_or("", |migration| migration.version)
}

/// The migrations that were not applied, oldest first.
///
/// # Errors
/// [`OpenError::Newer`] when one was that is unknown here, [`OpenError::ImportUnfinished`].
pub(crate) async fn missing(client: &Client) -> Result<Vec<&'static str>, OpenError> {
    let applied = applied(client).await?;
    check_known(&applied)?;
    let missing = MIGRATIONS.iter().map(|migration| migration.version);
    Ok(missing
        .filter(|version| !applied.iter().any(|other| other == version))
        .collect())
}

fn check_known(applied: &[String]) -> Result<(), OpenError> {
    if applied.iter().any(|version| import::is_mark(version)) {
        return Err(OpenError::ImportUnfinished);
    }
    let known = |version: &str| MIGRATIONS.iter().any(|known| known.version == version);
    match applied.iter().find(|version| !known(version)) {
        Some(unknown) => Err(OpenError::Newer {
            version: unknown.clone(),
        }),
        None => Ok(()),
    }
}

/// The first migration that was not applied; an error when one was that is unknown here.
async fn first_missing(client: &Client) -> Result<Option<&'static Migration>, OpenError> {
    let applied = applied(client).await?;
    check_known(&applied)?;
    Ok(MIGRATIONS
        .iter()
        .find(|migration| !applied.iter().any(|version| version == migration.version)))
}

async fn applied(client: &Client) -> Result<Vec<String>, OpenError> {
    let exists = client
        .query_one(
            "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL",
            &[],
        )
        .await
        .and_then(|row| row.try_get::<_, bool>(0))
        .map_err(|error| failed("", &error))?;
    if !exists {
        return Ok(Vec::new());
    }
    client
        .query(
            "SELECT version::text FROM __diesel_schema_migrations ORDER BY version",
            &[],
        )
        .await
        .and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect())
        .map_err(|error| failed("", &error))
}

/// Applies the migration that is next once the lock is held, if any still is.
///
/// A schema of the tables' own, which is all of the connection's search path, is made first.
async fn apply_next(
    client: &mut Client,
    expected: &str,
    schema: Option<&str>,
) -> Result<(), OpenError> {
    let blame = |error: tokio_postgres::Error| failed(expected, &error);
    client.batch_execute("BEGIN").await.map_err(blame)?;
    client
        .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await
        .map_err(blame)?;
    if let Some(schema) = schema {
        let missing = client
            .query_one("SELECT current_schema() IS NULL", &[])
            .await
            .and_then(|row| row.try_get::<_, bool>(0))
            .map_err(blame)?;
        if missing {
            let create = format!("CREATE SCHEMA {}", crate::url::quoted(schema));
            client.batch_execute(&create).await.map_err(blame)?;
        }
    }
    client.batch_execute(TABLE).await.map_err(blame)?;
    if let Some(migration) = first_missing(client).await? {
        tracing::info!(version = migration.version, "migrating the database");
        // A table that is in use is not waited for so long that everybody queues behind; and
        // data in tables under row-level security is the product's own to move.
        client
            .batch_execute("SET LOCAL lock_timeout = '10s'; SET LOCAL kogents.scope = 'system'")
            .await
            .map_err(blame)?;
        client
            .batch_execute(migration.up)
            .await
            .map_err(|error| failed(migration.version, &error))?;
        client
            .execute(
                "INSERT INTO __diesel_schema_migrations (version) VALUES ($1)",
                &[&migration.version],
            )
            .await
            .map_err(|error| failed(migration.version, &error))?;
    }
    client.batch_execute("COMMIT").await.map_err(blame)
}

/// A connection that breaks while migrating is unreachability, not a fault of the migration. An
/// unfinished transaction ends with its connection, which is dropped with the error.
fn failed(version: &str, error: &tokio_postgres::Error) -> OpenError {
    if error.as_db_error().is_none() {
        return OpenError::Unreachable(told(error));
    }
    OpenError::MigrationFailed {
        version: if version.is_empty() {
            "(looking which ones are applied)".to_owned()
        } else {
            version.to_owned()
        },
        reason: told(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_migrations_is_compiled_in_and_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let versions: Vec<&str> = names
            .iter()
            .map(|name| name.split_once('_').unwrap().0)
            .collect();
        let known: Vec<&str> = MIGRATIONS.iter().map(|m| m.version).collect();
        assert_eq!(known, versions);
    }
}
