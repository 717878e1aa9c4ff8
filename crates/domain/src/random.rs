//! Randomness as a port.

/// A cryptographically secure source of random values.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SecureRandom: Send + Sync {
    /// 256 random bits.
    fn bytes_32(&self) -> [u8; 32];

    /// A number below `bound`, every one equally likely. `bound` is at least 1.
    fn below(&self, bound: u32) -> u32;
}
