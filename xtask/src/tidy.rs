//! `cargo xtask tidy`: the invariants of the design that a program can check.

mod ambient;
mod attributes;
mod blank;
mod dependencies;
mod environment;
mod finding;
mod first_line;
mod length;
mod machine;
mod module_files;
mod named_tests;
mod one_run;
mod places;
mod production;
mod source;
mod statistics;
mod unfinished;
mod whitespace;

use crate::failure::{Failure, Outcome};
use crate::{shell, tidy::finding::Finding, tidy::source::Source};

/// A rule that looks at one file at a time.
type Rule = fn(&Source) -> Vec<Finding>;

/// Rules for Rust files. Dependencies are checked apart, from `cargo metadata`, and so is what
/// concerns several files.
const RUST_RULES: &[Rule] = &[
    module_files::check,
    first_line::check,
    length::check,
    attributes::check,
    environment::check,
    ambient::check,
    unfinished::check,
    one_run::check,
];

/// Rules for every text file.
const TEXT_RULES: &[Rule] = &[whitespace::check, machine::check];

/// Checks everything, prints every finding, and fails when there is one.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    if let Some(argument) = arguments.first() {
        return Err(Failure::usage(format!(
            "tidy takes no arguments, not '{argument}'"
        )));
    }
    let sources = source::read_all()?;
    let mut findings = dependencies::check(&dependencies::packages(&shell::metadata()?));
    for source in &sources {
        findings.extend(check_one(source));
    }
    findings.extend(named_tests::check(&sources));
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    println!("{}", statistics::of(&sources));
    match findings.len() {
        0 => {
            println!("tidy: {} files, nothing found", sources.len());
            Ok(())
        }
        1 => Err(Failure::new("tidy: 1 finding")),
        count => Err(Failure::new(format!("tidy: {count} findings"))),
    }
}

fn check_one(source: &Source) -> Vec<Finding> {
    let rust = if source.is_rust() { RUST_RULES } else { &[] };
    rust.iter()
        .chain(TEXT_RULES)
        .flat_map(|rule| rule(source))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_file_has_no_findings_and_a_bad_one_has_several() {
        let good = Source::new(
            "crates/domain/src/page.rs",
            "//! Pages.\n\npub struct Page;\n",
        );
        assert!(check_one(&good).is_empty());
        let bad = Source::new(
            "crates/domain/src/page/mod.rs",
            "#[allow(dead_code)]\tfn a() {} ",
        );
        assert_eq!(check_one(&bad).len(), 6, "{:?}", check_one(&bad));
    }

    #[test]
    fn rules_for_rust_leave_other_files_alone() {
        let page = Source::new(
            "docs/PAGE.md",
            "Say `std::env::var` or `#[allow(dead_code)]`.\n",
        );
        assert!(check_one(&page).is_empty());
    }
}
