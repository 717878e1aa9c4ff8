//! Whether a dependency answers.

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

impl CheckStatus {
    /// Every status there is.
    pub const ALL: [Self; 3] = [Self::Up, Self::Down, Self::Disabled];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Disabled => "disabled",
        }
    }
}

/// A dependency that can be asked how it is.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Probe: Send + Sync {
    /// Asks once. Never fails: a failure is [`CheckStatus::Down`], its cause goes to the log.
    async fn check(&self) -> CheckStatus;
}
