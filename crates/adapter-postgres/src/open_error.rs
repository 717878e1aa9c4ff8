//! Why the store could not be opened.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

/// Why the store could not be opened, in one line each for whoever starts the server. Neither
/// the URL nor the password is part of it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL cannot be read.
    #[error("the database URL is not usable: {0}")]
    InvalidUrl(String),
    /// The URL asks for an encrypted connection.
    #[error(
        "the database URL asks for TLS ({0}), which this version does not support; \
         remove it only where the network to the database is trusted"
    )]
    TlsNotSupported(String),
    /// Nobody answers.
    #[error("the database is not reachable: {0}")]
    Unreachable(String),
    /// The server does not know the login, or the password is wrong or missing.
    #[error("the database refuses the login: {0}")]
    WrongCredentials(String),
    /// The server answers and refuses otherwise: no such database, too many connections.
    #[error("the database refuses the connection: {0}")]
    Refused(String),
    /// The server is older than what is supported.
    #[error("the database server is PostgreSQL {found}; at least {least} is needed")]
    TooOld {
        /// What the server says it is.
        found: String,
        /// The least major version.
        least: u32,
    },
    /// The tables were made by a later release.
    #[error(
        "the database was migrated by a newer release (migration {version} is unknown); \
         start that release or restore an older backup"
    )]
    Newer {
        /// The first migration that is unknown here.
        version: String,
    },
    /// The tables are behind, and migrating was not asked for.
    #[error("the database lacks migration {version}; start once with MIGRATE_ON_START=true")]
    Behind {
        /// The first migration that is missing.
        version: String,
    },
    /// A migration failed; nothing of it remains.
    #[error("migration {version} failed: {reason}")]
    MigrationFailed {
        /// The migration.
        version: String,
        /// What the server says.
        reason: String,
    },
}

impl OpenError {
    /// What went wrong while connecting.
    pub(crate) fn connecting(error: &tokio_postgres::Error) -> Self {
        let reason = told(error);
        let Some(answer) = error.as_db_error() else {
            return if reason.contains("password missing") {
                Self::WrongCredentials("the URL has no password".to_owned())
            } else {
                Self::Unreachable(reason)
            };
        };
        let code = answer.code();
        if *code == SqlState::INVALID_PASSWORD
            || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        {
            Self::WrongCredentials(reason)
        } else if *code == SqlState::CANNOT_CONNECT_NOW {
            Self::Unreachable(reason)
        } else {
            Self::Refused(reason)
        }
    }
}

/// An error of the client library with its causes; the library's own text leaves them out.
pub(crate) fn told(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}
