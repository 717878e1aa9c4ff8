//! What may be set of the store.

use std::time::Duration;

use kogents_domain::secret::SecretText;

use crate::url::Hints;

/// Settings of a [`PgStore`](crate::PgStore). The defaults answer, or fail, within two seconds.
#[derive(Debug, Clone)]
pub struct PgOptions {
    /// The most connections that are kept open, at least 1. If not set, the URL's
    /// `connection_limit`, else 10.
    pub max_connections: Option<u16>,
    /// Whether opening the store brings the tables up to date. If not, tables that are behind
    /// are an error.
    pub migrate: bool,
    /// Another URL for migrations, where the first one leads through a transaction pooler.
    pub direct_url: Option<SecretText>,
    /// The longest wait for a free connection. If not set, the URL's `pool_timeout`, else a
    /// second.
    pub wait_timeout: Option<Duration>,
    /// The longest that opening a connection may take. If not set, the URL's `connect_timeout`,
    /// else a second and a half.
    pub connect_timeout: Option<Duration>,
    /// The longest that a statement may run on the server.
    pub statement_timeout: Duration,
    /// The longest that a statement may wait for a lock.
    pub lock_timeout: Duration,
    /// The longest that a transaction may lie idle before the server ends its connection.
    pub idle_in_transaction_timeout: Duration,
    /// How often the server looks, during a statement, whether its client is still there.
    pub client_check_interval: Duration,
}

/// What holds for the pool, from settings, URL and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PoolLimits {
    pub(crate) max_connections: u16,
    pub(crate) wait_timeout: Duration,
    pub(crate) connect_timeout: Duration,
}

/// How long beginning a unit of work may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OpeningLimits {
    /// In all: for a free connection, for opening one, for the first answer where it is waited for,
    /// and for all of that once more where a connection that had rested turned out to have ended.
    /// No longer than the longest of these may take alone, so that they do not add up.
    pub(crate) total: Duration,
    /// For the first answer. It waits for no lock, so that a connection that is silent for so
    /// long has probably no server at its end, and there is time left for another one.
    pub(crate) answer: Duration,
}

/// What is left of beginning a unit of work for another connection, when the first was silent.
const SECOND_TRY: Duration = Duration::from_millis(750);

impl Default for PgOptions {
    fn default() -> Self {
        Self {
            max_connections: None,
            migrate: true,
            direct_url: None,
            wait_timeout: None,
            connect_timeout: None,
            statement_timeout: Duration::from_millis(1_500),
            lock_timeout: Duration::from_millis(1_200),
            idle_in_transaction_timeout: Duration::from_secs(5),
            client_check_interval: Duration::from_secs(1),
        }
    }
}

impl PgOptions {
    /// What holds for the pool: what is set, else what the URL says, else the default.
    pub(crate) fn pool_limits(&self, url: Hints) -> PoolLimits {
        PoolLimits {
            max_connections: self
                .max_connections
                .or(url.max_connections)
                .unwrap_or(10)
                .max(1),
            wait_timeout: (self.wait_timeout.or(url.wait_timeout))
                .unwrap_or(Duration::from_millis(1_000)),
            connect_timeout: (self.connect_timeout.or(url.connect_timeout))
                .unwrap_or(Duration::from_millis(1_500)),
        }
    }

    /// How long to wait for the answer to one statement: a little longer than the server may
    /// take, so that only a server that has gone silent is given up.
    pub(crate) fn answer_timeout(&self) -> Duration {
        self.statement_timeout
            .saturating_add(Duration::from_millis(250))
    }

    /// How long beginning a unit of work may take.
    pub(crate) fn opening_limits(&self, pool: PoolLimits) -> OpeningLimits {
        let answer = self.answer_timeout();
        let total = pool.wait_timeout.max(pool.connect_timeout).max(answer);
        OpeningLimits {
            total,
            answer: answer.min(total.saturating_sub(SECOND_TRY)),
        }
    }

    /// From when on a statement that the server refused was refused for its waiting: locks,
    /// deadlocks (found after a second by default), running too long. The client library does
    /// not pass on the server's code for these, and its messages come in any language.
    pub(crate) fn slow(&self) -> Duration {
        self.statement_timeout
            .min(self.lock_timeout)
            .min(Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r4_beginning_takes_less_than_two_seconds_and_leaves_time_for_a_second_connection() {
        let options = PgOptions::default();
        let limits = options.opening_limits(options.pool_limits(Hints::default()));
        assert_eq!(limits.total, Duration::from_millis(1_750));
        assert_eq!(limits.answer, Duration::from_millis(1_000));
        let patient = PgOptions {
            wait_timeout: Some(Duration::from_secs(30)),
            ..PgOptions::default()
        };
        let limits = patient.opening_limits(patient.pool_limits(Hints::default()));
        assert_eq!(limits.total, Duration::from_secs(30));
        assert_eq!(limits.answer, patient.answer_timeout());
    }

    #[test]
    fn what_is_set_counts_before_the_url_and_the_url_before_the_default() {
        let url = Hints {
            max_connections: Some(3),
            wait_timeout: Some(Duration::from_secs(3)),
            connect_timeout: Some(Duration::from_secs(4)),
            pooled_by_transaction: false,
        };
        let nothing_set = PgOptions::default();
        assert_eq!(
            nothing_set.pool_limits(url),
            PoolLimits {
                max_connections: 3,
                wait_timeout: Duration::from_secs(3),
                connect_timeout: Duration::from_secs(4),
            }
        );
        assert_eq!(
            nothing_set.pool_limits(Hints::default()).max_connections,
            10
        );
        let set = PgOptions {
            max_connections: Some(0),
            wait_timeout: Some(Duration::from_secs(1)),
            connect_timeout: Some(Duration::from_secs(2)),
            ..PgOptions::default()
        };
        assert_eq!(
            set.pool_limits(url),
            PoolLimits {
                max_connections: 1,
                wait_timeout: Duration::from_secs(1),
                connect_timeout: Duration::from_secs(2),
            }
        );
    }
}
