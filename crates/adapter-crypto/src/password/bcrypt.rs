//! Comparing with stored hashes of bcrypt.

use argon2::password_hash::phc::Output;
use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

use super::stored::Unusable;

const COSTS: std::ops::RangeInclusive<u32> = 4..=14;
/// All that the function takes of a password, its final zero octet included.
const KEY_LEN: usize = 72;
const SALT_LEN: usize = 16;
const HASH_LEN: usize = 23;
/// Characters of `$2b$12$`, of the salt, of the hash.
const SALT_AT: usize = 7;
const HASH_AT: usize = 29;
const TEXT_LEN: usize = 60;

/// The last characters of salt and hash have bits that mean nothing, and not every implementation
/// leaves them zero.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));

/// A stored hash of bcrypt: versions 2a, 2b and 2y, which are one function. 2x marks the hashes of
/// an early fault in it and is not taken.
pub(super) struct BcryptHash {
    cost: u32,
    salt: [u8; SALT_LEN],
    hash: Output,
}

impl BcryptHash {
    /// Reads a hash within the bounds of cost.
    pub(super) fn parse(text: &str) -> Result<Self, Unusable> {
        let (version, cost, salt, hash) = split(text).ok_or(Unusable::Unreadable)?;
        if !matches!(version, "$2a$" | "$2b$" | "$2y$") || cost < *COSTS.start() {
            return Err(Unusable::Unreadable);
        }
        if cost > *COSTS.end() {
            return Err(Unusable::TooCostly);
        }
        let decoded: [u8; HASH_LEN] = decode(hash).ok_or(Unusable::Unreadable)?;
        Ok(Self {
            cost,
            salt: decode(salt).ok_or(Unusable::Unreadable)?,
            hash: Output::new(&decoded).map_err(|_| Unusable::Unreadable)?,
        })
    }

    /// Whether this is the password's hash. Of a password longer than 72 octets bcrypt sees the
    /// first 72; the hash that takes this one's place sees them all.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let key: Vec<u8> = password.iter().copied().chain([0]).take(KEY_LEN).collect();
        let computed = ::bcrypt::bcrypt(self.cost, self.salt, &key);
        let Some(computed) = computed.get(..HASH_LEN) else {
            return false;
        };
        // The function repeats the password with a zero octet behind it, so that one with a zero
        // octet in it is another one as well: `a`, `a\0a`.
        let is_ambiguous = password.contains(&0);
        // `Output` compares in constant time.
        Output::new(computed).is_ok_and(|computed| computed == self.hash) && !is_ambiguous
    }
}

/// Version, cost, salt and hash, if the text has the form of one.
fn split(text: &str) -> Option<(&str, u32, &str, &str)> {
    if text.len() != TEXT_LEN || !text.is_ascii() {
        return None;
    }
    let version = text.get(..4)?;
    let cost = text.get(4..SALT_AT)?.strip_suffix('$')?;
    if !cost.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let cost = cost.parse().ok()?;
    Some((
        version,
        cost,
        text.get(SALT_AT..HASH_AT)?,
        text.get(HASH_AT..)?,
    ))
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use kogents_domain::auth::Verdict::{MatchOutdated, Mismatch};

    use super::super::stored::tests::verdict;
    use super::*;

    const PASSWORD_2B: &str = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

    /// Made by libxcrypt's `crypt`, all with the salt `abcdefghijklmnopqrstuu`.
    const HASHES: [(&str, &str); 7] = [
        (
            "password",
            "$2a$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK",
        ),
        (
            "password",
            "$2y$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK",
        ),
        (
            "password",
            "$2b$12$abcdefghijklmnopqrstuutwZ1IOTtu3SsEBT5lI/LFncP31tIybm",
        ),
        ("password", PASSWORD_2B),
        (
            "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c} \u{441} \u{43f}\u{440}\u{43e}\u{431}\u{435}\u{43b}\u{430}\u{43c}\u{438} ",
            "$2b$04$abcdefghijklmnopqrstuuv.qIN9sVg5ZbnDSO9vWHHLPKs772u8G",
        ),
        (
            "\u{ff}\u{ff}",
            "$2a$10$abcdefghijklmnopqrstuuuoTDUad4jqWm7rX943C11x56Je54Gpi",
        ),
        (
            "\u{ff}\u{ff}",
            "$2y$10$abcdefghijklmnopqrstuuuoTDUad4jqWm7rX943C11x56Je54Gpi",
        ),
    ];

    #[test]
    fn s10_hashes_of_another_implementation_verify_and_are_outdated() {
        for (password, stored) in HASHES {
            assert_eq!(
                verdict(password.as_bytes(), stored),
                Ok(MatchOutdated),
                "{stored}"
            );
            let other = format!("{password} ");
            assert_eq!(verdict(other.as_bytes(), stored), Ok(Mismatch), "{stored}");
        }
    }

    /// The cut is bcrypt's own; what matters is that such a hash is replaced.
    #[test]
    fn s10_of_a_long_password_bcrypt_sees_the_beginning() {
        // Of a hundred a's and an X, by libxcrypt.
        let stored = "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe";
        for long in ["a".repeat(100) + "X", "a".repeat(72)] {
            assert_eq!(verdict(long.as_bytes(), stored), Ok(MatchOutdated));
        }
        for other in ["a".repeat(71), "a".repeat(71) + "X"] {
            assert_eq!(verdict(other.as_bytes(), stored), Ok(Mismatch));
        }
    }

    #[test]
    fn s10_a_password_with_a_zero_octet_is_not_the_part_before_it() {
        for password in [
            &b"password\0"[..],
            b"password\0password",
            b"password\0password\0",
            b"password\0anything",
            b"\0password",
            b"",
            b"\0",
        ] {
            assert_eq!(verdict(password, PASSWORD_2B), Ok(Mismatch), "{password:?}");
        }
    }

    #[test]
    fn bits_that_mean_nothing_are_not_looked_at() {
        // `v` for `u` at the end of the salt, `n` for `m` at the end of the hash.
        let stored = "$2b$04$abcdefghijklmnopqrstuvghE8Ev8uGFaUgY2cNEySvxngrb/Jzdn";
        assert_eq!(verdict(b"password", stored), Ok(MatchOutdated));
    }

    #[test]
    fn s10_the_cost_is_bounded_and_other_texts_are_unreadable() {
        let with = |from: &str, to: &str| PASSWORD_2B.replacen(from, to, 1);
        for cost in ["$15$", "$31$", "$99$"] {
            let stored = with("$04$", cost);
            assert_eq!(verdict(b"password", &stored), Err(Unusable::TooCostly));
        }
        for stored in [
            with("$04$", "$03$"),
            with("$04$", "$00$"),
            with("$04$", "$+4$"),
            with("$04$", "$4$"),
            with("$2b$", "$2x$"),
            with("$2b$", "$2$"),
            with("$2b$", "$2B$"),
            with("abc", "ab="),
            with("abc", "ab\u{e9}"),
            PASSWORD_2B.to_owned() + "A",
            PASSWORD_2B[..59].to_owned(),
        ] {
            assert_eq!(
                verdict(b"password", &stored),
                Err(Unusable::Unreadable),
                "{stored}"
            );
        }
    }
}
