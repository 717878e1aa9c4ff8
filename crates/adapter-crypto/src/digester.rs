//! Digests: plain where the secret is random, keyed where it can be guessed.

use kogents_domain::auth::EmailAddress;
use kogents_domain::digest::{Digest, Digester};
use kogents_domain::ids::SessionId;
use kogents_domain::secret::SecretText;
use kogents_domain::session::FingerprintParts;
use kogents_domain::signup::OtpCode;
use ring::{digest, hmac};

use crate::keys::Keys;

/// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104).
///
/// A tag is over a label that names what it is for and its parts, each after its length, so that
/// no two different inputs are the same bytes.
#[derive(Debug, Clone)]
pub struct HmacDigester {
    handle: hmac::Key,
    refresh: hmac::Key,
    digests: hmac::Key,
    fingerprint: hmac::Key,
}

impl HmacDigester {
    /// A digester with these keys.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        Self {
            handle: keys.handle.clone(),
            refresh: keys.refresh.clone(),
            digests: keys.digests.clone(),
            fingerprint: keys.fingerprint.clone(),
        }
    }
}

impl Digester for HmacDigester {
    fn random_secret(&self, secret: &SecretText) -> Digest {
        let digest = digest::digest(&digest::SHA256, secret.expose().as_bytes());
        to_digest(digest.as_ref())
    }

    fn signup_code(&self, signup: &Digest, address: &EmailAddress, code: &OtpCode) -> Digest {
        tag(
            &self.digests,
            "signup-code",
            &[
                signup.as_bytes(),
                address.normalised().as_bytes(),
                code.expose().as_bytes(),
            ],
        )
    }

    fn address(&self, address: &EmailAddress) -> Digest {
        tag(&self.digests, "address", &[address.normalised().as_bytes()])
    }

    fn refresh_token_id(&self, session: SessionId, generation: u32) -> Digest {
        tag(
            &self.refresh,
            "refresh-token-id",
            &[session.as_uuid().as_bytes(), &generation.to_be_bytes()],
        )
    }

    fn session_handle(&self, session: SessionId) -> Digest {
        tag(
            &self.handle,
            "session-handle",
            &[session.as_uuid().as_bytes()],
        )
    }

    fn device_fingerprint(&self, parts: &FingerprintParts) -> Digest {
        // The key serves nothing else, so the list needs no label.
        tag_of(&self.fingerprint, &parts.as_list())
    }
}

fn tag(key: &hmac::Key, label: &str, parts: &[&[u8]]) -> Digest {
    let labelled: Vec<&[u8]> = std::iter::once(label.as_bytes())
        .chain(parts.iter().copied())
        .collect();
    tag_of(key, &labelled)
}

fn tag_of(key: &hmac::Key, parts: &[&[u8]]) -> Digest {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        context.update(&length.to_be_bytes());
        context.update(part);
    }
    to_digest(context.sign().as_ref())
}

fn to_digest(bytes: &[u8]) -> Digest {
    let mut digest = [0; 32];
    // Both functions give 32 octets.
    for (to, from) in digest.iter_mut().zip(bytes) {
        *to = *from;
    }
    Digest::from_bytes(digest)
}

#[cfg(test)]
mod tests {
    use kogents_domain::auth::Language;
    use kogents_domain::ids::UserId;
    use kogents_domain::session::{Device, DeviceFingerprint, DeviceType};

    use super::*;
    use crate::keys::tests::material;

    fn digester() -> HmacDigester {
        HmacDigester::new(&Keys::derive(&material()))
    }

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn code(text: &str) -> OtpCode {
        OtpCode::parse(text).unwrap()
    }

    fn session() -> SessionId {
        SessionId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap()
    }

    fn hex(digest: &Digest) -> String {
        digest
            .as_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect()
    }

