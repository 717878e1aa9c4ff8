//! Rule: no trailing whitespace, a line break at the end, no tabs in Rust, no merge markers.

use super::finding::Finding;
use super::source::Source;

/// Finds untidy lines in a text file.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if is_kept_as_it_is(source.path()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let text = source.text();
    for (line, content) in (1..).zip(text.split('\n')) {
        let mut find = |message| findings.push(Finding::new(source.path(), line, message));
        if content.ends_with(char::is_whitespace) {
            find("trailing whitespace");
        }
        if source.is_rust() && content.contains('\t') {
            find("a tab; Rust files are indented with spaces");
        }
        if is_merge_marker(content) {
            find("a merge marker");
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        findings.push(Finding::new(
            source.path(),
            text.lines().count(),
            "no line break at the end",
        ));
    }
    findings
}

/// Whether a file is written by a tool that has its own taste, or is an input for a parser, of
/// which every octet counts.
pub(super) fn is_kept_as_it_is(path: &str) -> bool {
    path.ends_with("Cargo.lock") || path.starts_with("crates/testkit/corpus/")
}

/// `=======` alone is also a heading in Markdown; a conflict never comes without the other two.
fn is_merge_marker(content: &str) -> bool {
    ['<', '>', '|'].iter().any(|mark| {
        content
            .strip_prefix(&mark.to_string().repeat(7))
            .is_some_and(|rest| rest.starts_with(' '))
    })
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
    fn tidy_text_is_good() {
        assert!(lines("README.md", "# Title\n\nText.\n").is_empty());
        assert!(lines("README.md", "Kogents\n=======\n").is_empty());
        assert!(lines("empty.txt", "").is_empty());
        assert!(lines("Makefile", "all:\n\tcargo build\n").is_empty());
        assert!(lines("Cargo.lock", "a ").is_empty());
        assert!(lines("crates/testkit/corpus/slug/padded", " a\t").is_empty());
    }

    #[test]
    fn untidy_lines_are_found_where_they_are() {
        assert_eq!(lines("README.md", "a \nb\r\nc\t\n"), [1, 2, 3]);
        assert_eq!(lines("README.md", "a\nb"), [2]);
        assert_eq!(lines("crates/a.rs", "//! A.\n\tfn a() {}\n"), [2]);
    }

    #[test]
    fn merge_markers_are_found() {
        for mark in ["<", ">", "|"] {
            assert_eq!(
                lines("README.md", &format!("a\n{} ours\n", mark.repeat(7))),
                [2]
            );
        }
    }
}
