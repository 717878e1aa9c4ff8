//! Why a start did not succeed: one clear line each, and the exit code it has.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::ConfigError;

/// Why the server did not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Somebody else listens there.
    #[error("{address} is in use by another program: stop it, or set {variable} to another port")]
    PortInUse {
        /// Where.
        address: SocketAddr,
        /// The variable to change.
        variable: &'static str,
    },
    /// The system does not let us listen there.
    #[error("cannot listen at {address}, see HOST and {variable}: {reason}")]
    CannotListen {
        /// Where.
        address: SocketAddr,
        /// The variable to change.
        variable: &'static str,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The data folder cannot be made or written.
    #[error("the data folder {} cannot be written, see DATA_DIR: {reason}", .path.display())]
    DataFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// Another server runs on the data folder.
    #[error(
        "the data folder {} is in use by another kogents: stop it, or set DATA_DIR to another \
         folder", .path.display()
    )]
    SecondInstance {
        /// The folder.
        path: PathBuf,
    },
    /// Another server runs on the database file.
    #[error(
        "the database {} is in use by another kogents: stop it, or set DATABASE_URL to another \
         file", .path.display()
    )]
    DatabaseInUse {
        /// The file.
        path: PathBuf,
    },
    /// The generated secrets cannot be read or written.
    #[error("the generated secrets in {} {reason}", .path.display())]
    Secrets {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder for the database cannot be made.
    #[error("the folder {} cannot be made, see DATABASE_URL: {reason}", .path.display())]
    DatabaseFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The SQLite database cannot be opened or brought up to date.
    #[error("{0}; see DATABASE_URL")]
    Sqlite(#[from] kogents_adapter_sqlite::OpenError),
    /// The PostgreSQL database cannot be used.
    #[error("{0}; see DATABASE_URL")]
    Postgres(#[from] kogents_adapter_postgres::OpenError),
    /// Another server runs on the PostgreSQL database.
    #[error(
        "{0}: stop it, or set REDIS_URL, with which any number of servers may run on one database"
    )]
    Claim(#[from] kogents_adapter_postgres::ClaimError),
    /// The database is behind, and this start was not to change that.
    #[error(
        "the database lacks {pending} of the migrations: run `kogents migrate up`, or set \
         MIGRATE_ON_START=true"
    )]
    Behind {
        /// How many are missing.
        pending: usize,
    },
    /// The Redis server cannot be used.
    #[error("{0}; see REDIS_URL or REDIS_HOST")]
    Redis(#[from] kogents_adapter_redis::OpenError),
    /// A command did not do what it was to do.
    #[error("{0}")]
    Command(String),
    /// A part of the server cannot be set up.
    #[error("{part} cannot be set up: {reason}")]
    Setup {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The server stopped without being asked to.
    #[error("the server stopped by itself: {0}")]
    Stopped(String),
}

impl Failure {
    /// The exit code: 2 for a wrong configuration or servers and files that it names and that
    /// cannot be used, 1 for everything else.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Behind { .. } | Self::Redis(_) => 2,
            // A migration that fails is no matter of the configuration.
            Self::Postgres(kogents_adapter_postgres::OpenError::MigrationFailed { .. })
            | Self::Sqlite(kogents_adapter_sqlite::OpenError::Migration { .. }) => 1,
            Self::Postgres(_) | Self::Sqlite(_) => 2,
            Self::PortInUse { .. }
            | Self::CannotListen { .. }
            | Self::DataFolder { .. }
            | Self::SecondInstance { .. }
            | Self::DatabaseInUse { .. }
            | Self::Secrets { .. }
            | Self::DatabaseFolder { .. }
            | Self::Claim(_)
            | Self::Command(_)
            | Self::Setup { .. }
            | Self::Stopped(_) => 1,
        }
    }
}
