//! The bearer secret of a signup (`sessionId` on the wire).

use crate::random::SecureRandom;
use crate::secret::SecretText;
use crate::violation::Violation;

/// `sgn_` and 43 base64url characters of 256 random bits. The cache keeps its digest only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignupToken(SecretText);

impl SignupToken {
    /// A fresh token.
    #[must_use]
    pub fn generate(random: &dyn SecureRandom) -> Self {
        Self(SecretText::generate("sgn_", random))
    }

    /// Reads what a client sent.
    ///
    /// # Errors
    /// See [`SecretText::parse_sent`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        SecretText::parse_sent(text).map(Self)
    }

    /// The token, to hand to the client or to make its digest.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }
}