    #[test]
    fn random_secrets_get_plain_sha256() {
        assert_eq!(
            hex(&digester().random_secret(&SecretText::new("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn s1_a_code_is_bound_to_its_signup_and_address() {
        let digester = digester();
        let a = Digest::from_bytes([1; 32]);
        let b = Digest::from_bytes([2; 32]);
        let ada = address("ada@example.com");
        let own = digester.signup_code(&a, &ada, &code("123456"));
        assert_eq!(
            own,
            digester.signup_code(&a, &address("ADA@example.com"), &code("123456"))
        );
        for other in [
            digester.signup_code(&b, &ada, &code("123456")),
            digester.signup_code(&a, &address("bob@example.com"), &code("123456")),
            digester.signup_code(&a, &ada, &code("123457")),
        ] {
            assert_ne!(own, other);
        }
    }

    #[test]
    fn s5_digests_of_what_can_be_guessed_depend_on_the_key() {
        let ours = digester();
        let mut other = material();
        other.secret_key = Some(SecretText::new("another secret key"));
        let theirs = HmacDigester::new(&Keys::derive(&other));
        let ada = address("ada@example.com");
        let signup = Digest::from_bytes([1; 32]);
        assert_ne!(ours.address(&ada), theirs.address(&ada));
        assert_ne!(
            ours.signup_code(&signup, &ada, &code("123456")),
            theirs.signup_code(&signup, &ada, &code("123456"))
        );
        assert_ne!(
            ours.session_handle(session()),
            theirs.session_handle(session())
        );
        assert_ne!(
            ours.refresh_token_id(session(), 0),
            theirs.refresh_token_id(session(), 0)
        );
    }

    #[test]
    fn generations_of_a_refresh_token_have_distinct_ids() {
        let digester = digester();
        assert_ne!(
            digester.refresh_token_id(session(), 0),
            digester.refresh_token_id(session(), 1)
        );
        assert_eq!(
            digester.refresh_token_id(session(), 7),
            digester.refresh_token_id(session(), 7)
        );
    }

    fn parts(user: &str, model: &str) -> FingerprintParts {
        let device = Device {
            device_type: DeviceType::Mobile,
            device_name: "Chrome on Android".to_owned(),
            browser_name: Some("Chrome".to_owned()),
            browser_version: Some("131.0".to_owned()),
            os_name: Some("Android".to_owned()),
            os_version: Some("15".to_owned()),
            device_brand: None,
            device_model: Some(model.to_owned()),
            is_bot: false,
        };
        let language = Language::parse("pt-BR").unwrap();
        FingerprintParts::of(UserId::parse(user).unwrap(), &device, Some(&language))
    }

    const ADA: &str = "0192f3c0-1111-7abc-8def-0123456789ab";
    const BOB: &str = "0192f3c0-1111-7abc-8def-0123456789ac";

    #[test]
    fn a_fingerprint_is_the_known_answer() {
        // Computed with Python's hmac and hashlib: HKDF-SHA-256 from the secret key below with
        // the salt "kogents secret-key" and the info "kogents v1 fingerprint", then HMAC-SHA-256
        // over the six parts, each after its length in eight octets, big-endian.
        let mut known = material();
        known.secret_key = Some(SecretText::new("a secret key of the tests"));
        let digester = HmacDigester::new(&Keys::derive(&known));
        assert_eq!(
            DeviceFingerprint::of(&parts(ADA, "Pixel 9"), &digester).as_str(),
            "fp1_FIVUzBBFNwzgpF7JRS3Hfg"
        );
    }

    #[test]
    fn fingerprints_are_stable_and_shared_by_nobody() {
        let ours = digester();
        let of = |parts: &FingerprintParts| DeviceFingerprint::of(parts, &ours);
        let own = of(&parts(ADA, "Pixel 9"));
        assert_eq!(own, of(&parts(ADA, "Pixel 9")));
        assert_eq!(DeviceFingerprint::parse(own.as_str()).as_ref(), Some(&own));
        assert_ne!(own, of(&parts(BOB, "Pixel 9")));
        assert_ne!(own, of(&parts(ADA, "Pixel 8")));
        let mut other = material();
        other.secret_key = Some(SecretText::new("another secret key"));
        let theirs = HmacDigester::new(&Keys::derive(&other));
        assert_ne!(own, DeviceFingerprint::of(&parts(ADA, "Pixel 9"), &theirs));
    }

    #[test]
    fn where_one_part_ends_and_the_next_begins_counts() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        assert_ne!(
            tag(&key, "l", &[b"ab", b"c"]),
            tag(&key, "l", &[b"a", b"bc"])
        );
        assert_ne!(tag(&key, "l", &[b"ab"]), tag(&key, "la", &[b"b"]));
        assert_ne!(tag(&key, "l", &[b""]), tag(&key, "l", &[]));
    }
}
