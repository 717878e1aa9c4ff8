//! Making and comparing Argon2 hashes as PHC strings.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use kogents_domain::auth::{HashError, PasswordHash};

use super::memory::Memory;
use super::stored::{MAX_MEMORY_KIB, Unusable};

/// Today's cost (OWASP Password Storage Cheat Sheet): memory in KiB, which is also blocks.
pub(super) const CURRENT_COST_KIB: usize = 19_456;
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LEN: usize = 16;
const OUTPUT_LEN: usize = 32;

/// The greatest cost of a stored hash, beside its memory; see [`Stored`](super::stored::Stored).
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 16;

/// The salt of the hash that an unknown address costs.
const DUMMY_SALT: [u8; SALT_LEN] = *b"kogents no user.";

/// Makes a hash with today's cost.
pub(super) fn hash(
    memory: &mut Memory,
    password: &[u8],
    salt: [u8; SALT_LEN],
) -> Result<PasswordHash, HashError> {
    let argon = current()?;
    let mut output = [0; OUTPUT_LEN];
    memory
        .hash(&argon, password, &salt, &mut output)
        .map_err(failed)?;
    let phc = Phc {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon.params()).map_err(failed)?,
        salt: Some(Salt::new(&salt).map_err(failed)?),
        hash: Some(Output::new(&output).map_err(failed)?),
    };
    Ok(PasswordHash::new(phc.to_string()))
}

/// Does the work of today's hash and keeps nothing of it: what comparing costs where there is
/// nothing to compare with.
pub(super) fn pretend(memory: &mut Memory, password: &[u8]) -> Result<(), HashError> {
    let mut output = [0; OUTPUT_LEN];
    memory
        .hash(&current()?, password, &DUMMY_SALT, &mut output)
        .map_err(failed)?;
    // The output is of no use; the time it took is.
    std::hint::black_box(&output);
    Ok(())
}

/// A stored hash of Argon2 (RFC 9106), of whichever variant and cost.
pub(super) struct Argon2Hash {
    argon: Argon2<'static>,
    salt: Salt,
    output: Output,
    /// Whether it is weaker than what is made today.
    pub(super) outdated: bool,
}

impl Argon2Hash {
    /// Reads a PHC string within the bounds of cost.
    pub(super) fn parse(phc: &Phc) -> Result<Self, Unusable> {
        let algorithm =
            Algorithm::try_from(phc.algorithm.as_str()).map_err(|_| Unusable::Unreadable)?;
        // The first version wrote none (RFC 9106's predecessor, 1.0).
        let version = phc
            .version
            .map_or(Ok(Version::V0x10), Version::try_from)
            .map_err(|_| Unusable::Unreadable)?;
        let params = Params::try_from(phc).map_err(|_| Unusable::Unreadable)?;
        if params.m_cost() > MAX_MEMORY_KIB
            || params.t_cost() > MAX_PASSES
            || params.p_cost() > MAX_LANES
        {
            return Err(Unusable::TooCostly);
        }
        let (Some(salt), Some(output)) = (phc.salt, phc.hash) else {
            return Err(Unusable::Unreadable);
        };
        let outdated = algorithm != Algorithm::Argon2id
            || version != Version::V0x13
            || params.m_cost() < MEMORY_KIB
            || params.t_cost() < PASSES
            || salt.len() < SALT_LEN
            || output.len() < OUTPUT_LEN;
        Ok(Self {
            argon: Argon2::new(algorithm, version, params),
            salt,
            output,
            outdated,
        })
    }

    /// Whether this is the password's hash.
    pub(super) fn matches(&self, memory: &mut Memory, password: &[u8]) -> Result<bool, HashError> {
        let mut output = vec![0; self.output.len()];
        memory
            .hash(&self.argon, password, self.salt.as_ref(), &mut output)
            .map_err(failed)?;
        // `Output` compares in constant time.
        Ok(Output::new(&output).map_err(failed)? == self.output)
    }
}

