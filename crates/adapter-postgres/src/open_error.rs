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
    /// The connection cannot be encrypted, or not verified, as the URL asks; or the server asks
    /// for encryption and the URL forbids it.
    #[error("the database cannot be reached by TLS as its URL asks (sslmode): {0}")]
    Tls(String),
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
    /// An import stopped half-way.
    #[error(
        "an import into the database was begun and not finished: run `kogents import` with the same \
         export again"
    )]
    ImportUnfinished,
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
            return if is_about_tls(error) {
                Self::Tls(reason)
            } else if reason.contains("password missing") {
                Self::WrongCredentials("the URL has no password".to_owned())
            } else {
                Self::Unreachable(reason)
            };
        };
        let code = answer.code();
        if is_about_rules(error) {
            Self::Refused(reason)
        } else if *code == SqlState::INVALID_PASSWORD
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

/// Whether the connection failed over its encryption. The library tells only by its text.
pub(crate) fn is_about_tls(error: &tokio_postgres::Error) -> bool {
    error.to_string().contains("TLS handshake")
}

/// Whether the server has no rule that lets the connection in as it came: from there, as this
/// login, or without encryption. The name of the file with the rules is not translated.
pub(crate) fn is_about_rules(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|answer| {
        *answer.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            && answer.message().contains("pg_hba.conf")
    })
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
