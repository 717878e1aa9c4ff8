//! Rule: a use case is one struct in one file with one `run`.

use super::finding::Finding;
use super::places;
use super::source::Source;

/// How the method of a use case begins.
const RUN: &str = "pub async fn run(";

/// Finds files of use cases with more than one `run`.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let path = source.path();
    if !is_use_case_file(path) {
        return Vec::new();
    }
    source
        .code_lines()
        .filter(|(_, code)| code.contains(RUN))
        .skip(1)
        .map(|(line, _)| Finding::new(path, line, "a second `run`: one use case a file"))
        .collect()
}

/// Whether a file lies in the folder of a feature.
fn is_use_case_file(path: &str) -> bool {
    let inside = path.strip_prefix("crates/usecases/src/");
    inside.is_some_and(|inside| inside.contains('/')) && !places::is_test(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Source::new(path, text))
            .iter()
            .map(Finding::line)
            .collect()
    }

    #[test]
    fn the_second_run_is_found() {
        let two = "pub async fn run(\n&self) {}\npub async fn run(&self) {}\n";
        assert_eq!(lines("crates/usecases/src/auth/log_in.rs", two), [3]);
    }

    #[test]
    fn one_run_none_and_other_folders_are_good() {
        let one = "// pub async fn run(\npub async fn run(&self) {}\nasync fn run_all() {}\n";
        assert!(lines("crates/usecases/src/auth/log_in.rs", one).is_empty());
        assert!(lines("crates/usecases/src/auth/view.rs", "pub struct View;\n").is_empty());
        let two = "pub async fn run() {}\npub async fn run() {}\n";
        assert!(lines("crates/usecases/src/lib.rs", two).is_empty());
        assert!(lines("crates/http/src/auth/log_in.rs", two).is_empty());
    }
}
