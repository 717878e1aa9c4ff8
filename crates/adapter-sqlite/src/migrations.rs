//! The schema's history, compiled in, and how a database is brought up to it.

use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource as _, MigrationVersion};
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// How far a database has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationState {
    /// Migrations that were applied.
    pub applied: usize,
    /// Migrations this program knows and the database has not seen.
    pub pending: usize,
}

/// Why a database is not what this program needs.
#[derive(Debug)]
pub(crate) enum MigrationFailure {
    /// It has seen a migration that this program does not know.
    Newer(String),
    /// A statement failed; the database is as it was before.
    Failed(String),
}

impl From<diesel::result::Error> for MigrationFailure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

type Migrations = Vec<Box<dyn Migration<Sqlite>>>;

/// Applies what is pending: all of it or nothing, under the database's write lock, so that
/// several programs may start at once and one that is killed leaves nothing half done.
pub(crate) fn migrate(conn: &mut SqliteConnection) -> Result<MigrationState, MigrationFailure> {
    conn.immediate_transaction(|conn| {
        let known = known()?;
        let pending = pending(conn, &known)?;
        for migration in pending {
            conn.run_migration(migration).map_err(failed)?;
        }
        Ok(MigrationState {
            applied: known.len(),
            pending: 0,
        })
    })
}

/// Looks without changing anything but the table of applied migrations, which it makes.
pub(crate) fn inspect(conn: &mut SqliteConnection) -> Result<MigrationState, MigrationFailure> {
    let known = known()?;
    let pending = pending(conn, &known)?.len();
    Ok(MigrationState {
        applied: known.len().saturating_sub(pending),
        pending,
    })
}

/// The last migration that this program knows.
pub(crate) fn latest() -> Result<String, MigrationFailure> {
    let known = known()?;
    let latest = known.last().map(|ours| ours.name().version().to_string());
    Ok(latest.unwrap_or_default())
}

/// Which of these versions are unknown here, and how many of those known here are not among them.
pub(crate) fn compare(applied: &[String]) -> Result<(Option<String>, usize), MigrationFailure> {
    let known: Vec<String> = known()?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let newer = applied.iter().find(|version| !known.contains(version));
    let pending = known.iter().filter(|version| !applied.contains(version));
    Ok((newer.cloned(), pending.count()))
}

fn known() -> Result<Migrations, MigrationFailure> {
    let mut known: Migrations = MIGRATIONS.migrations().map_err(failed)?;
    known.sort_by(|a, b| a.name().version().cmp(&b.name().version()));
    Ok(known)
}

fn pending<'k>(
    conn: &mut SqliteConnection,
    known: &'k Migrations,
) -> Result<Vec<&'k dyn Migration<Sqlite>>, MigrationFailure> {
    // Fails early, and as what it is, on a file that is no database.
    conn.batch_execute("SELECT 1 FROM sqlite_schema LIMIT 1")?;
    let applied: Vec<MigrationVersion<'static>> = conn.applied_migrations().map_err(failed)?;
    let newer = applied
        .iter()
        .find(|version| !known.iter().any(|ours| ours.name().version() == **version));
    if let Some(version) = newer {
        return Err(MigrationFailure::Newer(version.to_string()));
    }
    Ok(known
        .iter()
        .filter(|ours| !applied.contains(&ours.name().version()))
        .map(|ours| &**ours)
        .collect())
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> MigrationFailure {
    MigrationFailure::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;

    #[test]
    fn a_database_is_migrated_once() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let before = inspect(&mut conn).unwrap();
        assert_eq!(before.applied, 0);
        assert!(before.pending >= 1);
        let after = migrate(&mut conn).unwrap();
        assert_eq!((after.applied, after.pending), (before.pending, 0));
        assert_eq!(migrate(&mut conn).unwrap(), after);
        assert_eq!(inspect(&mut conn).unwrap(), after);
    }

    #[test]
    fn every_migration_can_be_undone() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        migrate(&mut conn).unwrap();
        conn.revert_all_migrations(MIGRATIONS).unwrap();
        #[derive(QueryableByName)]
        struct Name {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let left: Vec<Name> = diesel::sql_query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name <> '__diesel_schema_migrations'",
        )
        .load(&mut conn)
        .unwrap();
        let left: Vec<String> = left.into_iter().map(|table| table.name).collect();
        assert_eq!(left, Vec::<String>::new());
    }

    /// Undoes a migration and all after it.
    fn revert_from(conn: &mut SqliteConnection, version: &str) {
        while conn.revert_last_migration(MIGRATIONS).unwrap().to_string() != version {}
    }

    #[derive(QueryableByName)]
    struct Job {
        #[diesel(sql_type = diesel::sql_types::Text)]
        state: String,
        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
        recipient: Option<String>,
    }

    fn jobs(conn: &mut SqliteConnection) -> Vec<(String, Option<String>)> {
        let jobs: Vec<Job> = diesel::sql_query("SELECT state, recipient FROM outbox ORDER BY id")
            .load(conn)
            .unwrap();
        jobs.into_iter()
            .map(|job| (job.state, job.recipient))
            .collect()
    }

    #[test]
    fn r6_the_mail_queue_survives_being_made_anew() {
        const JOB: &str = "INSERT INTO outbox (id, lane, template, language, recipient, payload, \
            run_at, attempts, state, created_at, finished_at) VALUES";
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        migrate(&mut conn).unwrap();
        revert_from(&mut conn, "0003");
        conn.batch_execute(&format!(
            "{JOB} (zeroblob(16), 'code', 'welcome', 'en', 'a@b.example', x'00', 0, 1, 'queued', \
             0, NULL), \
             (x'01000000000000000000000000000000', 'code', 'welcome', 'en', NULL, NULL, 0, 1, \
             'dead', 0, 7)"
        ))
        .unwrap();
        let ada = Some("a@b.example".to_owned());
        let before = [
            ("queued".to_owned(), ada.clone()),
            ("dead".to_owned(), None),
        ];
        assert_eq!(jobs(&mut conn), before);
        migrate(&mut conn).unwrap();
        assert_eq!(jobs(&mut conn), before);
        // A dead letter may keep its message now, and loses it on the way back.
        conn.batch_execute(
            "UPDATE outbox SET state = 'dead', finished_at = 9 WHERE finished_at IS NULL",
        )
        .unwrap();
        assert_eq!(jobs(&mut conn)[0], ("dead".to_owned(), ada));
        revert_from(&mut conn, "0003");
        let wiped = ("dead".to_owned(), None);
        assert_eq!(jobs(&mut conn), [wiped.clone(), wiped]);
    }

    #[test]
    fn r6_a_failing_migration_leaves_nothing_behind() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        // The last table of the first migration exists already: its CREATE fails.
        conn.batch_execute("CREATE TABLE audit (x)").unwrap();
        assert!(matches!(
            migrate(&mut conn),
            Err(MigrationFailure::Failed(_))
        ));
        let state = inspect(&mut conn).unwrap();
        assert_eq!(state.applied, 0);
        conn.batch_execute("DROP TABLE audit").unwrap();
        migrate(&mut conn).unwrap();
    }
}
