//! The command line: what is to be done, and the exit code of how it went.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::serve;

/// The chat product's server for persons, workspaces and sessions.
#[derive(Debug, Parser)]
#[command(name = "kogents", version, about, after_help = AFTER_HELP)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Command {
    /// Run the server (what happens without a command)
    Serve,
    /// Print the OpenAPI document as JSON
    Openapi,
}

const AFTER_HELP: &str = "\
The settings are environment variables, also read from .env in the working folder; .env.example \
lists them. In development nothing needs to be set.

Exit codes: 0 all went well, 1 something failed, 2 the configuration or the command is wrong.";

/// Does what the command line says.
pub async fn run() -> ExitCode {
    let done = match CommandLine::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve().await,
        Command::Openapi => print_openapi(),
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

fn print_openapi() -> Result<(), Failure> {
    let document = kogents_http::openapi_json();
    writeln!(std::io::stdout(), "{document}").map_err(|error| Failure::Setup {
        part: "the output",
        reason: error.to_string(),
    })
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
        assert!(CommandLine::try_parse_from(["kogents", "migrate"]).is_err());
    }
}
