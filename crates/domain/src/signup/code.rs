//! The one-time code that proves an address.

use serde::{Deserialize, Serialize};

use crate::random::SecureRandom;
use crate::secret::SecretText;
use crate::violation::Violation;

/// Six decimal digits, leading zeros kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OtpCode(SecretText);

impl OtpCode {
    /// How many codes there are.
    const COUNT: u32 = 1_000_000;

    /// A fresh code, every one equally likely.
    #[must_use]
    pub fn generate(random: &dyn SecureRandom) -> Self {
        Self(SecretText::new(format!("{:06}", random.below(Self::COUNT))))
    }

    /// Reads a code: exactly six ASCII digits.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, else `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.trim().is_empty() {
            return Err(Violation::required());
        }
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(SecretText::new(text)))
        } else {
            Err(Violation::format("must be six digits"))
        }
    }

    /// The digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u32);

    impl SecureRandom for Fixed {
        fn bytes_32(&self) -> [u8; 32] {
            [0; 32]
        }
        fn below(&self, bound: u32) -> u32 {
            assert_eq!(bound, 1_000_000);
            self.0
        }
    }

    #[test]
    fn s4_leading_zeros_are_kept() {
        assert_eq!(OtpCode::generate(&Fixed(42)).expose(), "000042");
        assert_eq!(OtpCode::generate(&Fixed(999_999)).expose(), "999999");
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        assert!(OtpCode::parse("000000").is_ok());
        for bad in [
            "12345",
            "1234567",
            "12345a",
            " 12345",
            "１２３４５６",
            "-12345",
        ] {
            assert!(OtpCode::parse(bad).is_err(), "{bad}");
        }
    }
}
