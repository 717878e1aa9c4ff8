//! Filling PostgreSQL: the one file that knows its client.

use ::postgres::{Client, NoTls};

use super::plan::{Batch, Plan, Rows};
use super::scripts::{MIX, NUMBERS, POSTGRES};
use super::target::Target;
use super::work::{Database, State};
use crate::failure::{Failure, Outcome};

/// What autovacuum would do some time later, while something is measured.
const SETTLE: [&str; 4] = [
    "VACUUM (ANALYZE) users, workspaces, roles, memberships, user_devices",
    "VACUUM (ANALYZE) sessions",
    "VACUUM (ANALYZE) session_facts",
    "VACUUM (ANALYZE) session_activity",
];

/// A connection to a database.
pub(super) struct Postgres {
    client: Client,
}

impl Postgres {
    /// Connects, without TLS: what is filled is at hand.
    pub(super) fn connect(url: &str, shown: &Target) -> Result<Self, Failure> {
        Client::connect(url, NoTls)
            .map(|client| Self { client })
            .map_err(|error| Failure::new(format!("{shown} cannot be reached: {}", said(&error))))
    }

    fn run(&mut self, script: &str) -> Outcome {
        self.client.batch_execute(script).map_err(failed)
    }
}

impl Database for Postgres {
    fn state(&mut self) -> Result<State, Failure> {
        let migrated = "SELECT to_regclass('session_facts') IS NOT NULL";
        let filled = "SELECT EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM sessions)";
        let mut holds = |question: &str| -> Result<bool, Failure> {
            self.client
                .query_one(question, &[])
                .and_then(|row| row.try_get(0))
                .map_err(failed)
        };
        if !holds(migrated)? {
            return Ok(State::NotMigrated);
        }
        Ok(if holds(filled)? {
            State::Filled
        } else {
            State::Empty
        })
    }

    fn begin(&mut self, plan: &Plan) -> Outcome {
        self.run(POSTGRES.prepare)?;
        self.run(MIX)?;
        self.run(&plan.tell())?;
        self.run(POSTGRES.start)
    }

    fn add(&mut self, rows: Rows, batch: Batch) -> Outcome {
        let script = match rows {
            Rows::Persons => POSTGRES.persons,
            Rows::Sessions => POSTGRES.sessions,
        };
        let tell = batch.tell(rows);
        self.run(&format!("BEGIN; {tell} {NUMBERS} {script} COMMIT;"))
    }

    fn settle(&mut self) -> Outcome {
        SETTLE.iter().try_for_each(|statement| self.run(statement))
    }
}

fn failed(error: ::postgres::Error) -> Failure {
    Failure::new(format!("PostgreSQL: {}", said(&error)))
}

/// What the server says, or else what the client does.
fn said(error: &::postgres::Error) -> String {
    use std::error::Error as _;

    match (error.as_db_error(), error.source()) {
        (Some(told), _) => told.message().to_owned(),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}
