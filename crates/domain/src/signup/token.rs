//! The bearer secret of a signup (`sessionId` on the wire).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::random::SecureRandom;
use crate::secret::SecretText;
use crate::violation::Violation;

const MAX_CHARACTERS: usize = 128;

/// `sgn_` and 43 base64url characters of 256 random bits. The cache keeps its digest only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignupToken(SecretText);

impl SignupToken {
    /// A fresh token.
    #[must_use]
    pub fn generate(random: &dyn SecureRandom) -> Self {
        let encoded = URL_SAFE_NO_PAD.encode(random.bytes_32());
        Self(SecretText::new(format!("sgn_{encoded}")))
    }

    /// Reads what a client sent. Text of another form is not a violation: it names no signup,
    /// and is answered like any unknown one.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, `INVALID_LENGTH` above 128 characters.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        if text.chars().count() > MAX_CHARACTERS {
            return Err(Violation::too_long(MAX_CHARACTERS));
        }
        Ok(Self(SecretText::new(text)))
    }

    /// The token, to hand to the client or to make its digest.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }
}
