//! What a run stands on: a folder, stores, secrets, and how server and bare program are started.

use std::process::Command;

use super::programs::Programs;
use super::session::Sessions;
use super::shared::Shared;
use super::started::Recipe;
use super::stores::Stores;
use super::variables;
use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::{ports, shell};

/// What a run stands on.
pub(super) struct Bed {
    /// What the server keeps its data in.
    pub(super) stores: Stores,
    /// The server.
    pub(super) server: Recipe,
    /// The bare program.
    pub(super) bare: Recipe,
    /// PostgreSQL and Redis, where they are used.
    pub(super) shared: Option<Shared>,
    /// Removed last.
    pub(super) folder: Folder,
}

impl Bed {
    /// Makes it, with a database that is migrated and empty.
    pub(super) fn prepare(stores: Stores, programs: &Programs) -> Result<Self, Failure> {
        let folder = Folder::create("kogents-bench")?;
        let shared = match stores {
            Stores::Shared => Some(Shared::prepare()?),
            Stores::Embedded => None,
        };
        let [port, bare_port] = ports::free()?;
        let variables = variables::of_a_run(
            &folder.path("data"),
            shared.as_ref().map(|shared| &shared.places),
            &format!("http://localhost:{port}"),
        )?;
        let server = Recipe {
            name: "the server",
            program: programs.server.clone(),
            arguments: &[],
            variables: variables.clone(),
            port,
            ready: "/health/live",
            folder: folder.root().to_path_buf(),
        };
        let bare = Recipe {
            name: "the bare program",
            program: programs.bare.clone(),
            arguments: &["bare"],
            port: bare_port,
            ready: "/live",
            ..server.clone()
        };
        let bed = Self {
            stores,
            server,
            bare,
            shared,
            folder,
        };
        bed.migrate()?;
        Ok(bed)
    }

    /// Writes sessions into the database; as many as a run needs that refreshes so many.
    pub(super) fn seed(&self, refreshes: usize) -> Result<Sessions, Failure> {
        let path = self.folder.path("sessions");
        let count = Sessions::count(refreshes).to_string();
        let mut command = self.of_bench(&["sessions", "--count", &count, "--out"]);
        command.arg(&path);
        shell::output(&mut command, "kogents-bench sessions")?;
        let sessions = Sessions::read(&path)?;
        let _ = std::fs::remove_file(&path);
        if let Some(shared) = &self.shared {
            shared.settle()?;
        }
        Ok(sessions)
    }

    /// A command of the program that the bare one is a command of.
    pub(super) fn of_bench(&self, arguments: &[&str]) -> Command {
        let recipe = Recipe {
            arguments: &[],
            ..self.bare.clone()
        };
        let mut command = recipe.command();
        command.args(arguments);
        command
    }

    fn migrate(&self) -> Outcome {
        let mut command = self.server.command();
        command.args(["migrate", "up"]).env("LOG_LEVEL", "warn");
        shell::output(&mut command, "kogents migrate up").map(drop)
    }
}
