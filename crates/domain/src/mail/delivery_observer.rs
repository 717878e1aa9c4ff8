//! The port that hears how deliveries went, for figures.

use super::Lane;
use crate::time::Span;

/// How a try to deliver a mail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryOutcome {
    /// A server took the mail.
    Sent,
    /// It is tried again.
    Retried,
    /// No server took any mail; the try does not count.
    Postponed,
    /// It was given up.
    Dead,
    /// It expired before it could be sent.
    Expired,
}

impl DeliveryOutcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [
        Self::Sent,
        Self::Retried,
        Self::Postponed,
        Self::Dead,
        Self::Expired,
    ];

    /// The name in figures.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retried => "retried",
            Self::Postponed => "postponed",
            Self::Dead => "dead",
            Self::Expired => "expired",
        }
    }
}

/// Hears how deliveries went.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait DeliveryObserver: Send + Sync {
    /// A try of a job in this lane has ended, so long after the job was queued.
    fn tried(&self, lane: Lane, outcome: DeliveryOutcome, since_queued: Span);
}
