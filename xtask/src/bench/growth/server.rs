//! The PostgreSQL server of a run: what is on it, and what it is told.

use ::postgres::{Client, NoTls};

use super::super::shared;
use crate::failure::{Failure, Outcome};
use crate::servers::{Kind, Lent};

/// A server, and a connection to the database that is always there.
pub(super) struct Server {
    url: String,
    admin: Client,
    /// Stopped last.
    _lent: Lent,
}

impl Server {
    /// Finds one, or starts one.
    pub(super) fn find() -> Result<Self, Failure> {
        let lent = Lent::find_durable()?;
        let url = lent.url(Kind::Postgres)?;
        let admin = Client::connect(&url, NoTls).map_err(shared::of_database)?;
        Ok(Self {
            url,
            admin,
            _lent: lent,
        })
    }

    /// What it is, for the report.
    pub(super) fn told(&mut self) -> Result<String, Failure> {
        shared::database(&mut self.admin)
    }

    /// The URL of a database on it.
    pub(super) fn url_of(&self, name: &str) -> String {
        shared::with_database(&self.url, name)
    }

    /// Whether it has a database.
    pub(super) fn has(&mut self, name: &str) -> Result<bool, Failure> {
        let question = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
        self.admin
            .query_one(question, &[&name])
            .and_then(|row| row.try_get(0))
            .map_err(shared::of_database)
    }

    /// Makes an empty one; what was there of that name is gone.
    pub(super) fn create(&mut self, name: &str) -> Outcome {
        self.drop(name)?;
        self.tell(&format!("CREATE DATABASE {name}"))
    }

    /// Makes a copy.
    pub(super) fn copy(&mut self, from: &str, name: &str) -> Outcome {
        self.drop(name)?;
        self.tell(&format!(
            "CREATE DATABASE {name} TEMPLATE {from} STRATEGY FILE_COPY"
        ))
    }

    /// Gives one another name.
    pub(super) fn rename(&mut self, from: &str, name: &str) -> Outcome {
        self.tell(&format!("ALTER DATABASE {from} RENAME TO {name}"))
    }

    /// Removes one, if it is there.
    pub(super) fn drop(&mut self, name: &str) -> Outcome {
        self.tell(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    }

    fn tell(&mut self, statement: &str) -> Outcome {
        self.admin
            .batch_execute(statement)
            .map_err(shared::of_database)
    }
}
