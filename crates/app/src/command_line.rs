//! The command line: what is to be done, and the exit code of how it went.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::config::ShowConfig;
use crate::commands::doctor::Doctor;
use crate::commands::export::{self, Export};
use crate::commands::import::{self, Import};
use crate::commands::mail::{self, MailCommand};
use crate::commands::sweep::{self, Sweep};
use crate::commands::user::{self, UserCommand};
use crate::commands::{config, doctor, health, migrate, openapi, secret_key, serve};

/// The chat product's server for persons, workspaces and sessions.
#[derive(Debug, Parser)]
#[command(name = "kogents", version, about, after_help = AFTER_HELP)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Run the server (what happens without a command)
    Serve,
    /// Bring the database's tables up to date, or tell whether they are
    #[command(subcommand)]
    Migrate(Migrate),
    /// Show every setting as the server understands it, and where it came from
    ///
    /// Secrets are shown as set, not set or generated. With faults the exit code is 2, and they are
    /// listed as a start lists them.
    #[command(
        after_help = "Example:\n  kogents config --json | jq '.settings[] | select(.from != \"default\")'"
    )]
    Config(ShowConfig),
    /// Look at everything a server stands on, and say what to do about it
    ///
    /// Configuration, secrets, database, cache, mail server, IP database, addresses, proxies, limits
    /// of the system: one line each, ok, warning or failure, the latter two with the fix. Nothing is
    /// changed anywhere. It may run while servers do. Exit code 1 if anything is a failure.
    #[command(after_help = "Examples:\n  kogents doctor\n  kogents doctor --mail ops@example.com")]
    Doctor(Doctor),
    /// Ask the running server at HOST and PORT whether it lives: exit code 0 if so, else 1
    ///
    /// For health checks of containers, which may have no shell and no curl. Answers within 3
    /// seconds.
    #[command(
        after_help = "Example, in a Dockerfile:\n  HEALTHCHECK CMD [\"kogents\", \"health\", \"--ready\"]"
    )]
    Health {
        /// Ask whether it is ready for requests
        #[arg(long)]
        ready: bool,
    },
    /// Look after persons: list, make the first admin, unlock, suspend, end sessions
    ///
    /// A person is named by address or id. All of it may be done while servers run, and takes effect
    /// on them within a second.
    #[command(subcommand)]
    User(UserCommand),
    /// Do once, now, what servers do in the background about rows that have had their time
    ///
    /// Tells how many rows each part handled. Works beside servers, one sweep at a time.
    #[command(
        after_help = "Example, nightly, where no server runs for long:\n  kogents sweep --json"
    )]
    Sweep(Sweep),
    /// Look at the mail queue and mend it, or try the mail server
    #[command(subcommand)]
    Mail(MailCommand),
    /// Write everything that the SQLite database keeps into a folder, to move it to PostgreSQL
    Export(Export),
    /// Put what export wrote into an empty PostgreSQL database
    Import(Import),
    /// Print the OpenAPI document as JSON
    Openapi,
    /// Print the SECRET_KEY in force, to set it before REDIS_ENCRYPTION_KEY is changed
    SecretKey,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Migrate {
    /// Apply the migrations that are pending
    Up,
    /// Tell whether migrations are pending: exit code 0 if none is, 1 if some are
    Status,
}

const AFTER_HELP: &str = "\
The settings are environment variables, also read from .env in the working folder; .env.example \
lists them. In development nothing needs to be set.

Exit codes: 0 all went well, 1 something failed, 2 the command or the configuration is wrong, or a \
database or cache that it names cannot be used.";

/// Does what the command line says.
pub async fn run() -> ExitCode {
    let done = match CommandLine::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve().await,
        Command::Migrate(Migrate::Up) => migrate::up().await,
        Command::Migrate(Migrate::Status) => match migrate::status().await {
            Ok(is_current) => return ExitCode::from(u8::from(!is_current)),
            Err(failure) => Err(failure),
        },
        Command::Config(how) => config::show(&how),
        Command::Doctor(how) => match doctor::examine(how).await {
            Ok(is_well) => return ExitCode::from(u8::from(!is_well)),
            Err(failure) => Err(failure),
        },
        Command::Health { ready } => health::check(ready).await,
        Command::User(command) => user::run(command).await,
        Command::Sweep(how) => sweep::sweep(how).await,
        Command::Mail(command) => mail::run(command).await,
        Command::Export(export) => export::run(export).await,
        Command::Import(import) => import::run(import).await,
        Command::Openapi => openapi::print(),
        Command::SecretKey => secret_key::print(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where even this cannot be written, the exit code has to do.
            let _ = writeln!(std::io::stderr(), "kogents: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn serving_needs_no_word() {
        let parse = |words: &[&str]| CommandLine::try_parse_from(words).unwrap().command;
        assert!(parse(&["kogents"]).is_none());
        assert!(matches!(parse(&["kogents", "serve"]), Some(Command::Serve)));
        assert!(matches!(
            parse(&["kogents", "openapi"]),
            Some(Command::Openapi)
        ));
        assert!(matches!(
            parse(&["kogents", "migrate", "up"]),
            Some(Command::Migrate(Migrate::Up))
        ));
        assert!(matches!(
            parse(&["kogents", "secret-key"]),
            Some(Command::SecretKey)
        ));
        assert!(CommandLine::try_parse_from(["kogents", "migrate"]).is_err());
        assert!(CommandLine::try_parse_from(["kogents", "migrate", "down"]).is_err());
    }
}
