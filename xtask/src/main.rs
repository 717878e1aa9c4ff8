//! `cargo xtask`: the tasks of this workspace, as a table of subcommands.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to its user"
)]

mod alerts;
#[cfg(any(feature = "bench", test))]
mod arguments;
mod bench;
mod built;
mod ci;
mod client;
mod db;
mod failure;
mod folder;
mod fuzz;
mod interrupt;
mod journey;
#[cfg(any(feature = "bench", test))]
mod load;
mod node;
#[cfg(any(feature = "bench", test))]
mod numbers;
mod openapi;
mod ports;
mod process;
mod quickstart;
mod schemathesis;
mod seed;
mod server;
mod servers;
mod shell;
mod test;
mod tidy;
mod timing;
#[cfg(any(feature = "bench", test))]
mod usage;

use std::process::ExitCode;

use failure::{Failure, Outcome};

/// One line of the table.
struct Subcommand {
    name: &'static str,
    meaning: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// Everything `cargo xtask` can do.
const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "ci",
        meaning: "format, tidy, clippy, docs, OpenAPI and tests; stops at the first failure",
        run: ci::run,
    },
    Subcommand {
        name: "test",
        meaning: "all tests: test [slow] [FILTER...]; slow adds the floods and the large counts",
        run: test::run,
    },
    Subcommand {
        name: "servers",
        meaning: "PostgreSQL and Redis for tests run by hand: servers [postgres] [redis]",
        run: servers::run,
    },
    Subcommand {
        name: "db",
        meaning: "migrations: db new NAME | check | up",
        run: db::run,
    },
    Subcommand {
        name: "seed",
        meaning: "fill a database with sessions, to measure on: seed --sessions N; --help says more",
        run: seed::run,
    },
    Subcommand {
        name: "bench",
        meaning: "measure the release beside its ceilings: bench [--embedded] [growth]; --help says more",
        run: bench::run,
    },
    Subcommand {
        name: "tidy",
        meaning: "the invariants of the design that a program can check",
        run: tidy::run,
    },
    Subcommand {
        name: "fuzz",
        meaning: "search for inputs that break a parser's laws: fuzz [TARGET...] [-- SECONDS]",
        run: fuzz::run,
    },
    Subcommand {
        name: "openapi",
        meaning: "docs/openapi.json: openapi write | check",
        run: openapi::run,
    },
    Subcommand {
        name: "alerts",
        meaning: "check and test the alert rules of docker/ with promtool",
        run: alerts::run,
    },
    Subcommand {
        name: "quickstart",
        meaning: "walk the quick start of README.md against a built server: quickstart [--debug]",
        run: quickstart::run,
    },
    Subcommand {
        name: "journey",
        meaning: "walk a small dashboard in Chromium against a built server: journey [--debug]",
        run: journey::run,
    },
    Subcommand {
        name: "client",
        meaning: "call a built server with a client generated from docs/openapi.json: client [--debug]",
        run: client::run,
    },
    Subcommand {
        name: "schemathesis",
        meaning: "send a built server what schemathesis makes of its document: schemathesis [--debug]",
        run: schemathesis::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Finds the subcommand and runs it with the arguments that follow its name.
fn dispatch(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", table());
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", table());
        return Ok(());
    }
    // Nobody calls it by hand: it is what the bench sends requests with.
    #[cfg(any(feature = "bench", test))]
    if name == "load" {
        return load::run(rest);
    }
    match SUBCOMMANDS
        .iter()
        .find(|subcommand| subcommand.name == name)
    {
        Some(subcommand) => (subcommand.run)(rest),
        None => Err(Failure::usage(format!(
            "there is no subcommand '{name}'; `cargo xtask` lists them"
        ))),
    }
}

/// The table that `cargo xtask` alone prints.
fn table() -> String {
    let width = SUBCOMMANDS
        .iter()
        .map(|subcommand| subcommand.name.len())
        .max()
        .unwrap_or(0);
    SUBCOMMANDS
        .iter()
        .map(|subcommand| {
            format!(
                "cargo xtask {:width$}  {}\n",
                subcommand.name, subcommand.meaning
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_subcommand_once() {
        let table = table();
        assert_eq!(table.lines().count(), SUBCOMMANDS.len());
        for subcommand in SUBCOMMANDS {
            assert_eq!(
                table
                    .matches(&format!("cargo xtask {} ", subcommand.name))
                    .count(),
                1
            );
        }
    }

    #[test]
    fn an_unknown_subcommand_is_a_usage_error_that_names_it() {
        let failure = dispatch(&["paint".to_owned()]).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("'paint'"));
    }
}
