//! Time as the product counts it: whole milliseconds since the Unix epoch, UTC.

use serde::{Deserialize, Serialize};

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z, so that every store returns
/// exactly what it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment this many milliseconds after (or, negative, before) the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down, as JWT claims count them (RFC 7519,
    /// `NumericDate`). Moments before the epoch give 0.
    #[must_use]
    pub fn as_unix_secs(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }

    /// This moment moved by a span, stopping at the ends of what can be told.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// This moment moved back by a span.
    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// The span from an earlier moment to this one; negative when that one is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// A length of time in whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// A span of whole seconds.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// A span of milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Both, one after the other.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Whole seconds, rounded up, never negative: what a `Retry-After` or a remaining time says.
    #[must_use]
    pub fn as_secs_ceil(self) -> u64 {
        u64::try_from(self.0.saturating_add(999).div_euclid(1000)).unwrap_or(0)
    }

    /// Whole seconds, rounded down, never negative.
    #[must_use]
    pub fn as_secs_floor(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }
}

/// The clock. A use case reads it once and passes the moment on.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_down_for_claims_and_up_for_waiting() {
        assert_eq!(Timestamp::from_millis(1_999).as_unix_secs(), 1);
        assert_eq!(Timestamp::from_millis(-1).as_unix_secs(), 0);
        assert_eq!(Span::from_millis(1).as_secs_ceil(), 1);
        assert_eq!(Span::from_millis(-5_000).as_secs_ceil(), 0);
        assert_eq!(Span::from_millis(1_999).as_secs_floor(), 1);
    }

    #[test]
    fn moments_do_not_overflow() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.plus(Span::from_secs(1)), end);
    }
}
