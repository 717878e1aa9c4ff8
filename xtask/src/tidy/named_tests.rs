//! Rule: a test that a page of `docs/` names, by a requirement's number, exists.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::source::Source;

/// Finds names of tests in backticks, such as the one of a function `s24_…`, that no Rust file has.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let functions: BTreeSet<&str> = sources
        .iter()
        .filter(|source| source.is_rust())
        .flat_map(functions)
        .collect();
    let mut findings = Vec::new();
    for page in sources.iter().filter(|source| is_page(source.path())) {
        for (line, text) in page.lines() {
            for name in named(text).filter(|name| !functions.contains(name)) {
                let message = format!("there is no test `{name}`");
                findings.push(Finding::new(page.path(), line, message));
            }
        }
    }
    findings
}

fn is_page(path: &str) -> bool {
    path.starts_with("docs/") && path.ends_with(".md")
}

/// The functions that a file declares.
fn functions(source: &Source) -> impl Iterator<Item = &str> {
    source.code_lines().filter_map(|(_, code)| {
        let (before, rest) = code.split_once("fn ")?;
        let declares = before.is_empty() || before.ends_with(' ');
        declares.then(|| word(rest))
    })
}

/// The names of tests in a line of prose.
fn named(text: &str) -> impl Iterator<Item = &str> {
    // Every second part stands between backticks.
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| word(name).len() == name.len() && has_a_number(name))
}

/// Whether a name begins as `s24_` or `r3_` does.
fn has_a_number(name: &str) -> bool {
    name.strip_prefix(['s', 'r'])
        .and_then(|rest| rest.split_once('_'))
        .is_some_and(|(number, rest)| {
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty()
        })
}

fn word(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(page: &str) -> Vec<usize> {
        let code =
            "//! Tests.\n\nasync fn s24_blocks(backend: &Backend) {}\n    fn r3_goes_on() {}\n";
        let sources = [
            Source::new("crates/app/tests/it/a.rs", code),
            Source::new("docs/SECURITY.md", page),
        ];
        check(&sources).iter().map(Finding::line).collect()
    }

    #[test]
    fn a_test_that_exists_may_be_named() {
        assert!(lines("`s24_blocks`, `r3_goes_on`\n").is_empty());
    }

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        assert_eq!(lines("`s24_blocks`\n| S24 | `s24_blocked` |\n"), [2]);
        // Its beginning alone is another name.
        assert_eq!(lines("`s24_block` and `r3_goes_on_and_on`\n"), [1, 1]);
    }

    #[test]
    fn other_words_are_no_tests() {
        assert!(lines("`sha256_hex`, `s_3`, `s24_`, s25_not_quoted, `RATE_LIMITS`\n").is_empty());
    }
}
