//! Stored hashes, ours and those brought from elsewhere: read within bounds, then compared.

use argon2::password_hash::phc::PasswordHash as Phc;
use kogents_domain::auth::{HashError, PasswordHash, Verdict};

use super::argon::Argon2Hash;
use super::bcrypt::BcryptHash;
use super::memory::Memory;
use super::pbkdf2::Pbkdf2Hash;
use super::scrypt::ScryptHash;

/// The most memory that comparing with one stored hash may take: 128 MiB, which is what OWASP's
/// Password Storage Cheat Sheet asks of scrypt. One that takes more than today's hash waits until
/// no other does.
pub(super) const MAX_MEMORY_KIB: u32 = 131_072;

/// A stored hash that can be compared.
///
/// | scheme | written as | refused when above |
/// |---|---|---|
/// | Argon2id, i, d (RFC 9106) | `$argon2id$v=19$m=…,t=…,p=…$salt$hash` | 128 MiB, 10 passes, 16 lanes |
/// | bcrypt | `$2a$`, `$2b$`, `$2y$` | cost 14 |
/// | scrypt (RFC 7914) | `$scrypt$ln=…,r=…,p=…$salt$hash` | 128 MiB, `p` 16, `N·r·p` 2^21 |
/// | PBKDF2 (RFC 8018) | `$pbkdf2-sha256$i=…[,l=…]$salt$hash`, `$pbkdf2-sha512$…`, and Passlib's `$pbkdf2-sha256$<i>$…` | 2,000,000 iterations, an output longer than the function's |
///
/// The bounds admit what is recommended anywhere and keep one comparison to some two seconds of a
/// core, so that nobody who can write a hash can stop the server. A hash beyond them is refused
/// before anything is computed.
///
/// All but Argon2id of today's cost or a greater one is outdated: it is replaced when its owner
/// signs in. Until then a comparison takes as long as that hash takes, not as long as one of ours.
pub(super) enum Stored {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Scrypt(ScryptHash),
    Pbkdf2(Pbkdf2Hash),
}

/// Why nothing is compared with a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// It is of no form in the table above.
    #[error("it cannot be read")]
    Unreadable,
    /// Its cost is beyond the bounds.
    #[error("it costs more than is allowed")]
    TooCostly,
}

impl Stored {
    /// Reads a hash. This computes nothing.
    pub(super) fn parse(hash: &PasswordHash) -> Result<Self, Unusable> {
        let text = hash.expose();
        if text.starts_with("$2") {
            return BcryptHash::parse(text).map(Self::Bcrypt);
        }
        let text = Pbkdf2Hash::as_phc(text);
        let phc = Phc::new(&text).map_err(|_| Unusable::Unreadable)?;
        match phc.algorithm.as_str() {
            "argon2id" | "argon2i" | "argon2d" => Argon2Hash::parse(&phc).map(Self::Argon2),
            "scrypt" => ScryptHash::parse(&phc).map(Self::Scrypt),
            "pbkdf2-sha256" | "pbkdf2-sha512" => Pbkdf2Hash::parse(&phc).map(Self::Pbkdf2),
            _ => Err(Unusable::Unreadable),
        }
    }

    /// Compares a password with it.
    pub(super) fn compare(
        &self,
        memory: &mut Memory,
        password: &[u8],
    ) -> Result<Verdict, HashError> {
        let (matches, outdated) = match self {
            Self::Argon2(hash) => (hash.matches(memory, password)?, hash.outdated),
            Self::Bcrypt(hash) => (hash.matches(password), true),
            Self::Scrypt(hash) => (hash.matches(password)?, true),
            Self::Pbkdf2(hash) => (hash.matches(password), true),
        };
        Ok(match (matches, outdated) {
            (true, false) => Verdict::Match,
            (true, true) => Verdict::MatchOutdated,
            (false, _) => Verdict::Mismatch,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What comparing gives, or why nothing is compared.
    pub(in super::super) fn verdict(password: &[u8], stored: &str) -> Result<Verdict, Unusable> {
        let stored = Stored::parse(&PasswordHash::new(stored))?;
        Ok(stored.compare(&mut Memory::default(), password).unwrap())
    }

    #[test]
    fn s10_what_is_no_hash_is_unreadable() {
        let tail = "$c2l4dGVlbiBvY3RldHMhIQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for stored in [
            format!("$argon2id$v=19$m=1,t=2,p=1{tail}"),
            format!("$argon2id$v=18$m=19456,t=2,p=1{tail}"),
            format!("$argon2$v=19$m=19456,t=2,p=1{tail}"),
            format!("$7$m=19456,t=2,p=1{tail}"),
            format!("$sha256$i=1{tail}"),
            format!(" $argon2id$v=19$m=19456,t=2,p=1{tail}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1{tail}\n"),
            "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBvY3RldHMhIQ".to_owned(),
            "$argon2id$v=19$m=19456,t=2,p=1".to_owned(),
            "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/".to_owned(),
            "5f4dcc3b5aa765d61d8327deb882cf99".to_owned(),
            "$".to_owned(),
            "$2".to_owned(),
            "\u{0}".to_owned(),
            String::new(),
            "password".to_owned(),
        ] {
            assert_eq!(
                verdict(b"password", &stored),
                Err(Unusable::Unreadable),
                "{stored}"
            );
        }
    }
}
