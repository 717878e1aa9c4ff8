//! Comparing with stored hashes of PBKDF2.

use std::borrow::Cow;
use std::num::NonZeroU32;

use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use ring::{digest, pbkdf2};

use super::stored::Unusable;

const MAX_ITERATIONS: u32 = 2_000_000;

/// A stored hash of PBKDF2 (RFC 8018) with HMAC-SHA-256 or HMAC-SHA-512.
pub(super) struct Pbkdf2Hash {
    algorithm: pbkdf2::Algorithm,
    iterations: NonZeroU32,
    salt: Salt,
    hash: Output,
}

impl Pbkdf2Hash {
    /// The PHC string of a hash as Passlib writes it, which leaves the name of the parameter out
    /// and has a dot for the plus sign: `$pbkdf2-sha256$29000$salt$hash`. Other texts stay.
    pub(super) fn as_phc(text: &str) -> Cow<'_, str> {
        let mut parts = text.split('$');
        let (Some(""), Some(name), Some(iterations), Some(salt), Some(hash), None) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return text.into();
        };
        if !name.starts_with("pbkdf2-") || !iterations.bytes().all(|c| c.is_ascii_digit()) {
            return text.into();
        }
        let (salt, hash) = (salt.replace('.', "+"), hash.replace('.', "+"));
        format!("${name}$i={iterations}${salt}${hash}").into()
    }

    /// Reads a PHC string within the bounds of cost.
    pub(super) fn parse(phc: &Phc) -> Result<Self, Unusable> {
        let (algorithm, length) = match phc.algorithm.as_str() {
            "pbkdf2-sha256" => (pbkdf2::PBKDF2_HMAC_SHA256, digest::SHA256_OUTPUT_LEN),
            "pbkdf2-sha512" => (pbkdf2::PBKDF2_HMAC_SHA512, digest::SHA512_OUTPUT_LEN),
            _ => return Err(Unusable::Unreadable),
        };
        let known = phc
            .params
            .iter()
            .all(|(name, _)| matches!(name.as_str(), "i" | "l"));
        let iterations = phc.params.get_decimal("i").and_then(NonZeroU32::new);
        let (Some(iterations), Some(salt), Some(hash), None, true) =
            (iterations, phc.salt, phc.hash, phc.version, known)
        else {
            return Err(Unusable::Unreadable);
        };
        let told = phc.params.get_decimal("l");
        if told.is_some_and(|told| usize::try_from(told) != Ok(hash.len())) {
            return Err(Unusable::Unreadable);
        }
        // A longer output than the function's makes all of the work again for its next part.
        if iterations.get() > MAX_ITERATIONS || hash.len() > length {
            return Err(Unusable::TooCostly);
        }
        Ok(Self {
            algorithm,
            iterations,
            salt,
            hash,
        })
    }

    /// Whether this is the password's hash, in constant time.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        pbkdf2::verify(
            self.algorithm,
            self.iterations,
            self.salt.as_ref(),
            password,
            self.hash.as_bytes(),
        )
        .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::auth::Verdict::{MatchOutdated, Mismatch};

    use super::super::stored::tests::verdict;
    use super::*;

    const SHA256: &str = "$pbkdf2-sha256$i=29000,l=32$c2l4dGVlbiBvY3RldHMhIQ$ico3ksOFVGnAhyo3PTCC8nN/ualAzYcxzS0vOSPBwkI";
    const WITH_SPACES: &str = "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c} \u{441} \u{43f}\u{440}\u{43e}\u{431}\u{435}\u{43b}\u{430}\u{43c}\u{438} ";

    /// Made by Python's `hashlib.pbkdf2_hmac`, which is OpenSSL's.
    #[test]
    fn s10_hashes_of_another_implementation_verify_and_are_outdated() {
        let long = "a".repeat(100) + "X";
        for (password, stored) in [
            ("password", SHA256),
            ("password", &SHA256.replace(",l=32", "")),
            ("password", &SHA256.replace("i=29000,l=32", "29000")),
            (
                WITH_SPACES,
                "$pbkdf2-sha256$i=600000,l=32$YW5vdGhlciAxNiBieXRlcw$73LOi5DH5DyDx/u7gaUFl5ZOXz0u2mfwW/EVpMyH+Gg",
            ),
            (
                WITH_SPACES,
                "$pbkdf2-sha256$600000$YW5vdGhlciAxNiBieXRlcw$73LOi5DH5DyDx/u7gaUFl5ZOXz0u2mfwW/EVpMyH.Gg",
            ),
            (
                "password",
                "$pbkdf2-sha512$i=25000,l=64$c2l4dGVlbiBvY3RldHMhIQ$LqiUOgcJrpkL3/6GZMs995TL7gy3sKleYZST3yEsP84raZoZsBX8Ch7myNof5zs1EjLDglsYhhGgftl/ZSt6Lw",
            ),
            (
                &long,
                "$pbkdf2-sha256$i=10000,l=32$c2l4dGVlbiBvY3RldHMhIQ$OJkgfODbRs07jkDpAkjmrHGOA/+HOs+9YGAvggtSxHs",
            ),
        ] {
            assert_eq!(
                verdict(password.as_bytes(), stored),
                Ok(MatchOutdated),
                "{stored}"
            );
            let mut other = password.to_owned();
            other.pop();
            assert_eq!(verdict(other.as_bytes(), stored), Ok(Mismatch), "{stored}");
        }
    }

    #[test]
    fn s10_the_cost_is_bounded() {
        let twice = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for stored in [
            SHA256.replace("i=29000", "i=2000001"),
            SHA256.replace("i=29000", "i=4294967295"),
            SHA256.replace("i=29000,l=32", "4294967295"),
            format!("$pbkdf2-sha256$i=29000$c2l4dGVlbiBvY3RldHMhIQ${twice}"),
        ] {
            assert_eq!(
                verdict(b"password", &stored),
                Err(Unusable::TooCostly),
                "{stored}"
            );
        }
    }

    #[test]
    fn s10_other_parameters_are_unreadable() {
        for stored in [
            SHA256.replace("i=29000,", ""),
            SHA256.replace("i=29000", "i=0"),
            SHA256.replace("i=29000,l=32", "0"),
            SHA256.replace("l=32", "l=31"),
            SHA256.replace("l=32", "l=32,x=1"),
            SHA256.replace("sha256", "sha1"),
            SHA256.replace("sha256", "md5"),
            SHA256.replace("i=29000,l=32", "99999999999"),
            SHA256.replace("i=29000,l=32", ""),
            SHA256.replace("i=29000,l=32", "v=1$i=29000"),
        ] {
            assert_eq!(
                verdict(b"password", &stored),
                Err(Unusable::Unreadable),
                "{stored}"
            );
        }
    }
}
