//! Names that people choose: of themselves, of a workspace, in a branding.

use kogents_domain::auth::PersonName;
use kogents_domain::violation::{Violation, ViolationCode};
use kogents_domain::workspace::{Branding, WorkspaceName};

use super::text;

/// What a name has none of, beside control characters.
const REFUSED: [&str; 22] = [
    "<", ">", "{", "}", "[", "]", "\"", "\\", "`", "://", "\u{061C}", "\u{200E}", "\u{200F}",
    "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}",
    "\u{2069}",
];
/// Separators of lines and paragraphs, which some programs take for line breaks.
const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// A name is taken when, trimmed, it has a length within the bounds and nothing refused in it,
/// and only then; it is kept trimmed and reads as itself.
///
/// # Panics
/// When that does not hold.
pub fn name(input: &[u8]) {
    let text = text(input);
    let person = PersonName::parse(&text).map(|name| name.as_str().to_owned());
    check(&text, 1, &person, |text| PersonName::parse(text).is_ok());
    let workspace = WorkspaceName::parse(&text).map(|name| name.as_str().to_owned());
    check(&text, 2, &workspace, |text| {
        WorkspaceName::parse(text).is_ok()
    });
    let branding = Branding::parse_text(&text);
    check(&text, 1, &branding, |text| {
        Branding::parse_text(text).is_ok()
    });
}

fn check(
    text: &str,
    least: usize,
    parsed: &Result<String, Violation>,
    is_taken: impl Fn(&str) -> bool,
) {
    let trimmed = text.trim();
    let length = trimmed.chars().count();
    let clean = !trimmed.chars().any(char::is_control)
        && !REFUSED.iter().any(|refused| trimmed.contains(refused))
        && !trimmed.contains(SEPARATORS);
    match parsed {
        Ok(name) => {
            assert_eq!(name, trimmed);
            assert!((least..=100).contains(&length) && clean, "{name:?}");
            assert!(is_taken(name) && is_taken(&format!("\u{3000}{name}\t")));
        }
        Err(violation) if violation.code == ViolationCode::RequiredField => {
            // Of characters that show nothing there may be some.
            assert!(
                !trimmed.contains(|c: char| c.is_ascii_graphic()),
                "{text:?}"
            );
        }
        Err(violation) => {
            let fits = (least..=100).contains(&length);
            let expected = if fits {
                ViolationCode::InvalidFormat
            } else {
                ViolationCode::InvalidLength
            };
            assert_eq!(violation.code, expected, "{text:?}");
            assert!(!fits || !clean, "{text:?}");
        }
    }
}
