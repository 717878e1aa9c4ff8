//! A lock that somebody else holds, so that signing in has to wait.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::support::{Backend, TestApp, connect};

/// Held until it is dropped.
pub(super) enum Lock {
    /// The file's one lock for writing.
    File(Box<SqliteConnection>),
    /// The table of persons.
    Table(tokio_postgres::Client),
}

impl Lock {
    /// Takes the lock.
    pub(super) async fn of(backend: &Backend, app: &TestApp) -> Self {
        match backend {
            Backend::Embedded => {
                let file = app.folder().join("data/kogents.db");
                let mut file = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
                file.batch_execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE")
                    .unwrap();
                Self::File(Box::new(file))
            }
            Backend::Servers { .. } => {
                let client = connect(backend.database_url()).await;
                let lock = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
                client.batch_execute(lock).await.unwrap();
                Self::Table(client)
            }
        }
    }

    /// Gives it back.
    pub(super) async fn release(self) {
        match self {
            Self::File(mut file) => file.batch_execute("ROLLBACK").unwrap(),
            Self::Table(client) => client.batch_execute("ROLLBACK").await.unwrap(),
        }
    }
}
