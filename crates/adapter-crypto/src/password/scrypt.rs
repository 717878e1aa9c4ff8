//! Comparing with stored hashes of scrypt.

use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use kogents_domain::auth::HashError;
use scrypt::Params;

use super::memory::in_turn;
use super::stored::{MAX_MEMORY_KIB, Unusable};

const MAX_LOG_N: u32 = 20;
const MAX_R: u32 = 32;
const MAX_P: u32 = 16;
/// The greatest product of N, r and p: twice what OWASP recommends.
const MAX_WORK: u64 = 1 << 21;

/// A stored hash of scrypt (RFC 7914).
pub(super) struct ScryptHash {
    params: Params,
    salt: Salt,
    hash: Output,
}

impl ScryptHash {
    /// Reads a PHC string within the bounds of cost.
    pub(super) fn parse(phc: &Phc) -> Result<Self, Unusable> {
        let parameter = |name| phc.params.get_decimal(name).ok_or(Unusable::Unreadable);
        let (log_n, r, p) = (parameter("ln")?, parameter("r")?, parameter("p")?);
        let (Some(salt), Some(hash), None, 3) =
            (phc.salt, phc.hash, phc.version, phc.params.iter().count())
        else {
            return Err(Unusable::Unreadable);
        };
        if log_n == 0 || r == 0 || p == 0 {
            return Err(Unusable::Unreadable);
        }
        if log_n > MAX_LOG_N || r > MAX_R || p > MAX_P {
            return Err(Unusable::TooCostly);
        }
        // A block has 128 octets: N·r of them are in memory.
        let blocks = u64::from(r) << log_n;
        if blocks / 8 > u64::from(MAX_MEMORY_KIB) || blocks * u64::from(p) > MAX_WORK {
            return Err(Unusable::TooCostly);
        }
        let log_n = u8::try_from(log_n).map_err(|_| Unusable::TooCostly)?;
        Ok(Self {
            params: Params::new(log_n, r, p).map_err(|_| Unusable::Unreadable)?,
            salt,
            hash,
        })
    }

    /// Whether this is the password's hash.
    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, HashError> {
        let failed = |error: &dyn std::fmt::Display| HashError::Failed(error.to_string());
        let mut output = vec![0; self.hash.len()];
        in_turn(|| scrypt::scrypt(password, self.salt.as_ref(), &self.params, &mut output))
            .map_err(|error| failed(&error))?;
        // `Output` compares in constant time.
        Ok(Output::new(&output).map_err(|error| failed(&error))? == self.hash)
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::auth::Verdict::{MatchOutdated, Mismatch};

    use super::super::stored::tests::verdict;
    use super::*;

    /// Made by Python's `hashlib.scrypt`, which is OpenSSL's.
    #[test]
    fn s10_hashes_of_another_implementation_verify_and_are_outdated() {
        for (password, stored) in [
            (
                "password",
                "$scrypt$ln=14,r=8,p=1$c2l4dGVlbiBvY3RldHMhIQ$/ny6sTkJC2KWzMEU11BZ5OBTmglx9YW5llCrSahmoIs",
            ),
            (
                "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c} \u{441} \u{43f}\u{440}\u{43e}\u{431}\u{435}\u{43b}\u{430}\u{43c}\u{438} ",
                "$scrypt$ln=15,r=8,p=2$YW5vdGhlciAxNiBieXRlcw$0DKmt/+PbFtnw9s1O28T1qN26W0gLHi0phbGA49OyT8",
            ),
            (
                "password",
                "$scrypt$ln=10,r=8,p=4$OCBvY3RldHM$GOhd7e8HhxRaxip5iVqMes7s/dXFsXdlMPqlYZwZib0",
            ),
        ] {
            assert_eq!(
                verdict(password.as_bytes(), stored),
                Ok(MatchOutdated),
                "{stored}"
            );
            let other = format!("{password} ");
            assert_eq!(verdict(other.as_bytes(), stored), Ok(Mismatch), "{stored}");
        }
    }

    fn refused(params: &str) -> Unusable {
        let stored = format!(
            "$scrypt${params}$c2l4dGVlbiBvY3RldHMhIQ$/ny6sTkJC2KWzMEU11BZ5OBTmglx9YW5llCrSahmoIs"
        );
        verdict(b"password", &stored).unwrap_err()
    }

    #[test]
    fn s10_the_cost_is_bounded() {
        for params in [
            "ln=18,r=8,p=1",
            "ln=17,r=9,p=1",
            "ln=17,r=8,p=3",
            "ln=10,r=8,p=17",
            "ln=10,r=33,p=1",
            "ln=63,r=8,p=1",
            "ln=4294967295,r=8,p=1",
            "ln=14,r=4294967295,p=4294967295",
        ] {
            assert_eq!(refused(params), Unusable::TooCostly, "{params}");
        }
    }

    #[test]
    fn s10_what_owasp_recommends_is_within_the_bounds() {
        for params in [
            "ln=17,r=8,p=1",
            "ln=16,r=8,p=2",
            "ln=15,r=8,p=3",
            "ln=13,r=8,p=10",
        ] {
            let text = format!("$scrypt${params}$c2l4dGVlbiBvY3RldHMhIQ$/ny6sTkJC2KWzMEU11BZ5A");
            assert!(
                ScryptHash::parse(&Phc::new(&text).unwrap()).is_ok(),
                "{params}"
            );
        }
    }

    #[test]
    fn s10_other_parameters_are_unreadable() {
        for params in [
            "ln=14,r=8",
            "ln=0,r=8,p=1",
            "ln=14,r=0,p=1",
            "ln=14,r=8,p=0",
            "n=14,r=8,p=1",
            "ln=14,r=8,p=1,x=1",
            "v=1$ln=14,r=8,p=1",
            "ln=-14,r=8,p=1",
        ] {
            assert_eq!(refused(params), Unusable::Unreadable, "{params}");
        }
    }
}
