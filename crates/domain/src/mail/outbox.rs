//! A mail job: one mail to one recipient, written with the change it tells of.

use crate::auth::{EmailAddress, Language};
use crate::digest::Digest;
use crate::ids::MailId;
use crate::mail::{Lane, Template};
use crate::time::{Span, Timestamp};

/// A mail to queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailJob {
    /// Identity; the mail's Message-ID on every try.
    pub id: MailId,
    /// Which template renders it.
    pub template: Template,
    /// In which language.
    pub language: Language,
    /// To whom.
    pub recipient: EmailAddress,
    /// The sealed [`MailMessage`](super::MailMessage), wiped when the job is finished.
    pub sealed: Vec<u8>,
    /// Not queued while a job with the same key was queued within the window.
    pub dedupe: Option<Dedupe>,
    /// A newer job with the same key voids older unsent ones.
    pub replace_key: Option<Digest>,
    /// Not before this moment.
    pub run_at: Timestamp,
    /// Not from this moment on; the job is then dropped. None: until it is given up.
    pub expires_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// At most one mail of a kind in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dedupe {
    /// What makes two jobs the same, keyed where it names an address.
    pub key: Digest,
    /// Until when another one is not queued.
    pub until: Timestamp,
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMail {
    /// Identity.
    pub id: MailId,
    /// Which template renders it.
    pub template: Template,
    /// Which lane it waits in.
    pub lane: Lane,
    /// In which language.
    pub language: Language,
    /// To whom.
    pub recipient: EmailAddress,
    /// The sealed message.
    pub sealed: Vec<u8>,
    /// Tries that were begun, this one included.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is dropped.
    pub expires_at: Option<Timestamp>,
}

/// When a job that failed is tried again: twice as long after every try, within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPlan {
    /// The pause after the first try.
    pub first: Span,
    /// The longest pause.
    pub longest: Span,
    /// Tries before the job is given up; None: until it expires.
    pub max_attempts: Option<u32>,
}

impl RetryPlan {
    /// The plan of a lane: codes fast and until they expire, the rest up to an hour apart, 12
    /// tries.
    #[must_use]
    pub const fn of(lane: Lane) -> Self {
        match lane {
            Lane::Code => Self {
                first: Span::from_secs(1),
                longest: Span::from_secs(30),
                max_attempts: None,
            },
            Lane::Security | Lane::Invitation | Lane::Other => Self {
                first: Span::from_secs(5),
                longest: Span::from_secs(3_600),
                max_attempts: Some(12),
            },
        }
    }

    /// When to try again after `attempts` tries, or None to give up. `jitter` is 0..=1000
    /// thousandths: the pause lies between half and all of the plan's.
    #[must_use]
    pub fn next(&self, attempts: u32, jitter: u32, now: Timestamp) -> Option<Timestamp> {
        if self.max_attempts.is_some_and(|most| attempts >= most) {
            return None;
        }
        let doublings = attempts.saturating_sub(1).min(20);
        let pause = self
            .first
            .as_millis()
            .saturating_mul(1_i64 << doublings)
            .min(self.longest.as_millis());
        let half = pause / 2;
        let share = half.saturating_mul(i64::from(jitter.min(1_000))) / 1_000;
        Some(now.plus(Span::from_millis(pause - half + share)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_within_bounds() {
        let now = Timestamp::from_millis(0);
        let plan = RetryPlan::of(Lane::Code);
        assert_eq!(
            plan.next(1, 1_000, now),
            Some(Timestamp::from_millis(1_000))
        );
        assert_eq!(plan.next(1, 0, now), Some(Timestamp::from_millis(500)));
        assert_eq!(
            plan.next(3, 1_000, now),
            Some(Timestamp::from_millis(4_000))
        );
        assert_eq!(
            plan.next(60, 1_000, now),
            Some(Timestamp::from_millis(30_000))
        );
        let plan = RetryPlan::of(Lane::Other);
        assert!(plan.next(11, 0, now).is_some());
        assert_eq!(plan.next(12, 0, now), None);
    }
}
