//! Text that must not be seen: it has no `Display`, and its `Debug` says nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::random::SecureRandom;
use crate::violation::Violation;

/// The longest bearer secret that is looked at, in characters.
const MAX_SENT: usize = 128;

/// A secret text. Logs, errors and debug output show `[redacted]`; whoever needs it says so by
/// calling [`SecretText::expose`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Takes a text into keeping.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A bearer secret: a prefix that says what it is, and 43 base64url characters of 256 random
    /// bits.
    #[must_use]
    pub fn generate(prefix: &str, random: &dyn SecureRandom) -> Self {
        let encoded = URL_SAFE_NO_PAD.encode(random.bytes_32());
        Self(format!("{prefix}{encoded}"))
    }

    /// Reads a bearer secret that a client sent, trimmed. Text of another form is not a violation:
    /// it is the secret of nothing, and is answered like any unknown one.
    ///
    /// # Errors
    /// `REQUIRED_FIELD` when empty, `INVALID_LENGTH` above 128 characters.
    pub fn parse_sent(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        if text.chars().count() > MAX_SENT {
            return Err(Violation::too_long(MAX_SENT));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show() {
        assert_eq!(format!("{:?}", SecretText::new("hunter2")), "[redacted]");
    }
}
