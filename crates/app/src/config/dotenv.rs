//! Lines of `.env` as the Node library reads them: an unquoted value is taken as it stands.

/// Quotes the unquoted values of a text, so that the parser, which would stop at a space and fill
/// `$NAME` in, takes them as they stand. A `#` after a space begins a comment. Quoted values, also
/// over several lines, and lines that are no assignment are left alone.
pub(super) fn with_values_quoted(text: &str) -> String {
    let mut open: Option<char> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        if let Some(quote) = open {
            if line.contains(quote) {
                open = None;
            }
            lines.push(line.to_owned());
            continue;
        }
        let Some((name, value)) = assignment(line) else {
            lines.push(line.to_owned());
            continue;
        };
        match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let is_closed = value.chars().skip(1).any(|c| c == quote);
                open = (!is_closed).then_some(quote);
                lines.push(line.to_owned());
            }
            Some(_) => lines.push(format!("{name}={}", quoted(without_comment(value)))),
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// Name and value of a line, trimmed, if it assigns one.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    is_name(name).then(|| (name, value.trim()))
}

/// Whether a text can name a variable.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn without_comment(value: &str) -> &str {
    let comment = value
        .char_indices()
        .zip(value.chars().skip(1))
        .find(|((_, c), next)| c.is_whitespace() && *next == '#');
    comment
        .and_then(|((at, _), _)| value.get(..at))
        .unwrap_or(value)
        .trim_end()
}

/// A value in double quotes, as every reader of such files takes it.
pub(crate) fn quoted(value: &str) -> String {
    let mut text = String::from('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\' | '$') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let quoted = with_values_quoted(text);
        dotenvy::from_read_iter(quoted.as_bytes())
            .map(Result::unwrap)
            .collect()
    }

    fn value(text: &str) -> String {
        read(&format!("NAME={text}")).remove(0).1
    }

    #[test]
    fn an_unquoted_value_is_taken_as_it_stands() {
        for text in [
            "abcd efgh ijkl mnop",
            "p$ss$HOME",
            r"back\slash\n",
            "it's",
            "a\"b",
            "a#b",
            "Kogents <no-reply@example.com>",
            "postgresql://u:p@localhost:5432/db?schema=public&connection_limit=5",
        ] {
            assert_eq!(value(text), text);
        }
        assert_eq!(value("  4000   # the port"), "4000");
        assert_eq!(value(""), "");
    }

    #[test]
    fn quoted_values_and_comments_are_left_alone() {
        let text = "# A=1\nexport A='a b' # c\nB=\"x\\ny\"\nC=\"first\nD=second\nlast\"\nE=e\n";
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read(text),
            [
                pair("A", "a b"),
                pair("B", "x\ny"),
                pair("C", "first\nD=second\nlast"),
                pair("E", "e"),
            ]
        );
    }
}
