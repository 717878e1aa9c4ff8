//! The keys: what is configured, and what is derived from it for each purpose.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::secret::SecretText;
use ring::hkdf;
use ring::hmac;

use crate::jwt::JwtSecrets;

/// The configured secrets, as they are.
#[derive(Debug, Clone)]
pub struct KeyMaterial {
    /// `REDIS_ENCRYPTION_KEY`: seals what rests in the cache and in the mail queue.
    pub encryption_key: SecretText,
    /// `REDIS_ENCRYPTION_SALT`.
    pub encryption_salt: SecretText,
    /// `REDIS_ENCRYPTION_KEY_PREVIOUS`: opens what was sealed before the key was changed.
    pub previous_encryption_key: Option<SecretText>,
    /// `SECRET_KEY`: handles, refresh ids, digests and fingerprints. None: derived from the two above.
    pub secret_key: Option<SecretText>,
    /// `JWT_SECRET`.
    pub jwt_secret: SecretText,
    /// `JWT_SECRET_PREVIOUS`: still verifies.
    pub jwt_secret_previous: Option<SecretText>,
    /// `JWT_REFRESH_SECRET`.
    pub jwt_refresh_secret: SecretText,
    /// `JWT_REFRESH_SECRET_PREVIOUS`: still verifies.
    pub jwt_refresh_secret_previous: Option<SecretText>,
}

impl KeyMaterial {
    /// The `SECRET_KEY` in force: the configured one, or the text that is derived in its place.
    /// Setting the variable to this text changes nothing, which is how it is pinned before the
    /// encryption key is changed.
    #[must_use]
    pub fn effective_secret_key(&self) -> SecretText {
        self.secret_key.clone().unwrap_or_else(|| {
            let root = extract(&self.encryption_salt, &self.encryption_key);
            SecretText::new(URL_SAFE_NO_PAD.encode(expand::<32>(&root, "secret-key")))
        })
    }

    /// The secrets of the access tokens.
    #[must_use]
    pub fn access_secrets(&self) -> JwtSecrets {
        JwtSecrets::new(&self.jwt_secret, self.jwt_secret_previous.as_ref())
    }

    /// The secrets of the refresh tokens.
    #[must_use]
    pub fn refresh_secrets(&self) -> JwtSecrets {
        JwtSecrets::new(
            &self.jwt_refresh_secret,
            self.jwt_refresh_secret_previous.as_ref(),
        )
    }
}

/// The derived keys: one for each purpose, by HKDF-SHA-256 (RFC 5869), so that none can stand in
/// for another and none tells of the secret it came from.
#[derive(Clone)]
pub struct Keys {
    pub(crate) seal_cache: SealKeys,
    pub(crate) seal_mail: SealKeys,
    pub(crate) seal_token: SealKeys,
    pub(crate) handle: hmac::Key,
    pub(crate) refresh: hmac::Key,
    pub(crate) digests: hmac::Key,
    pub(crate) fingerprint: hmac::Key,
}

/// The keys that seal for one purpose: the present one seals and opens, the previous one opens.
#[derive(Clone)]
pub(crate) struct SealKeys {
    pub(crate) current: SealKey,
    pub(crate) previous: Option<SealKey>,
}

/// A sealing key and the id that sealed bytes name it by.
#[derive(Clone)]
pub(crate) struct SealKey {
    pub(crate) id: [u8; 4],
    pub(crate) bytes: [u8; 32],
}

