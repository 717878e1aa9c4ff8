//! Where the production code of a file ends and its unit tests begin.

use super::source::Source;

/// The number of lines of production code: those before the first inline test module.
pub(super) fn line_count(source: &Source) -> usize {
    let code: Vec<(usize, &str)> = source.code_lines().collect();
    code.windows(2)
        .find_map(|pair| match pair {
            [(line, first), (_, second)] if opens_tests(first, second) => Some(line - 1),
            _ => None,
        })
        .unwrap_or(code.len())
}

/// Whether two lines open an inline test module; `mod tests;` names another file and ends nothing.
fn opens_tests(first: &str, second: &str) -> bool {
    let second = second.trim_start();
    let second = second.strip_prefix("pub(crate) ").unwrap_or(second);
    first.trim() == "#[cfg(test)]" && second.starts_with("mod ") && second.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        line_count(&Source::new("crates/domain/src/a.rs", text))
    }

    #[test]
    fn the_inline_test_module_does_not_count() {
        assert_eq!(
            count("//! A.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n"),
            3
        );
    }

    #[test]
    fn other_uses_of_the_attribute_end_nothing() {
        assert_eq!(count("//! A.\n#[cfg(test)]\nmod tests;\nfn a() {}\n"), 4);
        assert_eq!(
            count("//! A.\n#[cfg(test)]\nfn sample() {}\nfn a() {}\n"),
            4
        );
        assert_eq!(count("//! A.\n// #[cfg(test)]\nmod a {}\n"), 3);
    }
}
