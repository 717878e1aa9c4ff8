//! What the parts are given: secrets that guard nothing, and ids.

use kogents_adapter_crypto::{KeyMaterial, SystemIds};
use kogents_domain::ids::{IdGenerator as _, SessionId, UserId, WorkspaceId};
use kogents_domain::secret::SecretText;

/// Secrets that guard nothing.
pub(crate) fn secrets() -> KeyMaterial {
    KeyMaterial {
        encryption_key: SecretText::new("an encryption key that guards nothing at all"),
        encryption_salt: SecretText::new("a salt that guards nothing at all"),
        previous_encryption_key: None,
        secret_key: None,
        jwt_secret: SecretText::new("an access token secret that guards nothing at all"),
        jwt_secret_previous: None,
        jwt_refresh_secret: SecretText::new("a refresh token secret that guards nothing"),
        jwt_refresh_secret_previous: None,
    }
}

/// A person, a session of theirs, and where it is.
pub(crate) fn ids() -> (UserId, SessionId, WorkspaceId) {
    let ids = SystemIds::default();
    (
        UserId::from_uuid(ids.next()),
        SessionId::from_uuid(ids.next()),
        WorkspaceId::from_uuid(ids.next()),
    )
}
