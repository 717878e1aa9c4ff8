//! Making and comparing Argon2 hashes as PHC strings.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use kogents_domain::auth::{HashError, PasswordHash, Verdict};

use super::memory::Memory;

/// Today's cost (OWASP Password Storage Cheat Sheet): memory in KiB, which is also blocks.
pub(super) const CURRENT_COST_KIB: usize = 19_456;
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LEN: usize = 16;
const OUTPUT_LEN: usize = 32;

/// The greatest cost of a stored hash that is compared: RFC 9106's second recommended memory,
/// which most libraries default to, so that nobody who can write a hash can stop the server.
const MAX_MEMORY_KIB: u32 = 65_536;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 4;

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

/// Compares a password with a stored hash. Without one, or with one that cannot be read or costs
/// more than is allowed, it does the work of today's hash and says `Mismatch`.
pub(super) fn verify(
    memory: &mut Memory,
    password: &[u8],
    stored: Option<&PasswordHash>,
) -> Result<Verdict, HashError> {
    let Some(stored) = stored.and_then(Stored::parse) else {
        let mut output = [0; OUTPUT_LEN];
        memory
            .hash(&current()?, password, &DUMMY_SALT, &mut output)
            .map_err(failed)?;
        // The output is of no use; the time it took is.
        std::hint::black_box(&output);
        return Ok(Verdict::Mismatch);
    };
    let mut output = vec![0; stored.output.len()];
    memory
        .hash(&stored.argon, password, stored.salt.as_ref(), &mut output)
        .map_err(failed)?;
    // `Output` compares in constant time.
    if Output::new(&output).map_err(failed)? != stored.output {
        Ok(Verdict::Mismatch)
    } else if stored.outdated {
        Ok(Verdict::MatchOutdated)
    } else {
        Ok(Verdict::Match)
    }
}

struct Stored {
    argon: Argon2<'static>,
    salt: Salt,
    output: Output,
    outdated: bool,
}

impl Stored {
    /// Reads a PHC string of Argon2id or Argon2i within the bounds of cost.
    fn parse(stored: &PasswordHash) -> Option<Self> {
        let phc = Phc::new(stored.expose()).ok()?;
        let algorithm = Algorithm::try_from(phc.algorithm.as_str()).ok()?;
        if algorithm == Algorithm::Argon2d {
            return None;
        }
        // The first version wrote none (RFC 9106's predecessor, 1.0).
        let version = phc
            .version
            .map_or(Some(Version::V0x10), |v| Version::try_from(v).ok())?;
        let params = Params::try_from(&phc).ok()?;
        if params.m_cost() > MAX_MEMORY_KIB
            || params.t_cost() > MAX_PASSES
            || params.p_cost() > MAX_LANES
        {
            return None;
        }
        let salt = phc.salt?;
        let output = phc.hash?;
        let outdated = algorithm != Algorithm::Argon2id
            || version != Version::V0x13
            || params.m_cost() < MEMORY_KIB
            || params.t_cost() < PASSES
            || salt.len() < SALT_LEN
            || output.len() < OUTPUT_LEN;
        Some(Self {
            argon: Argon2::new(algorithm, version, params),
            salt,
            output,
            outdated,
        })
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
    use super::*;

    fn verdict(password: &[u8], stored: &str) -> Verdict {
        let stored = PasswordHash::new(stored);
        verify(&mut Memory::default(), password, Some(&stored)).unwrap()
    }

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
        assert_eq!(verdict(b"password", hash.expose()), Verdict::Match);
        assert_eq!(verdict(b"Password", hash.expose()), Verdict::Mismatch);
    }

    #[test]
    fn s10_weaker_hashes_match_and_are_outdated() {
        for stored in [
            foreign(Algorithm::Argon2id, Version::V0x13, 4_096, 3, 1),
            foreign(Algorithm::Argon2id, Version::V0x13, 19_456, 1, 1),
            foreign(Algorithm::Argon2id, Version::V0x10, 19_456, 2, 1),
            foreign(Algorithm::Argon2i, Version::V0x13, 19_456, 2, 1),
        ] {
            assert_eq!(
                verdict(b"password", &stored),
                Verdict::MatchOutdated,
                "{stored}"
            );
            assert_eq!(verdict(b"passwore", &stored), Verdict::Mismatch, "{stored}");
        }
    }

    #[test]
    fn s10_stronger_hashes_match() {
        let stored = foreign(Algorithm::Argon2id, Version::V0x13, 32_768, 2, 4);
        assert_eq!(verdict(b"password", &stored), Verdict::Match);
        assert_eq!(verdict(b"passwore", &stored), Verdict::Mismatch);
    }

    #[test]
    fn s10_a_known_hash_of_the_reference_implementation_verifies() {
        // `argon2 somesalt -id -t 2 -m 16 -p 1 -l 32` of the reference implementation, from its own tests.
        let stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert_eq!(verdict(b"password", stored), Verdict::MatchOutdated);
        assert_eq!(verdict(b"differentpassword", stored), Verdict::Mismatch);
    }

    #[test]
    fn s10_the_cost_of_stored_hashes_is_bounded_and_other_texts_mismatch() {
        let tail = "$c2l4dGVlbiBvY3RldHMhIQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for stored in [
            format!("$argon2id$v=19$m=65537,t=2,p=1{tail}"),
            format!("$argon2id$v=19$m=4294967295,t=2,p=1{tail}"),
            format!("$argon2id$v=19$m=19456,t=11,p=1{tail}"),
            format!("$argon2id$v=19$m=19456,t=2,p=5{tail}"),
            format!("$argon2id$v=19$m=1,t=2,p=1{tail}"),
            format!("$argon2id$v=18$m=19456,t=2,p=1{tail}"),
            format!("$argon2d$v=19$m=19456,t=2,p=1{tail}"),
            format!("$scrypt$ln=16,r=8,p=1{tail}"),
            "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBvY3RldHMhIQ".to_owned(),
            "$argon2id$v=19$m=19456,t=2,p=1".to_owned(),
            "$2b$12$EXRkfkdmXn2gzds2SSitu.MW9.gAVqa9eLS1//RYtYCmB1eLHg.9q".to_owned(),
            "$".to_owned(),
            "\u{0}".to_owned(),
            String::new(),
            "password".to_owned(),
        ] {
            assert_eq!(verdict(b"password", &stored), Verdict::Mismatch, "{stored}");
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
            Verdict::Match
        );
        for other in [format!("{long}Y"), long.clone(), format!("{long}X ")] {
            assert_eq!(verdict(other.as_bytes(), hash.expose()), Verdict::Mismatch);
        }
    }
}
