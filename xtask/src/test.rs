//! `cargo xtask test [slow] [FILTER…]`: all tests of the workspace.

use crate::failure::{Failure, Outcome};
use crate::shell;

/// The variable that names a PostgreSQL server for the store suite.
const DATABASE: &str = "TEST_DATABASE_URL";

/// Runs the tests; every argument but a leading `slow` goes to the test runner as it is.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    preflight()?;
    let (slow, filters) = match arguments.split_first() {
        Some((first, rest)) if first == "slow" => (true, rest),
        _ => (false, arguments),
    };
    let nextest = shell::works(&mut shell::cargo(["nextest", "--version"]));
    for step in plan(nextest, filters) {
        let mut command = shell::cargo(&step);
        if slow {
            command.env("KOGENTS_SLOW", "1");
        }
        shell::run(&mut command, &format!("cargo {}", step.join(" ")))?;
    }
    if shell::variable(DATABASE).is_none() {
        println!("{}", skipped_note());
    }
    Ok(())
}

/// Fails where tests would be skipped that may not be: on a machine that checks changes.
pub(crate) fn preflight() -> Outcome {
    judge_database(shell::is_ci(), shell::variable(DATABASE).is_some())
}

fn judge_database(is_ci: bool, has_database: bool) -> Outcome {
    if is_ci && !has_database {
        return Err(Failure::new(format!(
            "CI=true, but {DATABASE} is not set; set it to the URL of a PostgreSQL database \
             that the tests may create others beside"
        )));
    }
    Ok(())
}

fn skipped_note() -> String {
    format!(
        "The PostgreSQL parts of the store suite did not run; setting {DATABASE} to the URL of a \
         database that the tests may create others beside runs them."
    )
}

/// The cargo commands of a test run: the tests, then, when nothing is filtered, the doc tests.
fn plan(nextest: bool, filters: &[String]) -> Vec<Vec<String>> {
    let runner: &[&str] = if nextest {
        &["nextest", "run", "--workspace"]
    } else {
        &["test", "--workspace"]
    };
    let mut tests: Vec<String> = runner.iter().map(|&part| part.to_owned()).collect();
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
            ["nextest run --workspace -p kogents-domain slug"]
        );
        assert_eq!(joined(false, &["slug"]), ["test --workspace slug"]);
    }

    #[test]
    fn a_missing_database_is_a_failure_only_where_changes_are_checked() {
        assert!(judge_database(false, false).is_ok());
        assert!(judge_database(false, true).is_ok());
        assert!(judge_database(true, true).is_ok());
        let failure = judge_database(true, false).unwrap_err();
        assert!(failure.to_string().contains(DATABASE));
    }
}
