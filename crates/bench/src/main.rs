//! `kogents-bench`: what the server is measured against, and what it is measured with.

mod bare;
mod connection;
mod environment;
mod failure;
mod growth;
mod hash;
mod hex;
mod output;
mod sessions;
mod tokens;

use std::num::NonZero;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

use failure::Outcome;

/// The server's: a ceiling is not lower for what the server has chosen.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What the server is measured against, and what it is measured with. The environment is the
/// server's.
#[derive(Debug, Parser)]
#[command(name = "kogents-bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves, with nothing around it, what the server can at most be as fast as
    Bare,
    /// Writes persons with live sessions into the database, and their tokens into a file
    Sessions(sessions::Arguments),
    /// Hashes passwords on all cores and says how many a second
    Hash(hash::Arguments),
    /// Measures what operations on sessions cost in a seeded database
    Growth(growth::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure);
            ExitCode::FAILURE
        }
    }
}

/// Runs a command on a runtime like the server's: with half as many threads as there are processors.
fn run(command: Command) -> Outcome {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(processors.div_ceil(2)).enable_all();
    runtime.build()?.block_on(async {
        match command {
            Command::Bare => bare::run().await,
            Command::Sessions(arguments) => sessions::run(arguments).await,
            Command::Hash(arguments) => hash::run(&arguments).await,
            Command::Growth(arguments) => growth::run(arguments).await,
        }
    })
}
