//! Rule: a file says in its first line what it is.

use super::finding::Finding;
use super::places;
use super::source::Source;

/// Finds Rust files of ours whose first line is not a module comment with words in it.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let first = source.text().lines().next().unwrap_or_default();
    let says = first
        .strip_prefix("//!")
        .is_some_and(|words| !words.trim().is_empty());
    if says || !places::is_ours(source.path()) {
        return Vec::new();
    }
    vec![Finding::new(
        source.path(),
        1,
        "the first line must be a `//!` that says what this is",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Source::new("crates/domain/src/page.rs", text)).len()
    }

    #[test]
    fn a_module_comment_in_the_first_line_is_good() {
        assert_eq!(count("//! Pages of a list.\n"), 0);
    }

    #[test]
    fn anything_else_is_found() {
        assert_eq!(count(""), 1);
        assert_eq!(count("//!\n//! Pages.\n"), 1);
        assert_eq!(count("use std::fmt;\n"), 1);
        assert_eq!(count("#![no_std]\n//! Pages.\n"), 1);
        assert_eq!(count("\n//! Pages.\n"), 1);
    }

    #[test]
    fn foreign_files_are_left_alone() {
        assert!(check(&Source::new("fuzz/fuzz_targets/body.rs", "#![no_main]\n")).is_empty());
    }
}
