//! Digests and tags, and the ports that make and keep them.

use crate::auth::EmailAddress;
use crate::ids::SessionId;
use crate::secret::SecretText;
use crate::session::FingerprintParts;
use crate::signup::OtpCode;

/// A SHA-256 digest or an HMAC-SHA-256 tag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// Makes the digests that rest in stores and caches in place of secrets.
///
/// What has 128 random bits or more needs no key (plain SHA-256); codes and addresses, which can
/// be guessed, get an HMAC with a key that no store holds.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Digester: Send + Sync {
    /// SHA-256 of a secret that has at least 128 random bits (tokens, signup session ids).
    fn random_secret(&self, secret: &SecretText) -> Digest;

    /// Keyed digest of a one-time code, bound to the signup session, the address and the purpose
    /// it was made for: the same code mailed for another signup has another digest.
    fn signup_code(&self, signup: &Digest, address: &EmailAddress, code: &OtpCode) -> Digest;

    /// Keyed digest of an address's normalised form, to count by without keeping the address.
    fn address(&self, address: &EmailAddress) -> Digest;

    /// The identifier (`jti`) of a session's refresh token of one generation: derived, so that
    /// minting again gives the same token. 32 bytes.
    fn refresh_token_id(&self, session: SessionId, generation: u32) -> Digest;

    /// Keyed tag over a session's id, of which the handle (`sessionToken`) carries 128 bits.
    fn session_handle(&self, session: SessionId) -> Digest;

    /// Keyed tag over what makes two devices of a person one and the same, of which a
    /// [`DeviceFingerprint`](crate::session::DeviceFingerprint) carries 128 bits. The key is this
    /// purpose's own: who has the stored fingerprints and not the key can link nobody by them.
    fn device_fingerprint(&self, parts: &FingerprintParts) -> Digest;
}

/// What sealed bytes are for. Bytes sealed for one purpose do not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealPurpose {
    /// A pending signup in the cache.
    PendingSignup,
    /// A mail job's letter in the outbox.
    Mail,
    /// What a mailed token is about, beside its digest.
    OneTimeToken,
}

/// Sealed bytes did not open: altered, moved under another name, or sealed with a key that is
/// gone. Callers treat the entry as unreadable and delete nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed data does not open")]
pub struct Unsealable;

/// Seals what must rest outside the process: authenticated encryption, with the place the bytes
/// rest at bound in, so that ciphertexts cannot be swapped.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Sealer: Send + Sync {
    /// Seals `plain` for a purpose and a name (the cache key's or the row's id).
    fn seal(&self, purpose: SealPurpose, name: &[u8], plain: &[u8]) -> Vec<u8>;

    /// Opens what was sealed for the same purpose and name.
    ///
    /// # Errors
    /// [`Unsealable`] for anything else.
    fn open(&self, purpose: SealPurpose, name: &[u8], sealed: &[u8])
    -> Result<Vec<u8>, Unsealable>;
}
