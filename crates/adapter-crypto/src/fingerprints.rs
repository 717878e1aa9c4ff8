//! Tells whether two servers have the same secrets, without telling the secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::secret::SecretText;
use ring::hmac;

use crate::keys::{KeyMaterial, expand, extract};

/// What every tag is over: what matters is the key.
const TEXT: &[u8] = b"kogents: the same secret";

/// A tag for each secret that data, sign-ins or tokens depend on: HMAC-SHA-256 over a text that is
/// always the same, by a key derived from the secret for this purpose alone. Equal tags are of equal
/// secrets; a secret of 128 random bits cannot be found from its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFingerprints {
    /// Of `REDIS_ENCRYPTION_KEY`.
    pub encryption_key: String,
    /// Of `REDIS_ENCRYPTION_SALT`.
    pub encryption_salt: String,
    /// Of the `SECRET_KEY` in force, also where it is derived.
    pub secret_key: String,
    /// Of `JWT_SECRET`.
    pub jwt_secret: String,
    /// Of `JWT_REFRESH_SECRET`.
    pub jwt_refresh_secret: String,
}

impl SecretFingerprints {
    /// The tags of a server's secrets. The previous ones, which only bridge a change, have none.
    #[must_use]
    pub fn of(material: &KeyMaterial) -> Self {
        Self {
            encryption_key: tag("encryption-key", &material.encryption_key),
            encryption_salt: tag("encryption-salt", &material.encryption_salt),
            secret_key: tag("secret-key", &material.effective_secret_key()),
            jwt_secret: tag("jwt-secret", &material.jwt_secret),
            jwt_refresh_secret: tag("jwt-refresh-secret", &material.jwt_refresh_secret),
        }
    }
}

fn tag(purpose: &str, secret: &SecretText) -> String {
    let root = extract(&SecretText::new("kogents fingerprint"), secret);
    let key = expand::<32>(&root, &format!("fingerprint {purpose}"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, TEXT))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::keys::tests::material;

    #[test]
    fn only_the_secret_that_differs_has_another_tag() {
        let ours = SecretFingerprints::of(&material());
        assert_eq!(SecretFingerprints::of(&material()), ours);
        let mut other = material();
        other.jwt_secret = SecretText::new("another access token secret");
        let other = SecretFingerprints::of(&other);
        assert_ne!(other.jwt_secret, ours.jwt_secret);
        let jwt_secret = ours.jwt_secret.clone();
        assert_eq!(
            SecretFingerprints {
                jwt_secret,
                ..other
            },
            ours
        );
    }

    #[test]
    fn the_secret_key_counts_as_it_is_in_force() {
        let ours = SecretFingerprints::of(&material());
        let mut pinned = material();
        pinned.secret_key = Some(material().effective_secret_key());
        assert_eq!(SecretFingerprints::of(&pinned), ours);
    }

    #[test]
    fn s5_a_tag_tells_neither_the_secret_nor_that_two_variables_have_one() {
        let mut same = material();
        same.jwt_secret = same.encryption_key.clone();
        same.jwt_refresh_secret = same.encryption_key.clone();
        let tags = SecretFingerprints::of(&same);
        let distinct = BTreeSet::from([
            &tags.encryption_key,
            &tags.encryption_salt,
            &tags.secret_key,
            &tags.jwt_secret,
            &tags.jwt_refresh_secret,
        ]);
        assert_eq!(distinct.len(), 5);
        let digest = ring::digest::digest(
            &ring::digest::SHA256,
            same.encryption_key.expose().as_bytes(),
        );
        assert!(!distinct.contains(&URL_SAFE_NO_PAD.encode(digest)));
        assert!(distinct.iter().all(|tag| !tag.contains("of the tests")));
    }
}
