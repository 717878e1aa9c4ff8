//! What is common to every cache: how it stands, and what its ports may answer instead of a result.

mod standing;

pub use standing::{CacheStanding, CacheWatch, ConnectionStanding};

/// The cache gave no answer. What was asked for may or may not have happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// Not reachable, or too slow. The text is for the log only.
    #[error("the cache is not available: {0}")]
    Unavailable(String),
    /// At its bound of entries; nothing was written.
    #[error("the cache is full")]
    Full,
}
