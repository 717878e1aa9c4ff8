//! The port that ends, minimises and drops sessions whose time has come, many at once.

use std::net::IpAddr;

use async_trait::async_trait;

use super::{Coordinate, EndReason, Session, SessionActivity};
use crate::ids::SessionId;
use crate::store::StoreError;
use crate::time::Timestamp;

/// A session that ends by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedOut {
    /// The session.
    pub session_id: SessionId,
    /// When it ended: its last activity.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
}

/// What of a session's facts tells who was where, and is made coarse some time after it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Traces {
    /// The session.
    pub session_id: SessionId,
    /// The client's address.
    pub ip_address: IpAddr,
    /// The point.
    pub coordinate: Option<Coordinate>,
    /// The page that led here.
    pub referrer_url: Option<String>,
    /// The page entered at.
    pub landing_page: Option<String>,
}

/// What in the tables of sessions waits for upkeep, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UpkeepLag {
    /// The idle end that has passed longest ago of a session that has not ended.
    pub to_end_since: Option<Timestamp>,
    /// The end that is longest ago of a session that was not minimised.
    pub to_minimise_since: Option<Timestamp>,
    /// The moment of the oldest session there is.
    pub oldest: Option<Timestamp>,
    /// Rows in the DEFAULT partitions, because their month has none of its own, counted up to a
    /// bound; 0 where a store has no partitions.
    pub strays: u64,
}

/// Looks after the tables of sessions. No method touches a number of rows that grows with the
/// tables; `limit` bounds each.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionUpkeep: Send {
    /// Sessions that have not ended and whose idle end has passed, by the sessions' own rows, those
    /// that passed first first; with what the database has of their activity.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_idle(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Session, SessionActivity)>, StoreError>;

    /// Moves the idle ends of open sessions of which something was heard; never back, never past
    /// the absolute end. Those that somebody else is changing at this moment may be left out.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn move_idle_ends(&mut self, moved: &[(SessionId, Timestamp)]) -> Result<(), StoreError>;

    /// Ends those that have not ended and whose idle end, in their own row, has passed at `now`.
    /// Those that somebody else is changing at this moment may be left for the next time. Gives those
    /// that ended as they are then, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn end_timed_out(
        &mut self,
        sessions: &[TimedOut],
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError>;

    /// The traces of sessions that ended before this moment and were not minimised yet, those that
    /// ended first first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_traces(
        &mut self,
        ended_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Traces>, StoreError>;

    /// Puts traces in place of those kept, and marks the sessions as minimised.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn minimise(&mut self, traces: &[Traces]) -> Result<(), StoreError>;

    /// Drops sessions that were opened before this moment and have ended, with their facts and
    /// counters. Where the tables are partitioned, whole partitions are dropped, none with a
    /// session in it that has not ended, and `limit` bounds the partitions. Says how many rows of
    /// sessions (or partitions of them) went.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn drop_opened_before(
        &mut self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;

    /// Makes the partitions of this moment's month and of so many months after it, where there are
    /// partitions. Says how many were made.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn make_partitions(
        &mut self,
        now: Timestamp,
        months_ahead: u32,
    ) -> Result<u64, StoreError>;

    /// How far upkeep lags behind.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn lag(&mut self, now: Timestamp) -> Result<UpkeepLag, StoreError>;
}
