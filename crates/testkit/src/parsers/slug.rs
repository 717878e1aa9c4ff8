//! Slugs.

use kogents_domain::workspace::Slug;

use super::text;

/// Some of the names that must be reserved.
const RESERVED: [&str; 5] = ["admin", "api", "app", "auth", "www"];

/// Whatever is taken has the form of a slug and reads as itself; whatever has the form is taken,
/// or reserved.
///
/// # Panics
/// When that does not hold.
pub fn slug(input: &[u8]) {
    let text = text(input);
    let wanted = text.trim().to_ascii_lowercase();
    let stored = Slug::from_stored(&text);
    assert_eq!(stored.is_ok(), has_form(&wanted), "{text:?}");
    match Slug::parse(&text) {
        Ok(slug) => {
            assert_eq!(slug.as_str(), wanted);
            assert!(!RESERVED.contains(&slug.as_str()), "{slug:?} is reserved");
            assert_eq!(stored.as_ref(), Ok(&slug));
            assert_eq!(Slug::parse(slug.as_str()).as_ref(), Ok(&slug));
            let upper = slug.as_str().to_ascii_uppercase();
            assert_eq!(Slug::parse(&format!(" {upper}\n")), Ok(slug));
        }
        Err(violation) => {
            if has_form(&wanted) {
                assert_eq!(violation.message, "is a reserved name", "{text:?}");
            }
        }
    }
}

/// `^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$`, 3 to 50, no `--`: as parts between single hyphens.
fn has_form(text: &str) -> bool {
    let parts_hold = text.split('-').all(|part| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    });
    parts_hold && (3..=50).contains(&text.len())
}
