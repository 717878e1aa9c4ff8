//! A telephone number.

use serde::{Deserialize, Serialize};

use crate::violation::Violation;

/// A telephone number in the international form (ITU-T E.164): `+`, then 2 to 15 digits of which
/// the first is not 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number, trimmed. Spaces, hyphens and brackets within are not taken: which digits
    /// are meant would be a guess.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, else `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        let digits = text.strip_prefix('+').unwrap_or_default();
        let is_number = (2..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if is_number {
            Ok(Self(text.to_owned()))
        } else {
            Err(Violation::format(
                "must be a telephone number such as +4930123456",
            ))
        }
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;

    #[test]
    fn numbers_are_international() {
        for good in ["+4930123456", " +12 ", "+123456789012345"] {
            assert_eq!(PhoneNumber::parse(good).unwrap().as_str(), good.trim());
        }
        for bad in [
            "030123456",
            "+0301234",
            "+1",
            "+1234567890123456",
            "+49 30 123",
            "+49\u{664}30",
            "++49",
            "+",
        ] {
            let code = PhoneNumber::parse(bad).unwrap_err().code;
            assert_eq!(code, ViolationCode::InvalidFormat, "{bad}");
        }
        let code = PhoneNumber::parse(" ").unwrap_err().code;
        assert_eq!(code, ViolationCode::RequiredField);
    }
}
