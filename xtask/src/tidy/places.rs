//! Which part of the workspace a path belongs to.

/// Whether a file is test or benchmark code: a folder `tests` or `benches`, a file `tests.rs`.
pub(super) fn is_test(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

/// Whether a file belongs to a crate of ours.
pub(super) fn is_ours(path: &str) -> bool {
    path.starts_with("crates/") || path.starts_with("xtask/")
}

/// Whether a file belongs to what never reaches the product: the testkit, the bench and the tasks.
pub(super) fn is_tooling(path: &str) -> bool {
    ["crates/testkit/", "crates/bench/", "xtask/"]
        .iter()
        .any(|tooling| path.starts_with(tooling))
}

/// Whether a file is a cargo build script.
pub(super) fn is_build_script(path: &str) -> bool {
    path.ends_with("/build.rs") && !path.contains("/src/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_folder_or_name() {
        assert!(is_test("crates/http/tests/it/main.rs"));
        assert!(is_test("crates/domain/benches/parse.rs"));
        assert!(is_test("crates/domain/src/auth/tests.rs"));
        assert!(!is_test("crates/domain/src/contests.rs"));
    }

    #[test]
    fn build_scripts_stand_beside_src() {
        assert!(is_build_script("crates/adapter-useragent/build.rs"));
        assert!(!is_build_script("crates/domain/src/build.rs"));
    }
}
