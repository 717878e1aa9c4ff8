//! Asks whether a new password is strong enough, when nothing else is done with it.

use std::sync::Arc;

use kogents_domain::auth::{HashError, NewPassword, PasswordStrength};

/// Judges a new password on its own, so that a form with several faults names them all at once.
pub struct AssessPassword {
    /// The strength meter.
    pub strength: Arc<dyn PasswordStrength>,
}

impl AssessPassword {
    /// Whether the password is strong enough among these words.
    ///
    /// # Errors
    /// See [`HashError`].
    pub async fn run(
        &self,
        password: &NewPassword,
        context: Vec<String>,
    ) -> Result<bool, HashError> {
        self.strength.is_strong(password, context).await
    }
}
