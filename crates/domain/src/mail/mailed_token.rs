//! The secret that a mailed link carries.

use serde::{Deserialize, Serialize};

use crate::random::SecureRandom;
use crate::secret::SecretText;
use crate::violation::Violation;

/// `kgm_` and 43 base64url characters of 256 random bits. The store keeps its digest, and the
/// queue the sealed letter that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailedToken(SecretText);

impl MailedToken {
    /// A fresh token.
    #[must_use]
    pub fn generate(random: &dyn SecureRandom) -> Self {
        Self(SecretText::generate("kgm_", random))
    }

    /// Reads what a client sent.
    ///
    /// # Errors
    /// See [`SecretText::parse_sent`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        SecretText::parse_sent(text).map(Self)
    }

    /// The token, to put into the link or to make its digest.
    #[must_use]
    pub const fn secret(&self) -> &SecretText {
        &self.0
    }
}
