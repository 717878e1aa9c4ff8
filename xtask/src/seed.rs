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
        Asked::Seed(request) => {
            let database = &request.database;
            eprintln!("to fill {database}, what talks to databases is built, once");
            // Optimised, since SQLite runs in it.
            Err(shell::become_with("seed", "seed", arguments))
        }
    }
}
