//! Password hashing that costs nothing and counts.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use kogents_domain::auth::{
    EnteredPassword, HashError, HashingPlace, NewPassword, PasswordHash, PasswordHasher,
    PasswordStrength, Verdict,
};

use crate::builders::digest_of;

const CURRENT: &str = "$fake$current$";
const OUTDATED: &str = "$fake$outdated$";

/// A hasher that counts what is asked of it, and a strength meter that says what a test sets.
#[derive(Debug, Default)]
pub struct FakeHasher {
    hashed: AtomicUsize,
    verified: AtomicUsize,
    verified_without_hash: AtomicUsize,
    busy: AtomicBool,
    weak: AtomicBool,
    contexts: Mutex<Vec<Vec<String>>>,
}

impl FakeHasher {
    /// The hash that it makes of a password.
    #[must_use]
    pub fn hash_of(password: &str) -> PasswordHash {
        PasswordHash::new(format!("{CURRENT}{}", scramble(password)))
    }

    /// A hash of a password that it takes for weaker than today's.
    #[must_use]
    pub fn outdated_hash_of(password: &str) -> PasswordHash {
        PasswordHash::new(format!("{OUTDATED}{}", scramble(password)))
    }

    /// Makes it refuse as too busy, or serve again.
    pub fn set_busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::SeqCst);
    }

    /// Makes it take every password for too weak, or for strong again.
    pub fn set_weak(&self, weak: bool) {
        self.weak.store(weak, Ordering::SeqCst);
    }

    /// How many hashes it made.
    pub fn hashed(&self) -> usize {
        self.hashed.load(Ordering::SeqCst)
    }

    /// How many passwords it compared, those without a hash too.
    pub fn verified(&self) -> usize {
        self.verified.load(Ordering::SeqCst)
    }

    /// How many it compared with nothing.
    pub fn verified_without_hash(&self) -> usize {
        self.verified_without_hash.load(Ordering::SeqCst)
    }

    /// The words that each judged password was judged with.
    pub fn contexts(&self) -> Vec<Vec<String>> {
        self.contexts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn serve(&self) -> Result<(), HashError> {
        if self.busy.load(Ordering::SeqCst) {
            Err(HashError::Busy)
        } else {
            Ok(())
        }
    }
}

fn scramble(password: &str) -> String {
    digest_of(("password", password))
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[async_trait]
impl PasswordHasher for FakeHasher {
    async fn hash(&self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        self.serve()?;
        self.hashed.fetch_add(1, Ordering::SeqCst);
        Ok(Self::hash_of(password.secret().expose()))
    }

    async fn verify(
        &self,
        password: &EnteredPassword,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, HashError> {
        self.serve()?;
        self.verified.fetch_add(1, Ordering::SeqCst);
        let Some(hash) = hash else {
            self.verified_without_hash.fetch_add(1, Ordering::SeqCst);
            return Ok(Verdict::Mismatch);
        };
        let entered = password.secret().expose();
        Ok(if hash == Self::hash_of(entered) {
            Verdict::Match
        } else if hash == Self::outdated_hash_of(entered) {
            Verdict::MatchOutdated
        } else {
            Verdict::Mismatch
        })
    }

    fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    async fn enter(&self) -> Result<HashingPlace, HashError> {
        self.serve().map(|()| HashingPlace::unbounded())
    }
}

#[async_trait]
impl PasswordStrength for FakeHasher {
    async fn is_strong(
        &self,
        _password: &NewPassword,
        context: Vec<String>,
    ) -> Result<bool, HashError> {
        self.serve()?;
        self.contexts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(context);
        Ok(!self.weak.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn verdicts_follow_the_hash() {
        let hasher = FakeHasher::default();
        let entered = EnteredPassword::parse("correct horse").unwrap();
        for (hash, verdict) in [
            (Some(FakeHasher::hash_of("correct horse")), Verdict::Match),
            (
                Some(FakeHasher::outdated_hash_of("correct horse")),
                Verdict::MatchOutdated,
            ),
            (Some(FakeHasher::hash_of("another")), Verdict::Mismatch),
            (None, Verdict::Mismatch),
        ] {
            assert_eq!(hasher.verify(&entered, hash).await, Ok(verdict));
        }
        assert_eq!((hasher.verified(), hasher.verified_without_hash()), (4, 1));
        hasher.set_busy(true);
        assert_eq!(hasher.verify(&entered, None).await, Err(HashError::Busy));
    }
}
