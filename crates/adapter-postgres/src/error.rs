//! Maps what the database answers to the port's errors, in one place.

use deadpool::managed::PoolError;
use diesel::ConnectionError;
use diesel::result::{DatabaseErrorKind, Error};

use kogents_domain::store::{Constraint, StoreError};

/// What is known of a statement that failed, besides its error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    /// The connection has ended.
    pub(crate) connection_lost: bool,
    /// The statement took so long that a timeout or a deadlock is what ended it.
    pub(crate) slow: bool,
}

/// The constraint with a name in the tables, if a caller is to hear of it.
fn constraint(name: &str) -> Option<Constraint> {
    match name {
        "users_email_unique" => Some(Constraint::UserEmail),
        "users_signup_unique" => Some(Constraint::UserSignup),
        "workspaces_slug_unique" => Some(Constraint::WorkspaceSlug),
        "memberships_pkey" => Some(Constraint::Membership),
        "roles_name_unique" => Some(Constraint::RoleName),
        "workspace_permissions_name_unique" => Some(Constraint::PermissionName),
        "invitations_pending_unique" => Some(Constraint::Invitation),
        "api_tokens_digest_unique" => Some(Constraint::ApiTokenDigest),
        _ => None,
    }
}

/// A failed statement, as the port tells it. The text is for the log; of a broken constraint it
/// holds the name and not the values.
pub(crate) fn of_statement(error: &Error, failure: Failure) -> StoreError {
    if failure.connection_lost {
        return StoreError::Unavailable(format!("the connection was lost: {error}"));
    }
    let Error::DatabaseError(kind, information) = error else {
        return StoreError::Failed(error.to_string());
    };
    let broken = information.constraint_name().and_then(constraint);
    let again = matches!(kind, DatabaseErrorKind::SerializationFailure) || failure.slow;
    match (kind, broken) {
        (DatabaseErrorKind::UniqueViolation, Some(constraint)) => StoreError::Conflict(constraint),
        _ if again => StoreError::Unavailable(error.to_string()),
        _ => StoreError::Failed(error.to_string()),
    }
}

/// No connection could be had.
pub(crate) fn of_pool(error: &PoolError<ConnectionError>) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// A row that cannot be read back: names the column and never the value.
pub(crate) fn unreadable(column: &str) -> StoreError {
    StoreError::Failed(format!("{column} cannot be read back"))
}

/// A value that cannot be written.
pub(crate) fn unwritable(column: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Failed(format!("{column} cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the server says of a broken constraint.
    struct Broken(&'static str);

    impl diesel::result::DatabaseErrorInformation for Broken {
        fn message(&self) -> &str {
            "it failed"
        }
        fn details(&self) -> Option<&str> {
            Some("Key (email)=(ada@example.com) already exists.")
        }
        fn hint(&self) -> Option<&str> {
            None
        }
        fn table_name(&self) -> Option<&str> {
            None
        }
        fn column_name(&self) -> Option<&str> {
            None
        }
        fn constraint_name(&self) -> Option<&str> {
            Some(self.0)
        }
        fn statement_position(&self) -> Option<i32> {
            None
        }
    }

    const PLAIN: Failure = Failure {
        connection_lost: false,
        slow: false,
    };

    fn told(kind: DatabaseErrorKind, constraint: &'static str, failure: Failure) -> StoreError {
        of_statement(
            &Error::DatabaseError(kind, Box::new(Broken(constraint))),
            failure,
        )
    }

    #[test]
    fn a_unique_violation_is_a_conflict_where_callers_are_to_hear_of_it() {
        let unique = || DatabaseErrorKind::UniqueViolation;
        assert_eq!(
            told(unique(), "workspaces_slug_unique", PLAIN),
            StoreError::Conflict(Constraint::WorkspaceSlug)
        );
        assert_eq!(
            told(unique(), "users_pkey", PLAIN),
            StoreError::Failed("it failed".to_owned())
        );
        let foreign = DatabaseErrorKind::ForeignKeyViolation;
        assert_eq!(
            told(foreign, "memberships_pkey", PLAIN),
            StoreError::Failed("it failed".to_owned())
        );
    }

    #[test]
    fn every_constraint_has_a_name_in_the_tables() {
        let tables = include_str!("../../../migrations/postgres/0001_initial/up.sql");
        for known in Constraint::ALL {
            let name = tables
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .find(|word| constraint(word) == Some(known));
            assert!(name.is_some(), "{known:?}");
        }
    }

    #[test]
    fn slowness_and_lost_connections_are_unavailability() {
        let unknown = || DatabaseErrorKind::Unknown;
        let slow = Failure {
            slow: true,
            ..PLAIN
        };
        let lost = Failure {
            connection_lost: true,
            ..PLAIN
        };
        for failure in [slow, lost] {
            assert!(matches!(
                told(unknown(), "", failure),
                StoreError::Unavailable(_)
            ));
        }
        assert!(matches!(told(unknown(), "", PLAIN), StoreError::Failed(_)));
        assert!(matches!(
            told(DatabaseErrorKind::SerializationFailure, "", PLAIN),
            StoreError::Unavailable(_)
        ));
    }
}