fn current() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_LEN)).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use kogents_domain::auth::Verdict;

    use super::super::stored::tests::verdict;
    use super::*;

    /// A hash of `password` with another cost, as another product would have made it.
    fn foreign(algorithm: Algorithm, version: Version, m: u32, t: u32, p: u32) -> String {
        use argon2::PasswordHasher as _;
        Argon2::new(algorithm, version, Params::new(m, t, p, None).unwrap())
            .hash_password_with_salt(b"password", b"sixteen octets!!")
            .unwrap()
            .to_string()
    }

    #[test]
    fn s10_hashes_are_argon2id_with_the_agreed_cost() {
        let hash = hash(&mut Memory::default(), b"password", [7; 16]).unwrap();
        assert!(
            hash.expose()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"),
            "{}",
            hash.expose()
        );
        assert_eq!(verdict(b"password", hash.expose()), Ok(Verdict::Match));
        assert_eq!(verdict(b"Password", hash.expose()), Ok(Verdict::Mismatch));
    }

    #[test]
    fn s10_weaker_hashes_match_and_are_outdated() {
        for stored in [
            foreign(Algorithm::Argon2id, Version::V0x13, 4_096, 3, 1),
            foreign(Algorithm::Argon2id, Version::V0x13, 19_456, 1, 1),
            foreign(Algorithm::Argon2id, Version::V0x10, 19_456, 2, 1),
            foreign(Algorithm::Argon2i, Version::V0x13, 19_456, 2, 1),
            foreign(Algorithm::Argon2d, Version::V0x13, 19_456, 2, 1),
        ] {
            assert_eq!(
                verdict(b"password", &stored),
                Ok(Verdict::MatchOutdated),
                "{stored}"
            );
            assert_eq!(
                verdict(b"passwore", &stored),
                Ok(Verdict::Mismatch),
                "{stored}"
            );
        }
    }

    #[test]
    fn s10_stronger_hashes_match() {
        let stored = foreign(Algorithm::Argon2id, Version::V0x13, 32_768, 2, 4);
        assert_eq!(verdict(b"password", &stored), Ok(Verdict::Match));
        assert_eq!(verdict(b"passwore", &stored), Ok(Verdict::Mismatch));
    }

    /// Made by the reference implementation in C (libargon2); the first is of its own tests.
    #[test]
    fn s10_hashes_of_the_reference_implementation_verify() {
        use Verdict::{Match, MatchOutdated};
        for (stored, right) in [
            (
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                MatchOutdated,
            ),
            (
                "$argon2id$v=19$m=65536,t=3,p=4$c2l4dGVlbiBvY3RldHMhIQ$yhraqc4+xSeiU4XVkCXWO0XDUY2tA/rj/KurHhoZfQc",
                Match,
            ),
            (
                "$argon2id$v=19$m=102400,t=2,p=8$c2l4dGVlbiBvY3RldHMhIQ$tY2/TzEQjrYjqxR3JyclkttjEciuHUpMjOBVqWE5UbU",
                Match,
            ),
            (
                "$argon2id$v=19$m=4096,t=1,p=2$c2l4dGVlbiBvY3RldHMhIQ$ajs0ynnSyc+YKJkYMLPSyOByU1MDWVxcZtRjumJmZJY",
                MatchOutdated,
            ),
            (
                "$argon2i$v=19$m=4096,t=3,p=1$c2l4dGVlbiBvY3RldHMhIQ$5yMBR+DEkGz/WWZ3/IN2emaVupKnzi2JGiFip3yN5h8",
                MatchOutdated,
            ),
            (
                "$argon2d$v=19$m=19456,t=2,p=1$c2l4dGVlbiBvY3RldHMhIQ$OAEv2p29bfPvcuohWg5FdF6cRTmm6jtUslnqLJZXkA0",
                MatchOutdated,
            ),
        ] {
            assert_eq!(verdict(b"password", stored), Ok(right), "{stored}");
            assert_eq!(
                verdict(b"Password", stored),
                Ok(Verdict::Mismatch),
                "{stored}"
            );
        }
    }

    #[test]
    fn s10_the_cost_of_stored_hashes_is_bounded() {
        for params in [
            "m=131073,t=2,p=1",
            "m=4294967295,t=2,p=1",
            "m=19456,t=11,p=1",
            "m=19456,t=4294967295,p=1",
            "m=19456,t=2,p=17",
        ] {
            let stored = format!(
                "$argon2id$v=19${params}$c2l4dGVlbiBvY3RldHMhIQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            );
            assert_eq!(
                verdict(b"password", &stored),
                Err(Unusable::TooCostly),
                "{stored}"
            );
        }
    }

    #[test]
    fn s11_nothing_is_cut_off() {
        let long = "a".repeat(100);
        let hash = hash(
            &mut Memory::default(),
            format!("{long}X").as_bytes(),
            [7; 16],
        )
        .unwrap();
        assert_eq!(
            verdict(format!("{long}X").as_bytes(), hash.expose()),
            Ok(Verdict::Match)
        );
        for other in [format!("{long}Y"), long.clone(), format!("{long}X ")] {
            assert_eq!(
                verdict(other.as_bytes(), hash.expose()),
                Ok(Verdict::Mismatch)
            );
        }
    }
}
