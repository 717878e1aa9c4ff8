//! Text that fits on one line.

use kogents_domain::text::{cut, is_control_or_bidi};

/// A text on one line of at most `max` characters: control characters, line breaks and what
/// reorders text become spaces, runs of spaces become one.
pub(crate) fn one_line(text: &str, max: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if is_control_or_bidi(c) { ' ' } else { c })
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, max).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s29_no_line_break_or_control_character_is_left() {
        assert_eq!(
            one_line(" a\r\nBcc: b@c.de\u{0}\u{2028}d\u{202E}e\t f ", 100),
            "a Bcc: b@c.de d e f"
        );
        assert_eq!(one_line("ééé", 2), "éé");
        assert_eq!(one_line("\r\n", 9), "");
    }
}
