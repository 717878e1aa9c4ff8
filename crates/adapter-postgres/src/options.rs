//! What may be set of the store.

use std::time::Duration;

use kogents_domain::secret::SecretText;

/// Settings of a [`PgStore`](crate::PgStore). The defaults answer, or fail, within two seconds.
#[derive(Debug, Clone)]
pub struct PgOptions {
    /// The most connections that are kept open, at least 1.
    pub max_connections: u16,
    /// Whether opening the store brings the tables up to date. If not, tables that are behind
    /// are an error.
    pub migrate: bool,
    /// Another URL for migrations, where the first one leads through a transaction pooler.
    pub direct_url: Option<SecretText>,
    /// The longest wait for a free connection.
    pub wait_timeout: Duration,
    /// The longest that opening a connection may take.
    pub connect_timeout: Duration,
    /// The longest that a statement may run on the server.
    pub statement_timeout: Duration,
    /// The longest that a statement may wait for a lock.
    pub lock_timeout: Duration,
    /// The longest that a transaction may lie idle before the server ends its connection.
    pub idle_in_transaction_timeout: Duration,
    /// How often the server looks, during a statement, whether its client is still there.
    pub client_check_interval: Duration,
}

impl Default for PgOptions {
    fn default() -> Self {
        Self {
            max_connections: 10,
            migrate: true,
            direct_url: None,
            wait_timeout: Duration::from_millis(1_000),
            connect_timeout: Duration::from_millis(1_500),
            statement_timeout: Duration::from_millis(1_500),
            lock_timeout: Duration::from_millis(1_200),
            idle_in_transaction_timeout: Duration::from_secs(5),
            client_check_interval: Duration::from_secs(1),
        }
    }
}

impl PgOptions {
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
