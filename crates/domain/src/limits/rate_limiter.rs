//! The port that counts.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{ClientNetwork, Level, Limit, LimitRule, LimitStanding};
use crate::cache::CacheError;
use crate::digest::Digest;
use crate::ids::{ApiTokenId, SessionId, UserId};
use crate::time::{Span, Timestamp};

/// Whom a rule counts. Addresses of persons and secrets of signups are digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitSubject {
    /// A client.
    Client(ClientNetwork),
    /// A mail address, as its keyed digest.
    Mailbox(Digest),
    /// A mail address from one client.
    MailboxFrom(Digest, ClientNetwork),
    /// A pending signup, as the name it is kept under.
    Signup(Digest),
    /// A session.
    Session(SessionId),
    /// An API token.
    ApiToken(ApiTokenId),
    /// A person, whatever their address is.
    Person(UserId),
}

/// As caches name it.
impl fmt::Display for LimitSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |digest: &Digest, f: &mut fmt::Formatter<'_>| {
            let mut octets = digest.as_bytes().iter();
            octets.try_for_each(|octet| write!(f, "{octet:02x}"))
        };
        match self {
            Self::Client(network) => network.fmt(f),
            Self::Mailbox(digest) | Self::Signup(digest) => hex(digest, f),
            Self::MailboxFrom(digest, network) => {
                hex(digest, f)?;
                write!(f, ":{network}")
            }
            Self::Session(id) => id.fmt(f),
            Self::ApiToken(id) => id.fmt(f),
            Self::Person(id) => id.fmt(f),
        }
    }
}

/// One counted by a rule. Each of the rule's limits has a counter of its own for each subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The rule.
    pub rule: LimitRule,
    /// Whom it counts.
    pub subject: LimitSubject,
    /// The rule's limits, in an order that stays.
    pub limits: Arc<[Limit]>,
}

impl Charge {
    /// How each counter stands at its level; levels in the limits' order.
    pub fn standings(
        &self,
        levels: impl IntoIterator<Item = Option<Level>>,
        now: Timestamp,
    ) -> Vec<LimitStanding> {
        let several = self.limits.len() > 1;
        let name = |limit: &Limit| {
            let window = limit.window().as_secs_ceil();
            format!("{}-{window}s", self.rule.as_str())
        };
        self.limits
            .iter()
            .zip(levels)
            .map(|(limit, level)| {
                if several {
                    LimitStanding::at(name(limit), limit, level, now)
                } else {
                    LimitStanding::at(self.rule.as_str(), limit, level, now)
                }
            })
            .collect()
    }

    /// How long the counters at these levels refuse; nothing when none does.
    pub fn wait(
        &self,
        levels: impl IntoIterator<Item = Option<Level>>,
        now: Timestamp,
    ) -> Option<Span> {
        self.limits
            .iter()
            .zip(levels)
            .map(|(limit, level)| limit.wait(level, now))
            .filter(|wait| wait.as_millis() > 0)
            .max()
    }
}

/// What came of charges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// When one of them was refused: how long until none would be. Nothing was taken then.
    pub refused_for: Option<Span>,
    /// How every counter stands now, in the charges' order.
    pub standings: Vec<LimitStanding>,
}

/// Counts. Every method is one atomic step, also between processes that share the counters.
///
/// Growth: an empty counter is not kept; a counter lives until it is empty by itself, which is at
/// most its limit's window. Adapters in a process state the bound on their number.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one from every counter of the charges, if each has one; else from none. So what is
    /// refused costs nothing.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError>;

    /// Says what [`take`](Self::take) would, and takes nothing.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError>;

    /// Gives one back to every counter of `given_back`, empties those of `cleared`, and says how
    /// the counters of both stand then, in this order.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError>;

    /// Empties every counter, of whatever rule, whose subject is this mailbox, alone or from
    /// whatever client, or this person. For an operator: it may go through all the counters, and a
    /// counter that is taken from meanwhile may stay.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError>;
}
