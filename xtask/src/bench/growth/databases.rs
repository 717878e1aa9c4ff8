//! Seeded databases, and copies of them to measure on.

use std::path::Path;
use std::process::Command;

use super::server::Server;
use crate::failure::{Failure, Outcome};
use crate::shell;

/// The name of the database with so many sessions. One of that name is whole: it gets it last.
fn name(sessions: u64) -> String {
    format!("kogents_growth_{sessions}")
}

/// A copy, gone when this is dropped; and the seeded database too, unless it is to stay.
pub(super) struct Duplicate<'s> {
    server: &'s mut Server,
    copy: String,
    seeded: Option<String>,
}

impl<'s> Duplicate<'s> {
    /// Makes one of the database with so many sessions, which is seeded if it is not there yet.
    pub(super) fn of(
        server: &'s mut Server,
        program: &Path,
        sessions: u64,
        keep: bool,
    ) -> Result<Self, Failure> {
        let seeded = name(sessions);
        let was_there = server.has(&seeded)?;
        if !was_there {
            seed(server, program, sessions, &seeded)?;
        }
        let copy = format!("{seeded}_copy");
        server.copy(&seeded, &copy)?;
        Ok(Self {
            server,
            copy,
            seeded: (!keep && !was_there).then_some(seeded),
        })
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        self.server.url_of(&self.copy)
    }
}

impl Drop for Duplicate<'_> {
    fn drop(&mut self) {
        for name in std::iter::once(&self.copy).chain(&self.seeded) {
            if let Err(error) = self.server.drop(name) {
                eprintln!("the database {name} is left behind: {error}");
            }
        }
    }
}

/// Makes, migrates and fills a database, and only then gives it its name.
fn seed(server: &mut Server, program: &Path, sessions: u64, name: &str) -> Outcome {
    let unfinished = format!("{name}_unfinished");
    server.create(&unfinished)?;
    let url = server.url_of(&unfinished);
    let mut migrate = Command::new(program);
    migrate
        .args(["migrate", "up"])
        .env("DATABASE_URL", &url)
        .env("LOG_LEVEL", "warn");
    shell::output(&mut migrate, "kogents migrate up")?;
    let sessions = sessions.to_string();
    let mut seed = shell::ourselves();
    seed.args(["seed", "--sessions", &sessions, "--database", &url]);
    shell::run(&mut seed, "cargo xtask seed")?;
    server.rename(&unfinished, name)
}
