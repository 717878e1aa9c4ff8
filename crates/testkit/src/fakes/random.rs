//! Randomness that a test knows beforehand.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use kogents_domain::random::SecureRandom;

use crate::builders::digest_of;

/// Bytes that differ with every call and are the same in every run; numbers that a test sets.
#[derive(Debug, Default)]
pub struct FakeRandom {
    calls: AtomicU64,
    number: AtomicU32,
}

impl FakeRandom {
    /// A source whose numbers are `number`: with 42, the next code is 000042.
    #[must_use]
    pub const fn with_number(number: u32) -> Self {
        Self {
            calls: AtomicU64::new(0),
            number: AtomicU32::new(number),
        }
    }

    /// Changes the number.
    pub fn set_number(&self, number: u32) {
        self.number.store(number, Ordering::SeqCst);
    }
}

impl SecureRandom for FakeRandom {
    fn bytes_32(&self) -> [u8; 32] {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        *digest_of(("random", call)).as_bytes()
    }

    fn below(&self, bound: u32) -> u32 {
        self.number.load(Ordering::SeqCst) % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_differ_and_numbers_are_as_set() {
        let random = FakeRandom::with_number(42);
        assert_ne!(random.bytes_32(), random.bytes_32());
        assert_eq!(random.below(1_000_000), 42);
        random.set_number(1_000_001);
        assert_eq!(random.below(1_000_000), 1);
    }
}
