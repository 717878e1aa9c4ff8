//! Rule: at most 400 lines of production code in a file.

use super::finding::Finding;
use super::source::Source;
use super::{places, production};

/// The most lines a file may have before its unit tests.
const LIMIT: usize = 400;

/// Finds files that hold more than one thing, going by their length.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let path = source.path();
    if places::is_test(path) || path.ends_with("/schema.rs") {
        return Vec::new();
    }
    let lines = production::line_count(source);
    if lines <= LIMIT {
        return Vec::new();
    }
    let message = format!("{lines} lines of production code, {LIMIT} are the limit: split it");
    vec![Finding::new(path, LIMIT + 1, message)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn four_hundred_lines_are_the_limit() {
        assert_eq!(count("crates/http/src/a.rs", &"x\n".repeat(400)), 0);
        assert_eq!(count("crates/http/src/a.rs", &"x\n".repeat(401)), 1);
    }

    #[test]
    fn tests_and_schemas_may_be_longer() {
        let text = format!(
            "{}#[cfg(test)]\nmod tests {{\n{}}}\n",
            "x\n".repeat(9),
            "x\n".repeat(600)
        );
        assert_eq!(count("crates/http/src/a.rs", &text), 0);
        assert_eq!(count("crates/http/tests/it/a.rs", &"x\n".repeat(900)), 0);
        assert_eq!(
            count("crates/adapter-sqlite/src/schema.rs", &"x\n".repeat(900)),
            0
        );
    }
}
