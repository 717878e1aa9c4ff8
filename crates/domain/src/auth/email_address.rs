//! An email address that can be written to, in two forms.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::text::{is_control_or_bidi, is_invisible};
use crate::violation::{Violation, ViolationCode};

/// The greatest length of an address in octets (RFC 5321 section 4.5.3.1.3, less the brackets).
const MAX_OCTETS: usize = 254;
/// The greatest length of the part before the `@` in octets (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL_OCTETS: usize = 64;

/// An email address: as given, to show and to write to, and normalised, to compare by.
///
/// The local part is a dot-atom (RFC 5322 section 3.2.3; with RFC 6531's characters), the domain
/// has at least one dot and is normalised by IDNA (UTS 46). The comparison form is NFKC, lower
/// case by full case folding, with the domain in its ASCII form: one mailbox, one account.
#[derive(Clone, Serialize, Deserialize)]
pub struct EmailAddress {
    given: String,
    normalised: String,
}

impl EmailAddress {
    /// Reads an address, trimmed.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, `INVALID_LENGTH` above 254 octets (64 before the `@`), else
    /// `INVALID_EMAIL`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let given = text.trim();
        if given.is_empty() {
            return Err(Violation::required());
        }
        if given.len() > MAX_OCTETS {
            return Err(too_long());
        }
        let (local, domain) = given.rsplit_once('@').ok_or_else(not_an_address)?;
        if local.len() > MAX_LOCAL_OCTETS {
            return Err(too_long());
        }
        let local = normalise_local(local).ok_or_else(not_an_address)?;
        let domain = normalise_domain(domain).ok_or_else(not_an_address)?;
        let normalised = format!("{local}@{domain}");
        if normalised.len() > MAX_OCTETS || local.len() > MAX_LOCAL_OCTETS {
            return Err(too_long());
        }
        Ok(Self {
            given: given.to_owned(),
            normalised,
        })
    }

    /// An address from the two forms a store kept.
    ///
    /// # Errors
    /// A [`Violation`] when the forms do not belong together any more.
    pub fn from_stored(given: &str, normalised: &str) -> Result<Self, Violation> {
        let address = Self::parse(given)?;
        if address.normalised == normalised {
            Ok(address)
        } else {
            Err(not_an_address())
        }
    }

    /// As the person wrote it, trimmed.
    #[must_use]
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// The form to compare by.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.normalised
    }

    /// For somebody who may know of the address, but not the address: its first character, unless
    /// that is all there is before the `@`, and its domain.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.given.rsplit_once('@').unwrap_or_default();
        let is_longer = local.chars().nth(1).is_some();
        let first: String = local.chars().take(usize::from(is_longer)).collect();
        format!("{first}\u{2026}@{domain}")
    }
}

/// Addresses are equal when they name the same mailbox.
impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.normalised == other.normalised
    }
}

impl Eq for EmailAddress {}

/// Logs show the domain only.
impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let domain = self
            .normalised
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain);
        write!(f, "EmailAddress(…@{domain})")
    }
}

fn not_an_address() -> Violation {
    Violation::new(ViolationCode::InvalidEmail, "must be an email address")
}

fn too_long() -> Violation {
    Violation::new(
        ViolationCode::InvalidLength,
        "must be at most 254 octets long, 64 of them before the @",
    )
}

fn normalise_local(local: &str) -> Option<String> {
    let folded: String = local.nfkc().flat_map(fold_case).nfkc().collect();
    // Both the given form and the folded one must be dot-atoms: NFKC turns some letters into
    // characters that are none.
    (is_dot_atom(local) && is_dot_atom(&folded)).then_some(folded)
}

/// Full case folding (Unicode 3.13, "toCasefold"), up to characters that it leaves in the other
/// case: letters that share a capital become one, which lower case alone does not do for a final
/// sigma or a sharp s. The dotless i stays apart from the i.
fn fold_case(c: char) -> impl Iterator<Item = char> {
    let lower = c.to_lowercase();
    let upper = lower.flat_map(|c| {
        let capitals = (c != '\u{131}').then(|| c.to_uppercase());
        let itself = (c == '\u{131}').then_some(c);
        capitals.into_iter().flatten().chain(itself)
    });
    upper.flat_map(|c| c.to_lowercase())
}