impl Keys {
    /// Derives every key.
    #[must_use]
    pub fn derive(material: &KeyMaterial) -> Self {
        let current = extract(&material.encryption_salt, &material.encryption_key);
        let previous = material
            .previous_encryption_key
            .as_ref()
            .map(|key| extract(&material.encryption_salt, key));
        let secret = extract(
            &SecretText::new("kogents secret-key"),
            &material.effective_secret_key(),
        );
        let hmac_key = |purpose| hmac::Key::new(hmac::HMAC_SHA256, &expand::<32>(&secret, purpose));
        Self {
            seal_cache: SealKeys::derive(&current, previous.as_ref(), "seal-cache"),
            seal_mail: SealKeys::derive(&current, previous.as_ref(), "seal-mail"),
            seal_token: SealKeys::derive(&current, previous.as_ref(), "seal-token"),
            handle: hmac_key("handle"),
            refresh: hmac_key("refresh"),
            digests: hmac_key("digests"),
            fingerprint: hmac_key("fingerprint"),
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl SealKeys {
    fn derive(current: &hkdf::Prk, previous: Option<&hkdf::Prk>, purpose: &str) -> Self {
        let key = |root: &hkdf::Prk| SealKey {
            id: expand(root, &format!("{purpose} key-id")),
            bytes: expand(root, purpose),
        };
        Self {
            current: key(current),
            previous: previous.map(key),
        }
    }
}

pub(crate) fn extract(salt: &SecretText, secret: &SecretText) -> hkdf::Prk {
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt.expose().as_bytes()).extract(secret.expose().as_bytes())
}

/// A length for ring's HKDF.
struct Octets(usize);

impl hkdf::KeyType for Octets {
    fn len(&self) -> usize {
        self.0
    }
}

pub(crate) fn expand<const N: usize>(root: &hkdf::Prk, purpose: &str) -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "HKDF refuses more than 8,160 octets only (RFC 5869), and a length that differs from the one asked for"
    )]
    root.expand(&[b"kogents v1 ", purpose.as_bytes()], Octets(N))
        .and_then(|okm| okm.fill(&mut bytes))
        .expect("a key is shorter than what HKDF gives");
    bytes
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Secrets for tests.
    pub(crate) fn material() -> KeyMaterial {
        KeyMaterial {
            encryption_key: SecretText::new("an encryption key of the tests, long enough"),
            encryption_salt: SecretText::new("a salt of the tests"),
            previous_encryption_key: None,
            secret_key: None,
            jwt_secret: SecretText::new("an access token secret of the tests, long enough"),
            jwt_secret_previous: None,
            jwt_refresh_secret: SecretText::new("a refresh token secret of the tests, long"),
            jwt_refresh_secret_previous: None,
        }
    }

    fn tag(key: &hmac::Key) -> Vec<u8> {
        hmac::sign(key, b"probe").as_ref().to_vec()
    }

    #[test]
    fn every_purpose_has_a_key_of_its_own() {
        let keys = Keys::derive(&material());
        let tags = BTreeSet::from([
            tag(&keys.handle),
            tag(&keys.refresh),
            tag(&keys.digests),
            tag(&keys.fingerprint),
        ]);
        assert_eq!(tags.len(), 4);
        let seals = [&keys.seal_cache, &keys.seal_mail, &keys.seal_token];
        let octets = BTreeSet::from(seals.map(|seal| seal.current.bytes));
        let ids = BTreeSet::from(seals.map(|seal| seal.current.id));
        assert_eq!((octets.len(), ids.len()), (3, 3));
    }

    #[test]
    fn expansion_is_that_of_rfc_5869() {
        // Appendix A.1 of RFC 5869, without our label.
        let root =
            hkdf::Salt::new(hkdf::HKDF_SHA256, &(0..=12).collect::<Vec<u8>>()).extract(&[0x0b; 22]);
        let mut okm = [0; 42];
        root.expand(&[&(0xf0..=0xf9).collect::<Vec<u8>>()], Octets(okm.len()))
            .unwrap()
            .fill(&mut okm)
            .unwrap();
        assert_eq!(okm[..4], [0x3c, 0xb2, 0x5f, 0x25]);
        assert_eq!(
            okm[32..],
            [0x34, 0x00, 0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65]
        );
    }

    #[test]
    fn pinning_the_derived_secret_key_changes_nothing() {
        let unpinned = material();
        let mut pinned = material();
        pinned.secret_key = Some(unpinned.effective_secret_key());
        assert_eq!(
            tag(&Keys::derive(&unpinned).refresh),
            tag(&Keys::derive(&pinned).refresh)
        );
        pinned.encryption_key = SecretText::new("another encryption key");
        assert_eq!(
            tag(&Keys::derive(&unpinned).handle),
            tag(&Keys::derive(&pinned).handle)
        );
        let mut moved = material();
        moved.encryption_key = SecretText::new("another encryption key");
        assert_ne!(
            tag(&Keys::derive(&unpinned).handle),
            tag(&Keys::derive(&moved).handle)
        );
    }

    #[test]
    fn s5_keys_do_not_show_in_debug_output() {
        let shown = format!("{:?} {:?}", material(), Keys::derive(&material()));
        assert!(!shown.contains("of the tests"), "{shown}");
    }
}
