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
