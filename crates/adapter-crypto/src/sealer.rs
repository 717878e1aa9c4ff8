//! Sealing: authenticated encryption of what rests outside the process.

use kogents_domain::digest::{SealPurpose, Sealer, Unsealable};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::keys::{Keys, SealKey, SealKeys};
use crate::random::SystemRandom;

/// The form of the envelope. Another form gets another number.
const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 4;

/// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce and, as associated data, the purpose
/// and the name of the place the bytes rest at.
///
/// An envelope is: version (1 octet), key id (4), nonce (12), ciphertext, tag (16).
///
/// With random nonces one key is good for 2^32 seals; a signup costs three, so that the key has
/// to be changed after some 1.4 thousand million signups.
#[derive(Clone)]
pub struct AeadSealer {
    cache: SealKeys,
    mail: SealKeys,
    token: SealKeys,
    random: SystemRandom,
}

impl AeadSealer {
    /// A sealer with these keys.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        Self {
            cache: keys.seal_cache.clone(),
            mail: keys.seal_mail.clone(),
            token: keys.seal_token.clone(),
            random: SystemRandom::new(),
        }
    }

    const fn keys(&self, purpose: SealPurpose) -> &SealKeys {
        match purpose {
            SealPurpose::PendingSignup => &self.cache,
            SealPurpose::Mail => &self.mail,
            SealPurpose::OneTimeToken => &self.token,
        }
    }
}

impl std::fmt::Debug for AeadSealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AeadSealer(…)")
    }
}

impl Sealer for AeadSealer {
    fn seal(&self, purpose: SealPurpose, name: &[u8], plain: &[u8]) -> Vec<u8> {
        let key = &self.keys(purpose).current;
        let nonce: [u8; NONCE_LEN] = self.random.array();
        let mut body = plain.to_vec();
        #[expect(
            clippy::expect_used,
            reason = "AES-GCM refuses plaintexts above 64 GiB only, which no caller holds"
        )]
        aead(key)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated_data(purpose, name)),
                &mut body,
            )
            .expect("the plaintext is below 64 GiB");
        [&[VERSION][..], &key.id, &nonce, &body].concat()
    }

    fn open(
        &self,
        purpose: SealPurpose,
        name: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, Unsealable> {
        let (version, rest) = sealed.split_first().ok_or(Unsealable)?;
        if *version != VERSION {
            return Err(Unsealable);
        }
        let (id, rest) = rest.split_first_chunk::<KEY_ID_LEN>().ok_or(Unsealable)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Unsealable)?;
        let keys = self.keys(purpose);
        std::iter::once(&keys.current)
            .chain(&keys.previous)
            .filter(|key| key.id == *id)
            .find_map(|key| open_with(key, *nonce, &associated_data(purpose, name), body))
            .ok_or(Unsealable)
    }
}

fn open_with(key: &SealKey, nonce: [u8; NONCE_LEN], data: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    let mut body = body.to_vec();
    let plain = aead(key)
        .open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(data),
            &mut body,
        )
        .ok()?;
    Some(plain.to_vec())
}

fn aead(key: &SealKey) -> LessSafeKey {
    #[expect(
        clippy::expect_used,
        reason = "ring refuses keys of another length only, and the type has 32 octets"
    )]
    let key = UnboundKey::new(&AES_256_GCM, &key.bytes).expect("the key has 32 octets");
    LessSafeKey::new(key)
}

/// Purpose and name with a zero octet between, which no purpose contains.
fn associated_data(purpose: SealPurpose, name: &[u8]) -> Vec<u8> {
    let purpose: &[u8] = match purpose {
        SealPurpose::PendingSignup => b"pending-signup\0",
        SealPurpose::Mail => b"mail\0",
        SealPurpose::OneTimeToken => b"one-time-token\0",
    };
    [purpose, name].concat()
}

#[cfg(test)]
mod tests {
    use kogents_domain::secret::SecretText;
    use proptest::prelude::*;

    use super::*;
    use crate::keys::KeyMaterial;
    use crate::keys::tests::material;

    fn sealer(material: &KeyMaterial) -> AeadSealer {
        AeadSealer::new(&Keys::derive(material))
    }

    #[test]
    fn s9_what_was_sealed_opens_under_its_own_purpose_and_name_only() {
        let sealer = sealer(&material());
        let sealed = sealer.seal(SealPurpose::Mail, b"a", b"secret");
        assert_eq!(
            sealer.open(SealPurpose::Mail, b"a", &sealed).as_deref(),
            Ok(&b"secret"[..])
        );
        assert_eq!(
            sealer.open(SealPurpose::Mail, b"b", &sealed),
            Err(Unsealable)
        );
        assert_eq!(
            sealer.open(SealPurpose::PendingSignup, b"a", &sealed),
            Err(Unsealable)
        );
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn s9_every_altered_octet_is_refused() {
        let sealer = sealer(&material());
        let sealed = sealer.seal(SealPurpose::PendingSignup, b"name", b"plain text");
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut altered = sealed.clone();
                altered[at] ^= 1 << bit;
                assert_eq!(
                    sealer.open(SealPurpose::PendingSignup, b"name", &altered),
                    Err(Unsealable),
                    "octet {at}, bit {bit}"
                );
            }
        }
        for length in 0..sealed.len() {
            assert_eq!(
                sealer.open(SealPurpose::PendingSignup, b"name", &sealed[..length]),
                Err(Unsealable)
            );
        }
    }

    #[test]
    fn s9_the_same_plaintext_is_never_the_same_ciphertext() {
        let sealer = sealer(&material());
        assert_ne!(
            sealer.seal(SealPurpose::Mail, b"n", b"p"),
            sealer.seal(SealPurpose::Mail, b"n", b"p")
        );
    }

    #[test]
    fn s9_the_previous_key_still_opens_and_seals_nothing() {
        let old = material();
        let mut new = material();
        new.encryption_key = SecretText::new("the encryption key after the change");
        new.previous_encryption_key = Some(old.encryption_key.clone());
        let sealed = sealer(&old).seal(SealPurpose::Mail, b"n", b"p");
        assert_eq!(
            sealer(&new)
                .open(SealPurpose::Mail, b"n", &sealed)
                .as_deref(),
            Ok(&b"p"[..])
        );
        let resealed = sealer(&new).seal(SealPurpose::Mail, b"n", b"p");
        assert_eq!(
            sealer(&old).open(SealPurpose::Mail, b"n", &resealed),
            Err(Unsealable)
        );
        new.previous_encryption_key = None;
        assert_eq!(
            sealer(&new).open(SealPurpose::Mail, b"n", &sealed),
            Err(Unsealable)
        );
    }

    proptest! {
        #[test]
        fn s9_arbitrary_octets_never_open_and_never_panic(octets: Vec<u8>, name: Vec<u8>) {
            let sealer = sealer(&material());
            prop_assert_eq!(sealer.open(SealPurpose::Mail, &name, &octets), Err(Unsealable));
            // Also with a head that leads as far as decryption.
            let head = sealer.seal(SealPurpose::Mail, &name, b"")[..5].to_vec();
            let forged = [head, octets].concat();
            prop_assert_eq!(sealer.open(SealPurpose::Mail, &name, &forged), Err(Unsealable));
        }

        #[test]
        fn s9_any_octets_come_back(plain: Vec<u8>, name: Vec<u8>) {
            let sealer = sealer(&material());
            let sealed = sealer.seal(SealPurpose::PendingSignup, &name, &plain);
            prop_assert_eq!(sealer.open(SealPurpose::PendingSignup, &name, &sealed), Ok(plain));
        }
    }
}
