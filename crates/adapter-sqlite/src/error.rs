//! What goes wrong in a statement, told as the domain tells it.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use kogents_domain::store::{Constraint, StoreError};

/// A row that holds what no value of the domain can be: says which column, never what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidRow(pub(crate) &'static str);

/// Why a job on a connection failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A statement failed.
    Statement(Error),
    /// A row was read and does not parse, or a value does not fit its column.
    Row(InvalidRow),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Statement(error)
    }
}

impl From<InvalidRow> for Failure {
    fn from(row: InvalidRow) -> Self {
        Self::Row(row)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Row(InvalidRow(column)) => {
                Self::Failed(format!("a value of {column} does not read back"))
            }
            Failure::Statement(error) => told(error),
        }
    }
}

fn told(error: Error) -> StoreError {
    let Error::DatabaseError(kind, information) = error else {
        // The other variants carry no values: a wrong query, or bytes of a wrong type.
        return StoreError::Failed(error.to_string());
    };
    let message = information.message();
    if matches!(kind, DatabaseErrorKind::UniqueViolation)
        && let Some(constraint) = broken(&*information)
    {
        return StoreError::Conflict(constraint);
    }
    if is_passing(message) {
        StoreError::Unavailable(message.to_owned())
    } else {
        StoreError::Failed(message.to_owned())
    }
}

