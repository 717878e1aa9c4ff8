//! Single values: moments, ids, addresses, digests.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::auth::EmailAddress;
use kogents_domain::digest::Digest;
use kogents_domain::session::DeviceFingerprint;
use kogents_domain::signup::OtpCode;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

/// The moment that entities are made at unless a test says otherwise: 2026-01-01T00:00:00.123Z.
/// Its milliseconds are odd, so that a store which loses them shows.
pub const START: Timestamp = Timestamp::from_millis(1_767_225_600_123);

/// The present moment by the system's clock, for adapters whose server has a clock of its own.
///
/// # Panics
/// When the system's clock stands before 1970.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "a cache server has its own clock, and the suite has to begin near it"
)]
pub fn real_now() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock stands before 1970");
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).expect("a distant future"))
}

/// A UUIDv7 later than every one before it in this process. Give it to an id's `from_uuid`.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "tests that run side by side need ids that never meet"
)]
pub fn unique_id() -> Uuid {
    Uuid::now_v7()
}

/// A UUIDv7 of a moment, which no other call gives.
#[must_use]
pub fn unique_id_at(moment: Timestamp) -> Uuid {
    /// What lies below the milliseconds.
    const REST: u128 = (1 << 80) - 1;
    let millis = u128::try_from(moment.as_millis()).expect("a moment before 1970");
    Uuid::from_u128((millis << 80) | (unique_id().as_u128() & REST))
}

/// A device's fingerprint that no other call gives.
#[must_use]
pub fn unique_fingerprint() -> DeviceFingerprint {
    let encoded = URL_SAFE_NO_PAD.encode(unique_id().as_bytes());
    DeviceFingerprint::parse(&format!("fp1_{encoded}")).expect("not a fingerprint")
}

/// 32 lower-case hexadecimal digits that no other call gives.
#[must_use]
pub fn unique_word() -> String {
    unique_id().simple().to_string()
}

/// An address from its text.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("not an address")
}

/// An address that no other call gives.
#[must_use]
pub fn unique_address() -> EmailAddress {
    address(&format!("Person-{}@Example.com", unique_word()))
}

/// A one-time code from its digits.
///
/// # Panics
/// When it is not six digits.
#[must_use]
pub fn code(digits: &str) -> OtpCode {
    OtpCode::parse(digits).expect("not a code")
}

/// 32 bytes that depend on every part of `value`: always the same for the same value, and not
/// cryptographic.
#[must_use]
pub fn digest_of(value: impl Hash) -> Digest {
    let mut bytes = [0; 32];
    for (lane, place) in bytes.chunks_exact_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        lane.hash(&mut hasher);
        value.hash(&mut hasher);
        place.copy_from_slice(&hasher.finish().to_be_bytes());
    }
    Digest::from_bytes(bytes)
}

/// A digest that no other call gives.
#[must_use]
pub fn unique_digest() -> Digest {
    digest_of(unique_id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_tell_values_apart() {
        assert_eq!(digest_of("a"), digest_of("a"));
        assert_ne!(digest_of("a"), digest_of("b"));
        assert_ne!(unique_digest(), unique_digest());
        let bytes = *digest_of("a").as_bytes();
        assert_ne!(bytes[..8], bytes[8..16]);
    }

    #[test]
    fn ids_of_a_moment_carry_it_and_are_ids() {
        let id = unique_id_at(START);
        assert_ne!(id, unique_id_at(START));
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.as_u128() >> 80, 1_767_225_600_123);
    }

    #[test]
    fn ids_ascend() {
        let ids: Vec<Uuid> = (0..1_000).map(|_| unique_id()).collect();
        assert!(ids.is_sorted());
    }
}
