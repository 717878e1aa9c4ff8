//! `cargo xtask seed --sessions N`: fills a database with sessions, straight into the tables, to
//! measure on.
//!
//! What talks to databases is behind the feature `seed`; without it this program reads the
//! arguments and becomes a build of itself that has it.

#[cfg(any(feature = "seed", test))]
mod plan;
#[cfg(feature = "seed")]
mod postgres;
#[cfg(any(feature = "seed", test))]
mod progress;
mod request;
#[cfg(any(feature = "seed", test))]
mod scripts;
#[cfg(feature = "seed")]
mod sqlite;
mod target;
#[cfg(feature = "seed")]
mod work;

use crate::failure::Outcome;
use crate::shell;
use request::Asked;
use target::Target;

/// Fills the database that the arguments or the environment name.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let folder = shell::variable("DATA_DIR");
    let url = shell::variable("DATABASE_URL");
    let default = || Target::default_of(url.as_deref(), folder.as_deref());
    match request::read(arguments, default)? {
        Asked::Help => {
            print!("{}", request::HELP);
            Ok(())
        }
        #[cfg(feature = "seed")]
        Asked::Seed(request) => work::run(&request),
        #[cfg(not(feature = "seed"))]
        Asked::Seed(request) => Err(become_the_other(arguments, &request)),
    }
}

/// Becomes a build of this program that talks to databases, optimised, since SQLite runs
/// in it; comes back only when that cannot be.
#[cfg(not(feature = "seed"))]
fn become_the_other(arguments: &[String], request: &request::Request) -> crate::failure::Failure {
    use std::os::unix::process::CommandExt;

    let build = ["run", "--quiet", "--release", "-p", "xtask"];
    let feature = ["--features", "seed", "--", "seed"];
    let mut command = shell::cargo(build.into_iter().chain(feature));
    command.args(arguments);
    // Relative paths are the caller's.
    if let Ok(folder) = std::env::current_dir() {
        command.current_dir(folder);
    }
    let database = &request.database;
    eprintln!("to fill {database}, what talks to databases is built, once");
    shell::cannot_start("cargo run --features seed", &command.exec())
}
