//! What an operator may ask of every dependency.

use async_trait::async_trait;

/// Whether a dependency answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckStatus {
    /// It answered in time.
    Up,
    /// It did not.
    Down,
    /// It is not configured; this degrades nothing.
    Disabled,
}

/// A dependency that can be asked how it is.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Probe: Send + Sync {
    /// Asks once. Never fails: a failure is [`CheckStatus::Down`], its cause goes to the log.
    async fn check(&self) -> CheckStatus;
}
