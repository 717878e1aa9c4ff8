//! Rule: configuration is read in one place, the `config` module of the app.

use super::finding::Finding;
use super::places;
use super::source::Source;

/// Finds reads of the environment anywhere else.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let path = source.path();
    if may_read(path) {
        return Vec::new();
    }
    source
        .code_lines()
        .filter(|(_, code)| code.contains("env::var"))
        .map(|(line, _)| {
            Finding::new(
                path,
                line,
                "configuration is read in crates/app/src/config only",
            )
        })
        .collect()
}

fn may_read(path: &str) -> bool {
    path.starts_with("crates/app/src/config")
        || places::is_tooling(path)
        || places::is_test(path)
        || places::is_build_script(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn every_way_to_read_a_variable_is_found() {
        let text = "std::env::var(A);\nuse std::env::var_os;\nenv::vars();\n";
        assert_eq!(count("crates/http/src/a.rs", text), 3);
    }

    #[test]
    fn configuration_tests_and_tools_may_read() {
        let text = "std::env::var(A);\n";
        for path in [
            "crates/app/src/config.rs",
            "crates/app/src/config/mail.rs",
            "crates/app/tests/it/main.rs",
            "crates/testkit/src/postgres.rs",
            "xtask/src/shell.rs",
        ] {
            assert_eq!(count(path, text), 0, "{path}");
        }
    }

    #[test]
    fn what_is_fixed_at_build_time_is_no_read() {
        assert_eq!(
            count(
                "crates/http/src/a.rs",
                "env!(\"CARGO_PKG_VERSION\"); env::args();\n"
            ),
            0
        );
    }
}
