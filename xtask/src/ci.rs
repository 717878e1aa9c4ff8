//! `cargo xtask ci`: everything that must hold before a change is accepted, step by step.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::timing::spoken;
use crate::{openapi, shell, test, tidy};

/// One step: its name and what it does.
struct Step {
    name: &'static str,
    run: fn() -> Outcome,
}

/// The steps, the quick ones first.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        run: format,
    },
    Step {
        name: "tidy",
        run: || tidy::run(&[]),
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "docs",
        run: docs,
    },
    Step {
        name: "build",
        run: build,
    },
    Step {
        name: "openapi",
        run: openapi::check_built,
    },
    Step {
        name: "tests",
        run: || test::run(&[]),
    },
];

/// Runs the steps in order and stops at the first that fails.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    if let Some(argument) = arguments.first() {
        return Err(Failure::usage(format!(
            "ci takes no arguments, not '{argument}'"
        )));
    }
    test::preflight()?;
    run_steps(STEPS)
}

fn run_steps(steps: &[Step]) -> Outcome {
    let mut done: Vec<(&str, Duration, bool)> = Vec::new();
    let mut outcome = Ok(());
    for step in steps {
        println!("==> {}", step.name);
        let started = Instant::now();
        outcome = (step.run)();
        let took = started.elapsed();
        let ok = outcome.is_ok();
        println!("<== {}: {} in {}", step.name, verdict(ok), spoken(took));
        done.push((step.name, took, ok));
        if !ok {
            break;
        }
    }
    println!("\nsummary");
    for (name, took, ok) in &done {
        println!("  {name:8} {:6} {}", verdict(*ok), spoken(*took));
    }
    for step in steps.iter().skip(done.len()) {
        println!("  {:8} not run", step.name);
    }
    outcome
}

fn verdict(ok: bool) -> &'static str {
    if ok { "ok" } else { "FAILED" }
}

fn format() -> Outcome {
    shell::run(
        &mut shell::cargo(["fmt", "--all", "--", "--check"]),
        "cargo fmt --check",
    )
}

fn clippy() -> Outcome {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ];
    shell::run(&mut shell::cargo(arguments), "clippy")
}

fn docs() -> Outcome {
    let arguments = [
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ];
    shell::run(
        shell::cargo(arguments).env("RUSTDOCFLAGS", "-D warnings"),
        "cargo doc",
    )
}

/// Builds what the tests need, so that building and testing are timed apart. The server is built
/// with them: for itself alone, cargo would choose other features and build its libraries again.
fn build() -> Outcome {
    let arguments = ["build", "--workspace", "--bins", "--tests"];
    shell::run(&mut shell::cargo(arguments), "cargo build")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_stops_the_run_and_is_the_outcome() {
        let steps = [
            Step {
                name: "good",
                run: || Ok(()),
            },
            Step {
                name: "bad",
                run: || Err(Failure::new("broken")),
            },
            Step {
                name: "never",
                run: || Err(Failure::new("reached")),
            },
        ];
        assert_eq!(run_steps(&steps).unwrap_err().to_string(), "broken");
        assert!(run_steps(&steps[..1]).is_ok());
    }

    #[test]
    fn arguments_are_refused() {
        assert_eq!(run(&["fast".to_owned()]).unwrap_err().exit_code(), 2);
    }
}
