//! What one limit says of one request.

use std::borrow::Cow;

use super::{Level, Limit};
use crate::time::{Span, Timestamp};

/// How a request stands with one limit, as the header fields `RateLimit-Policy` and `RateLimit`
/// tell it (draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitStanding {
    /// The policy's name; one of its own for each limit.
    pub policy: Cow<'static, str>,
    /// How many at once.
    pub quota: u32,
    /// In how long that many come back.
    pub window: Span,
    /// How many are left.
    pub remaining: u32,
    /// How long it is until all of them are back; of a limit that refuses, until one is.
    pub reset: Span,
}

impl LimitStanding {
    /// How a counter stands at a level.
    #[must_use]
    pub fn at(
        policy: impl Into<Cow<'static, str>>,
        limit: &Limit,
        level: Option<Level>,
        now: Timestamp,
    ) -> Self {
        let remaining = limit.remaining(level, now);
        Self {
            policy: policy.into(),
            quota: limit.quota(),
            window: limit.window(),
            remaining,
            reset: if remaining == 0 {
                limit.wait(level, now)
            } else {
                limit.reset(level, now)
            },
        }
    }

    /// A limit of another kind that refuses for so long.
    #[must_use]
    pub fn refusing(
        policy: impl Into<Cow<'static, str>>,
        quota: u32,
        window: Span,
        wait: Span,
    ) -> Self {
        Self {
            policy: policy.into(),
            quota,
            window,
            remaining: 0,
            reset: wait,
        }
    }
}
