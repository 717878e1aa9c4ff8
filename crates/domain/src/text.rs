//! Rules that every human-readable text shares.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::violation::Violation;

/// Trims and checks a name that people choose: of a person, a workspace, a company.
///
/// Any script is welcome. Control characters and the characters that reorder text (Unicode
/// "Bidi_Control") are refused, as are `< > { } [ ] " \` and the backtick and `://`, so that a
/// name can be neither markup nor a template nor a link wherever it is shown. A name of which
/// nothing would be seen is no name; among visible characters the invisible ones stay, since
/// scripts and emoji are written with them.
///
/// # Errors
/// A [`Violation`]: required, length in characters after trimming, or form.
pub fn parse_name(text: &str, min: usize, max: usize) -> Result<String, Violation> {
    let trimmed = text.trim();
    if trimmed
        .chars()
        .all(|c| c.is_whitespace() || is_invisible(c))
    {
        return Err(Violation::required());
    }
    let length = trimmed.chars().count();
    if length < min || length > max {
        return Err(Violation::length(min, max));
    }
    if trimmed
        .chars()
        .any(|c| is_control_or_bidi(c) || is_markup(c))
        || trimmed.contains("://")
    {
        return Err(Violation::format(
            "must not contain control characters, links, or any of < > { } [ ] \" \\ `",
        ));
    }
    Ok(trimmed.to_owned())
}

/// Trims and checks a text that explains something, of at most `max` characters; it may be empty.
/// Control characters and those that reorder text are refused.
///
/// # Errors
/// `INVALID_LENGTH` or `INVALID_FORMAT`.
pub fn parse_description(text: &str, max: usize) -> Result<String, Violation> {
    let trimmed = text.trim();
    if trimmed.chars().count() > max {
        return Err(Violation::too_long(max));
    }
    if trimmed.chars().any(is_control_or_bidi) {
        return Err(Violation::format("must not contain control characters"));
    }
    Ok(trimmed.to_owned())
}

/// The most bytes of a [`search_key`]. There are characters that become eighteen, and an index of
/// PostgreSQL takes no entry of more than 2,704.
const MAX_KEY_BYTES: usize = 1_000;

/// What a text is sorted and searched by: without case, accents, and other marks (Unicode NFKD
/// without combining marks), so that "ozil" finds "Özil". At most 1,000 bytes of it: of two texts
/// that are alike so far, either may come first.
#[must_use]
pub fn search_key(text: &str) -> String {
    let mut key: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    key.truncate(key.floor_char_boundary(MAX_KEY_BYTES));
    key
}

/// Whether a character is a control character (Unicode `Cc`), a line or paragraph separator, or
/// one that changes the direction of the text around it.
#[must_use]
pub fn is_control_or_bidi(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character shows nothing: it takes no room (Unicode "Default_Ignorable_Code_Point",
/// the common ones) or is blank without being white space.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character could make a text markup or a template where it is shown.
#[must_use]
pub const fn is_markup(c: char) -> bool {
    matches!(c, '<' | '>' | '{' | '}' | '[' | ']' | '"' | '\\' | '`')
}

/// The text's beginning that fits into `max` bytes, never cutting inside a character.
#[must_use]
pub fn cut_bytes(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or(text)
}

/// The first `max` characters, never cutting inside one.
#[must_use]
pub fn cut(text: &str, max: usize) -> &str {
    text.char_indices()
        .nth(max)
        .map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;

    #[test]
    fn names_of_any_script_pass_trimmed() {
        for name in ["Zoë", "李小龍", "محمد", "O'Neil-Smith Jr.", "A & B, Inc."] {
            assert_eq!(
                parse_name(&format!("  {name} "), 1, 100).as_deref(),
                Ok(name)
            );
        }
    }

    #[test]
    fn markup_links_and_reordering_are_refused() {
        for name in [
            "<b>",
            "a{{x}}",
            "a\"b",
            "see http://x",
            "a\u{202E}b",
            "a\nb",
            "a`b",
        ] {
            let violation = parse_name(name, 1, 100).unwrap_err();
            assert_eq!(violation.code, ViolationCode::InvalidFormat, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_shows_nothing_is_no_name() {
        for name in [
            "\u{200B}",
            " \u{200B}\u{200D} ",
            "\u{FEFF}",
            "\u{2060}\u{2060}",
            "\u{00AD} \u{00AD}",
            "\u{3164}\u{3164}",
            "\u{2800}",
            "\u{E0020}\u{E007F}",
            "\u{FE0F}",
        ] {
            let violation = parse_name(name, 1, 100).unwrap_err();
            assert_eq!(violation.code, ViolationCode::RequiredField, "{name:?}");
        }
        // Joiners belong to how some scripts and emoji are written.
        for name in [
            "می\u{200C}خواهم",
            "\u{1F469}\u{200D}\u{1F680}",
            "\u{2764}\u{FE0F}",
        ] {
            assert_eq!(parse_name(name, 1, 100).as_deref(), Ok(name));
        }
    }

    #[test]
    fn length_counts_characters() {
        assert!(parse_name(&"é".repeat(100), 1, 100).is_ok());
        let long = parse_name(&"é".repeat(101), 1, 100).unwrap_err();
        assert_eq!(long.code, ViolationCode::InvalidLength);
        assert_eq!(
            parse_name(" ", 1, 100).unwrap_err().code,
            ViolationCode::RequiredField
        );
    }

    #[test]
    fn descriptions_may_be_empty_and_are_bounded() {
        assert_eq!(parse_description("  ", 5).as_deref(), Ok(""));
        assert_eq!(parse_description(" a <b> ", 5).as_deref(), Ok("a <b>"));
        let code = |text| parse_description(text, 5).unwrap_err().code;
        assert_eq!(code("éééééé"), ViolationCode::InvalidLength);
        assert_eq!(code("a\nb"), ViolationCode::InvalidFormat);
        assert_eq!(code("a\u{202E}b"), ViolationCode::InvalidFormat);
    }

    #[test]
    fn keys_know_neither_case_nor_accents() {
        for (text, key) in [
            ("Mesut Özil", "mesut ozil"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Ｆｕｌｌ", "full"),
            ("李小龍", "李小龍"),
            ("İstanbul", "istanbul"),
            ("ada@Example.com", "ada@example.com"),
        ] {
            assert_eq!(search_key(text), key, "{text}");
        }
    }

    #[test]
    fn keys_fit_into_an_index() {
        // The longest that a name becomes: each of its characters eighteen, of 33 bytes.
        let key = search_key(&"\u{FDFA}".repeat(100));
        assert!((990..=1_000).contains(&key.len()), "{}", key.len());
        assert!(search_key(&"\u{FDFA}".repeat(101)).starts_with(&key));
        assert_eq!(search_key(&"x".repeat(1_000)).len(), 1_000);
        assert_eq!(search_key(&"x".repeat(1_001)).len(), 1_000);
    }

    #[test]
    fn cutting_keeps_whole_characters() {
        assert_eq!(cut("héllo", 2), "hé");
        assert_eq!(cut("hé", 5), "hé");
        assert_eq!(cut_bytes("héllo", 2), "h");
        assert_eq!(cut_bytes("héllo", 3), "hé");
        assert_eq!(cut_bytes("hé", 5), "hé");
        assert_eq!(cut_bytes("🦀", 3), "");
    }
}
