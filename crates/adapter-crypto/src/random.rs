//! The operating system's random source.

use kogents_domain::random::SecureRandom;
use ring::rand::SecureRandom as _;

/// Cryptographically secure random values from the operating system.
///
/// A system that cannot give random bytes cannot run this product: the calls panic then.
#[derive(Debug, Clone)]
pub struct SystemRandom(ring::rand::SystemRandom);

impl SystemRandom {
    /// The random source.
    #[must_use]
    pub fn new() -> Self {
        Self(ring::rand::SystemRandom::new())
    }

    /// As many random bytes as the array holds.
    pub(crate) fn array<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        #[expect(
            clippy::expect_used,
            reason = "without random bytes every secret would be guessable; there is no way on"
        )]
        self.0
            .fill(&mut bytes)
            .expect("the operating system gives random bytes");
        bytes
    }
}

impl Default for SystemRandom {
    fn default() -> Self {
        Self::new()
    }
}

impl SecureRandom for SystemRandom {
    fn bytes_32(&self) -> [u8; 32] {
        self.array()
    }

    fn below(&self, bound: u32) -> u32 {
        uniform_below(bound, || u32::from_le_bytes(self.array()))
    }
}

/// A number below `bound` from a source of uniform 32-bit numbers. The lowest 2^32 mod `bound`
/// numbers are drawn again, so that every remainder is left with equally many.
fn uniform_below(bound: u32, mut draw: impl FnMut() -> u32) -> u32 {
    let Some(first_fair) = bound.wrapping_neg().checked_rem(bound) else {
        return 0;
    };
    loop {
        let drawn = draw();
        if drawn >= first_fair
            && let Some(remainder) = drawn.checked_rem(bound)
        {
            return remainder;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s4_numbers_that_would_favour_some_are_drawn_again() {
        // 2^32 = 4294 * 1,000,000 + 967,296: the first 967,296 numbers are too many.
        let mut drawn = [0, 967_295, 967_296].into_iter();
        assert_eq!(uniform_below(1_000_000, || drawn.next().unwrap()), 967_296);
        assert_eq!(drawn.next(), None);
        let mut drawn = [u32::MAX].into_iter();
        assert_eq!(
            uniform_below(1_000_000, || drawn.next().unwrap()),
            u32::MAX % 1_000_000
        );
        assert_eq!(uniform_below(1, || 77), 0);
        assert_eq!(uniform_below(1 << 31, || (1 << 31) + 5), 5);
    }

    #[test]
    fn s4_codes_are_uniform() {
        // Chi-squared over 10 equal ranges of 100,000 draws: 9 degrees of freedom, so that more
        // than 45 happens by chance once in a million runs.
        let random = SystemRandom::new();
        let mut counts = [0_u32; 10];
        for _ in 0..100_000 {
            let number = random.below(1_000_000);
            assert!(number < 1_000_000);
            counts[usize::try_from(number / 100_000).unwrap()] += 1;
        }
        let chi: f64 = counts
            .iter()
            .map(|count| (f64::from(*count) - 10_000.0).powi(2) / 10_000.0)
            .sum();
        assert!(chi < 45.0, "{counts:?}");
    }

    #[test]
    fn bytes_do_not_repeat() {
        let random = SystemRandom::new();
        assert_ne!(random.bytes_32(), random.bytes_32());
        assert_ne!(random.bytes_32(), [0; 32]);
    }
}
