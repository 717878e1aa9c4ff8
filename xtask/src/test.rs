//! `cargo xtask test [slow] [FILTER…]`: all tests of the workspace.

use crate::failure::Outcome;
use crate::servers::Lent;
use crate::{interrupt, shell};

/// Runs the tests; every argument but a leading `slow` goes to the test runner as it is.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (slow, filters) = match arguments.split_first() {
        Some((first, rest)) if first == "slow" => (true, rest),
        _ => (false, arguments),
    };
    interrupt::watch()?;
    let servers = Lent::find()?;
    let outcome = run_with(&servers, slow, filters);
    let report = servers.report();
    drop(servers);
    print!("{report}");
    outcome
}

/// Fails early where tests would be skipped that may not be: on a machine that checks changes.
pub(crate) fn preflight() -> Outcome {
    Lent::preflight()
}

fn run_with(servers: &Lent, slow: bool, filters: &[String]) -> Outcome {
    let nextest = shell::works(&mut shell::cargo(["nextest", "--version"]));
    for step in plan(nextest, filters) {
        let mut command = shell::cargo(&step);
        servers.tell(&mut command);
        if slow {
            command.env("KOGENTS_SLOW", "1");
        }
        interrupt::run(&mut command, &format!("cargo {}", step.join(" ")))?;
    }
    Ok(())
}

/// The cargo commands of a test run: the tests, then, when nothing is filtered, the doc tests.
fn plan(nextest: bool, filters: &[String]) -> Vec<Vec<String>> {
    let runner: &[&str] = if nextest {
        &["nextest", "run"]
    } else {
        &["test"]
    };
    let mut tests: Vec<String> = runner.iter().map(|&part| part.to_owned()).collect();
    // Beside `--workspace` cargo would build all of it, whichever package is named.
    if !filters.iter().any(|filter| names_package(filter)) {
        tests.push("--workspace".to_owned());
    }
    if filters.is_empty() {
        if !nextest {
            tests.push("--tests".to_owned());
        }
        let docs = ["test", "--doc", "--workspace"].map(str::to_owned).to_vec();
        return vec![tests, docs];
    }
    tests.extend_from_slice(filters);
    vec![tests]
}

/// Whether an argument of the test runner says which package to test.
fn names_package(argument: &str) -> bool {
    argument.starts_with("--package") || (argument.starts_with("-p") && !argument.starts_with("--"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(nextest: bool, filters: &[&str]) -> Vec<String> {
        let filters: Vec<String> = filters.iter().map(|&filter| filter.to_owned()).collect();
        plan(nextest, &filters)
            .iter()
            .map(|step| step.join(" "))
            .collect()
    }

    #[test]
    fn everything_runs_with_either_runner_and_each_test_once() {
        assert_eq!(
            joined(true, &[]),
            ["nextest run --workspace", "test --doc --workspace"]
        );
        assert_eq!(
            joined(false, &[]),
            ["test --workspace --tests", "test --doc --workspace"]
        );
    }

    #[test]
    fn filters_are_passed_on_and_leave_out_the_doc_tests() {
        assert_eq!(
            joined(true, &["-p", "kogents-domain", "slug"]),
            ["nextest run -p kogents-domain slug"]
        );
        assert_eq!(
            joined(true, &["--package=kogents-domain"]),
            ["nextest run --package=kogents-domain"]
        );
        assert_eq!(
            joined(true, &["--profile", "slug"]),
            ["nextest run --workspace --profile slug"]
        );
        assert_eq!(joined(false, &["slug"]), ["test --workspace slug"]);
    }
}
