//! Rule: a module with children is `foo.rs` beside `foo/`, never `foo/mod.rs`.

use super::finding::Finding;
use super::source::Source;

/// Finds files of the old layout.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    match source.path().strip_suffix("/mod.rs") {
        Some(folder) => {
            vec![Finding::new(
                source.path(),
                1,
                format!("name this file {folder}.rs"),
            )]
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_named_mod_are_found() {
        assert_eq!(
            check(&Source::new("crates/http/src/auth/mod.rs", "")).len(),
            1
        );
        assert!(check(&Source::new("crates/http/src/auth.rs", "")).is_empty());
        assert!(check(&Source::new("crates/http/src/summod.rs", "")).is_empty());
    }
}