fn is_dot_atom(local: &str) -> bool {
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character))
}

fn is_atom_character(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    } else {
        // By characters that show nothing two addresses would look the same.
        !c.is_whitespace() && !is_control_or_bidi(c) && !is_invisible(c)
    }
}

fn normalise_domain(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let top_is_name = labels
        .last()
        .is_some_and(|top| top.len() >= 2 && top.chars().any(|c| c.is_ascii_alphabetic()));
    let labels_hold = labels
        .iter()
        .all(|label| !label.is_empty() && label.len() <= 63);
    (labels.len() >= 2 && labels_hold && top_is_name && ascii.len() <= 253).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ViolationCode {
        EmailAddress::parse(text).unwrap_err().code
    }

    #[test]
    fn s28_variants_of_one_mailbox_are_one_address() {
        let pairs = [
            ("Ada@Example.COM", "ada@example.com"),
            (" ada@example.com ", "ada@example.com"),
            ("ada@b\u{00FC}cher.example", "ada@xn--bcher-kva.example"),
            ("ada@BU\u{0308}CHER.example", "ada@xn--bcher-kva.example"),
            ("\u{FF21}da@example.com", "ada@example.com"),
            ("ada@example\u{3002}com", "ada@example.com"),
            ("re\u{0301}mi@example.com", "r\u{00E9}mi@example.com"),
            (
                "\u{039F}\u{03A3}@example.com",
                "\u{03BF}\u{03C3}@example.com",
            ),
            (
                "\u{03BF}\u{03C2}@example.com",
                "\u{03BF}\u{03C3}@example.com",
            ),
            ("stra\u{00DF}e@example.com", "strasse@example.com"),
            ("STRA\u{1E9E}E@example.com", "strasse@example.com"),
            ("m\u{0131}ke@example.com", "m\u{0131}ke@example.com"),
        ];
        for (variant, normalised) in pairs {
            assert_eq!(
                EmailAddress::parse(variant).unwrap().normalised(),
                normalised,
                "{variant}"
            );
        }
    }

    #[test]
    fn the_given_form_is_kept() {
        assert_eq!(
            EmailAddress::parse(" Ada@Example.com").unwrap().as_given(),
            "Ada@Example.com"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "ada",
            "@example.com",
            "ada@",
            "ada@localhost",
            "a..b@example.com",
            ".a@example.com",
            "a.@example.com",
            "a b@example.com",
            "\"a b\"@example.com",
            "a@b@example.com",
            "ada@example.com\r\nBcc: x@y.z",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@-a.com",
            "ada@a_b.com",
            "ada@example..com",
            "ada@example.com.",
            "a\u{200B}b@example.com",
            "a\u{202E}b@example.com",
            "<ada@example.com>",
            "ada@example.c",
        ] {
            assert_eq!(code(bad), ViolationCode::InvalidEmail, "{bad:?}");
        }
    }

    #[test]
    fn lengths_are_in_octets() {
        assert_eq!(code("  "), ViolationCode::RequiredField);
        assert_eq!(
            code(&format!("{}@example.com", "a".repeat(65))),
            ViolationCode::InvalidLength
        );
        assert!(EmailAddress::parse(&format!("{}@example.com", "a".repeat(64))).is_ok());
        let domain = format!(
            "{}.{}.{}.example.com",
            "a".repeat(63),
            "b".repeat(63),
            "c".repeat(63)
        );
        assert_eq!(
            code(&format!("{}@{domain}", "a".repeat(60))),
            ViolationCode::InvalidLength
        );
    }

    #[test]
    fn debug_output_hides_the_mailbox() {
        let shown = format!("{:?}", EmailAddress::parse("ada@example.com").unwrap());
        assert!(!shown.contains("ada"));
    }
}
