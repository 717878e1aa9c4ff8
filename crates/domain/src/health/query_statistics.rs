//! How the queries of this process go.

use std::time::Duration;

use crate::time::Timestamp;

/// How the queries of this process go.
///
/// A query is what one method of a repository asks; beginning a unit of work, with the wait for its
/// connection, and committing one are queries, too.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryFigures {
    /// Queries since the start.
    pub total: u64,
    /// Those of them that the store refused, did not answer in time, or was not waited for. A rule
    /// of the store that stands in the way is an answer, and no error.
    pub errors: u64,
    /// What half of the queries of the last minute took at most; None without any.
    pub p50: Option<Duration>,
    /// The same of 95 in a hundred.
    pub p95: Option<Duration>,
    /// The same of 99 in a hundred.
    pub p99: Option<Duration>,
    /// Queries a second, over the last minute.
    pub per_second: f64,
    /// What a slow query takes at least.
    pub slow_threshold: Duration,
    /// Slow queries since the start.
    pub slow_total: u64,
    /// The last of them, newest first, at most [`QueryFigures::RECENT`].
    pub recent: Vec<SlowQuery>,
}

impl QueryFigures {
    /// How many slow queries are remembered.
    pub const RECENT: usize = 20;
}

/// A query that took long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlowQuery {
    /// Its name, `sessions.rotate`: that of the repository and of its method.
    pub name: &'static str,
    /// How long it took.
    pub took: Duration,
    /// When it ended.
    pub at: Timestamp,
}

/// Knows how the queries of this process go. It asks nobody and waits for nothing.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait QueryStatistics: Send + Sync {
    /// The figures of this moment.
    fn figures(&self) -> QueryFigures;
}
