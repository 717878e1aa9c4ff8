//! Rule: a lint is silenced by `#[expect(…, reason)]`, which says why and ends with its cause;
//! never by `#[allow]`.

use super::finding::Finding;
use super::source::Source;

/// Finds attributes that allow a lint.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    source
        .code_lines()
        .filter(|(_, code)| allows(code))
        .map(|(line, _)| {
            Finding::new(
                source.path(),
                line,
                "use `#[expect(…, reason = \"…\")]`, not `allow`",
            )
        })
        .collect()
}

fn allows(code: &str) -> bool {
    let code: String = code.split_whitespace().collect();
    code.contains("#[allow(")
        || code.contains("#![allow(")
        || (code.contains("cfg_attr(") && code.contains(",allow("))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&Source::new("crates/http/src/a.rs", text))
            .iter()
            .map(Finding::line)
            .collect()
    }

    #[test]
    fn every_way_to_allow_is_found() {
        assert_eq!(lines("#![allow(dead_code)]\n#[allow(dead_code)]\n"), [1, 2]);
        assert_eq!(
            lines("# [ allow (dead_code)]\n#[cfg_attr(test, allow(dead_code))]\n"),
            [1, 2]
        );
    }

    #[test]
    fn expectations_prose_and_other_names_are_good() {
        assert!(lines("#[expect(dead_code, reason = \"later\")]\n").is_empty());
        assert!(lines("// never #[allow(dead_code)]\nlet a = \"#[allow(x)]\";\n").is_empty());
        assert!(lines("policy.allow(origin);\n").is_empty());
    }
}
