//! The secrets of one kind of token.

use kogents_domain::secret::SecretText;

/// A secret to sign and verify with, and perhaps the one before it, which still verifies.
#[derive(Debug, Clone)]
pub struct JwtSecrets {
    pub(super) current: SecretText,
    pub(super) previous: Option<SecretText>,
}

impl JwtSecrets {
    /// The secrets of one kind of token.
    #[must_use]
    pub fn new(current: &SecretText, previous: Option<&SecretText>) -> Self {
        Self {
            current: current.clone(),
            previous: previous.cloned(),
        }
    }
}
