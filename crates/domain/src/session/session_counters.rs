//! The port that counts what sessions do, between two writes to the database.

use async_trait::async_trait;

use super::{ActivityCount, SessionActivity};
use crate::cache::CacheError;
use crate::ids::SessionId;
use crate::time::{Span, Timestamp};

/// Counters that the database has not got yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unflushed {
    /// The session.
    pub session_id: SessionId,
    /// Its totals.
    pub activity: SessionActivity,
    /// Tells whether they have changed since they were read.
    pub revision: u64,
}

impl Unflushed {
    /// For how long the same counters are given to nobody else.
    pub const CLAIM: Span = Span::from_secs(30);

    /// How long counters stay that the database has: longer than a snapshot is believed.
    pub const KEEP_FLUSHED: Span = Span::from_secs(120);

    /// How long counters stay that the database has not got.
    pub const KEEP_UNFLUSHED: Span = Span::from_secs(86_400);
}

/// Keeps the counters of sessions that are active, as totals, and knows which of them the database
/// has not got yet.
///
/// Counters begin with what the database has, given by
/// [`SessionStates::put`](super::SessionStates::put) or by [`count`](Self::count), and are written
/// back as totals, of which the database keeps the greater: so a write that is repeated, or that
/// crosses another, does no harm.
///
/// Growth: one entry per session; one that was written back ends [`Unflushed::KEEP_FLUSHED`] after
/// it was last used, one that nobody writes back [`Unflushed::KEEP_UNFLUSHED`] after it last
/// changed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionCounters: Send + Sync {
    /// Adds an activity to a session's counters, in one atomic step. They go on from `base`, which
    /// the database has, of each counter the greater; without a base and without an entry nothing
    /// is counted.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) -> Result<(), CacheError>;

    /// The counters of sessions, in the order asked for; None where there is no entry. One round
    /// trip.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn look(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError>;

    /// At most `limit` of the counters that the database has not got, those that have waited
    /// longest first. For [`Unflushed::CLAIM`] from now, or until they are [`flushed`](Self::flushed),
    /// nobody else gets them.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn unflushed(&self, limit: u32, now: Timestamp) -> Result<Vec<Unflushed>, CacheError>;

    /// The database has these. Those that have changed since wait again, from now on.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn flushed(&self, flushed: &[Unflushed], now: Timestamp) -> Result<(), CacheError>;

    /// Of how many sessions there are counters that the database has not got, those included that
    /// somebody writes back at present, for figures: a cheap look, that may still count some which
    /// have ended.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn waiting(&self) -> Result<u64, CacheError>;
}
