//! `cargo xtask alerts`: the alert rules in `docker/`, checked and tested by Prometheus' own program;
//! they name only figures that the server gives, and each alert is tested.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::shell;

/// The rules.
const RULES: &str = "docker/alerts.yml";
/// Their tests.
const TESTS: &str = "docker/alerts.test.yml";
/// Every figure there is. A test of the server compares it with what the server gives.
const PAGE: &str = "docs/METRICS.md";

/// What our figures begin with.
const PREFIX: &str = "kogents_";

/// Checks the names first, which needs no other program.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    if let Some(argument) = arguments.first() {
        return Err(Failure::usage(format!(
            "alerts takes no arguments, not '{argument}'"
        )));
    }
    let (rules, tests, page) = (read(RULES)?, read(TESTS)?, read(PAGE)?);
    let known = listed(&page);
    check_names(RULES, &rules, &known)?;
    check_names(TESTS, &tests, &known)?;
    check_tested(&rules, &tests)?;
    promtool(&["check", "rules", RULES])?;
    promtool(&["test", "rules", TESTS])?;
    println!("the alerts hold");
    Ok(())
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(shell::root().join(path))
        .map_err(|error| Failure::new(format!("{path} cannot be read: {error}")))
}

/// The samples that the families of the page's table have: of a histogram those with its suffixes.
fn listed(page: &str) -> BTreeSet<String> {
    let mut samples = BTreeSet::new();
    for row in page.lines() {
        let mut cells = row.split('|').map(str::trim).skip(1);
        let (Some(name), Some(kind)) = (cells.next(), cells.next()) else {
            continue;
        };
        let name = name.trim_matches('`');
        if !name.starts_with(PREFIX) {
            continue;
        }
        if kind == "histogram" {
            samples.extend(["bucket", "sum", "count"].map(|part| format!("{name}_{part}")));
        }
        samples.insert(name.to_owned());
    }
    samples
}

/// What a text names that begins as our figures do, in rules and in what they say.
fn named(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_part(c))
        .filter(|word| word.starts_with(PREFIX))
        .collect()
}

fn check_names(path: &str, text: &str, known: &BTreeSet<String>) -> Outcome {
    let unknown: Vec<_> = named(text)
        .into_iter()
        .filter(|name| !known.contains(*name))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{path} names what {PAGE} does not list: {}",
        unknown.join(", ")
    )))
}

/// Whether each alert is expected to fire by some test.
fn check_tested(rules: &str, tests: &str) -> Outcome {
    let alerts = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    let untested: Vec<_> = alerts
        .filter(|alert| !tests.contains(&format!("alertname=\"{alert}\"")))
        .collect();
    if untested.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{TESTS} has no test in which this fires: {}",
        untested.join(", ")
    )))
}

fn promtool(arguments: &[&str]) -> Outcome {
    let mut command = Command::new("promtool");
    command.args(arguments).current_dir(shell::root());
    match command.status() {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::new(
            "promtool is missing; it comes with Prometheus (on Debian the package `prometheus`, whose \
             server is not needed)",
        )),
        status => shell::judge(status, &format!("promtool {}", arguments.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
| name | type | labels | meaning |
|---|---|---|---|
| `kogents_ready` | gauge | – | Whether … |
| `kogents_mail_seconds` | histogram | `lane` | Time … |
| `task` of `kogents_other` | a label |
";

    #[test]
    fn a_histogram_is_named_by_its_samples() {
        let known = listed(SAMPLE);
        for rule in [
            "expr: kogents_ready == 0",
            "rate(kogents_mail_seconds_bucket{lane=\"code\"}[5m])",
            "see `kogents_mail_seconds`, kogents_mail_seconds_count.",
            "KogentsDown up{job=\"kogents\"}",
        ] {
            assert!(check_names("rules", rule, &known).is_ok(), "{rule}");
        }
        for rule in ["kogents_read", "kogents_ready_bucket", "kogents_other"] {
            let failure = check_names("rules", rule, &known).unwrap_err().to_string();
            assert!(failure.ends_with(rule), "{failure}");
        }
    }

    #[test]
    fn an_alert_without_a_test_is_named() {
        let rules = "  - alert: One\n    expr: a\n  - alert: Other\n";
        let tests = "ALERTS{alertname=\"One\"}";
        let failure = check_tested(rules, tests).unwrap_err().to_string();
        assert!(failure.ends_with(": Other"), "{failure}");
        assert!(check_tested(rules, &format!("{tests}{{alertname=\"Other\"}}")).is_ok());
    }

    #[test]
    fn arguments_are_refused() {
        assert_eq!(run(&["fast".to_owned()]).unwrap_err().exit_code(), 2);
    }
}
