//! Email addresses.

use kogents_domain::auth::EmailAddress;
use kogents_domain::violation::ViolationCode;
use unicode_normalization::UnicodeNormalization as _;

use super::text;

/// What is taken is within RFC 5321's lengths, is a dot-atom and a domain of letters, digits and
/// hyphens once normalised, and reads as itself from either form and in any case; a plain address
/// is taken.
///
/// # Panics
/// When that does not hold.
pub fn email_address(input: &[u8]) {
    let text = text(input);
    match EmailAddress::parse(&text) {
        Ok(address) => {
            assert_eq!(address.as_given(), text.trim());
            check_form(address.as_given());
            check_form(address.normalised());
            check_domain(address.normalised());
            check_readings(&address);
        }
        Err(violation) => {
            assert!(!is_plain(text.trim()), "{text:?} is refused");
            assert!(
                matches!(
                    violation.code,
                    ViolationCode::RequiredField
                        | ViolationCode::InvalidLength
                        | ViolationCode::InvalidEmail
                ),
                "{violation:?}"
            );
            let is_empty = violation.code == ViolationCode::RequiredField;
            assert_eq!(is_empty, text.trim().is_empty());
        }
    }
}

fn check_form(address: &str) {
    let (local, domain) = address.split_once('@').expect("an address has an @");
    assert!(address.len() <= 254 && local.len() <= 64, "{address:?}");
    assert!(!domain.contains('@'), "{address:?}");
    assert!(local.split('.').all(|atom| !atom.is_empty()), "{address:?}");
    let refused = |c: char| c.is_whitespace() || c.is_control() || "()<>[]:;,\\\"".contains(c);
    assert!(!address.contains(refused), "{address:?}");
}

/// A host name in the form in which DNS has it (RFC 1123 section 2.1), with at least one dot.
fn check_domain(address: &str) {
    let (_, domain) = address.split_once('@').expect("an address has an @");
    let label_holds = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    assert!(domain.split('.').all(label_holds), "{domain:?}");
    assert!(domain.contains('.') && domain.len() <= 253, "{domain:?}");
}

fn check_readings(address: &EmailAddress) {
    let again = EmailAddress::parse(address.normalised()).expect("the normalised form is taken");
    assert_eq!(again.normalised(), address.normalised());
    let stored = EmailAddress::from_stored(address.as_given(), address.normalised());
    assert_eq!(stored.as_ref(), Ok(address));
    let (local, domain) = address.as_given().split_once('@').expect("it has an @");
    // The dotless i is a letter of its own, and shares its capital with the one that has a dot.
    if address.normalised().contains('\u{131}') {
        return;
    }
    // Marks in their canonical order first, without which there are no capitals of a letter with an
    // iota below and an accent: the iota would be a letter of its own before the accent, which it
    // would then take (Unicode 3.13, on D145).
    let ordered: String = local.nfc().collect();
    for variant in [ordered.to_uppercase(), ordered.to_lowercase()] {
        // The other case may be longer than the limit.
        if let Ok(other) = EmailAddress::parse(&format!(" {variant}@{domain}")) {
            assert_eq!(other.normalised(), address.normalised(), "{variant:?}");
        }
    }
}

/// An address that nobody would doubt.
fn is_plain(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    let words = |text: &str, other: &str| {
        text.split('.').all(|word| {
            (1..=63).contains(&word.len())
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || other.contains(c))
        })
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    words(local, "_+-")
        && words(domain, "")
        && domain.contains('.')
        && (top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic()))
        && (local.len() <= 64 && domain.len() <= 180)
}
