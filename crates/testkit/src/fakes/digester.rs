//! Digests without a key.

use kogents_domain::auth::EmailAddress;
use kogents_domain::digest::{Digest, Digester};
use kogents_domain::ids::SessionId;
use kogents_domain::secret::SecretText;
use kogents_domain::session::FingerprintParts;
use kogents_domain::signup::OtpCode;

use crate::builders::digest_of;

/// Digests that depend on all they are asked to, and on nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeDigester;

impl Digester for FakeDigester {
    fn random_secret(&self, secret: &SecretText) -> Digest {
        digest_of(("random secret", secret.expose()))
    }

    fn signup_code(&self, signup: &Digest, address: &EmailAddress, code: &OtpCode) -> Digest {
        digest_of(("signup code", signup, address.normalised(), code.expose()))
    }

    fn address(&self, address: &EmailAddress) -> Digest {
        digest_of(("address", address.normalised()))
    }

    fn refresh_token_id(&self, session: SessionId, generation: u32) -> Digest {
        digest_of(("refresh token id", session, generation))
    }

    fn session_handle(&self, session: SessionId) -> Digest {
        digest_of(("session handle", session))
    }

    fn device_fingerprint(&self, parts: &FingerprintParts) -> Digest {
        digest_of(("device fingerprint", parts.as_list()))
    }
}