/// Which rule of the domain a broken unique index keeps. SQLite names the index's columns.
fn broken(information: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<Constraint> {
    match information
        .message()
        .strip_prefix("UNIQUE constraint failed: ")?
    {
        "users.email_normalised" => Some(Constraint::UserEmail),
        "users.signup_id" => Some(Constraint::UserSignup),
        "workspaces.slug" => Some(Constraint::WorkspaceSlug),
        "memberships.workspace_id, memberships.user_id" => Some(Constraint::Membership),
        "roles.workspace_id, roles.name" => Some(Constraint::RoleName),
        "workspace_permissions.workspace_id, workspace_permissions.name" => {
            Some(Constraint::PermissionName)
        }
        "invitations.workspace_id, invitations.email_normalised" => Some(Constraint::Invitation),
        "api_tokens.digest" => Some(Constraint::ApiTokenDigest),
        _ => None,
    }
}

/// Whether the same statement may work later: somebody else holds the file, or the disk is full
/// or away. The texts are those of SQLite's result codes BUSY, LOCKED, CANTOPEN, IOERR and FULL.
fn is_passing(message: &str) -> bool {
    matches!(
        message,
        "database is locked"
            | "database table is locked"
            | "database schema is locked"
            | "unable to open database file"
            | "disk I/O error"
            | "database or disk is full"
    )
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sqlite::SqliteConnection;

    use super::*;

    fn database() -> SqliteConnection {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        crate::migrations::migrate(&mut conn).unwrap();
        conn
    }

    fn insert(conn: &mut SqliteConnection, table: &str, columns: &str, values: &str) -> StoreError {
        let statement = format!("INSERT INTO {table} ({columns}) VALUES ({values})");
        match diesel::sql_query(statement).execute(conn) {
            Ok(_) => StoreError::Failed("it was inserted".to_owned()),
            Err(error) => Failure::from(error).into(),
        }
    }

    /// Inserts a row that is new, then one that breaks the rule; gives what the second met.
    fn provoke(constraint: Constraint) -> StoreError {
        const USER: &str = "id, email, email_normalised, name, password_hash, notify_new_device, \
             first_touch, signup_id, created_at, updated_at";
        const ROLE: &str = "id, workspace_id, name, description, is_active, created_at, updated_at";
        let user = |address: &str, signup: &str| {
            format!("randomblob(16), 'x', '{address}', 'n', 'h', 1, '{{}}', {signup}, 0, 0")
        };
        let (table, columns, first, second) = match constraint {
            Constraint::UserEmail => (
                "users",
                USER,
                user("a@b.example", "randomblob(16)"),
                user("a@b.example", "randomblob(16)"),
            ),
            Constraint::UserSignup => (
                "users",
                USER,
                user("a@b.example", "zeroblob(16)"),
                user("c@d.example", "zeroblob(16)"),
            ),
            Constraint::WorkspaceSlug => {
                let row = "randomblob(16), 'Acme', 'acme', '{}', 0, 0".to_owned();
                let columns = "id, name, slug, branding, created_at, updated_at";
                ("workspaces", columns, row.clone(), row)
            }
            Constraint::Membership => {
                let row = "zeroblob(16), zeroblob(16), randomblob(16), 'ACTIVE', 0, 0".to_owned();
                let columns = "workspace_id, user_id, role_id, status, created_at, updated_at";
                ("memberships", columns, row.clone(), row)
            }
            Constraint::RoleName => {
                let row = "randomblob(16), zeroblob(16), 'support', '', 1, 0, 0".to_owned();
                ("roles", ROLE, row.clone(), row)
            }
            Constraint::PermissionName => {
                let row = "randomblob(16), zeroblob(16), 'a:b', '', 'Reports', 0, 0".to_owned();
                let columns =
                    "id, workspace_id, name, description, category, created_at, updated_at";
                ("workspace_permissions", columns, row.clone(), row)
            }
            Constraint::Invitation => {
                let row = "randomblob(16), zeroblob(16), randomblob(16), 'x', 'a@b.example', 'n', \
                     randomblob(32), 0, 0, 0"
                    .to_owned();
                let columns = "id, workspace_id, role_id, email, email_normalised, name, digest, \
                     created_at, updated_at, expires_at";
                ("invitations", columns, row.clone(), row)
            }
            Constraint::ApiTokenDigest => {
                let row = "randomblob(16), randomblob(16), 'kgw_abcd', zeroblob(32), 0".to_owned();
                let columns = "id, workspace_id, prefix, digest, created_at";
                ("api_tokens", columns, row.clone(), row)
            }
        };
        let mut conn = database();
        diesel::sql_query("BEGIN").execute(&mut conn).unwrap();
        let met = insert(&mut conn, table, columns, &first);
        assert_eq!(met, StoreError::Failed("it was inserted".to_owned()));
        insert(&mut conn, table, columns, &second)
    }

    #[test]
    fn s28_every_constraint_is_told_by_its_name() {
        for constraint in Constraint::ALL {
            assert_eq!(provoke(constraint), StoreError::Conflict(constraint));
        }
    }

    #[test]
    fn a_signup_that_commits_again_is_told_as_that_and_not_as_a_taken_address() {
        let mut conn = database();
        let columns = "id, email, email_normalised, name, password_hash, notify_new_device, \
             first_touch, signup_id, created_at, updated_at";
        let row = "randomblob(16), 'x', 'a@b.example', 'n', 'h', 1, '{}', zeroblob(16), 0, 0";
        insert(&mut conn, "users", columns, row);
        assert_eq!(
            insert(&mut conn, "users", columns, row),
            StoreError::Conflict(Constraint::UserSignup)
        );
    }

    #[test]
    fn other_unique_indexes_are_failures_without_values() {
        let mut conn = database();
        let columns = "id, name, slug, branding, created_at, updated_at";
        let row = |slug| format!("zeroblob(16), 'Secret name', '{slug}', '{{}}', 0, 0");
        insert(&mut conn, "workspaces", columns, &row("one"));
        let StoreError::Failed(text) = insert(&mut conn, "workspaces", columns, &row("two")) else {
            panic!("an id twice is no conflict of the domain's");
        };
        assert_eq!(text, "UNIQUE constraint failed: workspaces.id");
    }

    #[test]
    fn a_busy_database_is_unavailable() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("busy.db");
        let mut one = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        let mut two = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        diesel::sql_query("BEGIN IMMEDIATE")
            .execute(&mut one)
            .unwrap();
        let error = diesel::sql_query("BEGIN IMMEDIATE")
            .execute(&mut two)
            .unwrap_err();
        assert_eq!(
            StoreError::from(Failure::from(error)),
            StoreError::Unavailable("database is locked".to_owned())
        );
    }

    #[test]
    fn an_unreadable_row_names_its_column_only() {
        assert_eq!(
            StoreError::from(Failure::from(InvalidRow("users.email"))),
            StoreError::Failed("a value of users.email does not read back".to_owned())
        );
    }
}
