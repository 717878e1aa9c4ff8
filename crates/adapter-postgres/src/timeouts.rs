//! The timeouts that the server keeps, and how it is told of them.

use std::time::Duration;

use crate::options::PgOptions;

/// The timeouts that the server keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    statement: Duration,
    lock: Duration,
    idle_in_transaction: Duration,
    client_check: Duration,
}

impl Timeouts {
    pub(crate) const fn of(options: &PgOptions) -> Self {
        Self {
            statement: options.statement_timeout,
            lock: options.lock_timeout,
            idle_in_transaction: options.idle_in_transaction_timeout,
            client_check: options.client_check_interval,
        }
    }

    fn set(self, how: &str) -> String {
        format!(
            "{how} statement_timeout = {}; {how} lock_timeout = {}; \
             {how} idle_in_transaction_session_timeout = {}",
            self.statement.as_millis(),
            self.lock.as_millis(),
            self.idle_in_transaction.as_millis(),
        )
    }

    /// The statements that set a connection's timeouts. Not every platform can look after
    /// clients during a statement, hence the handler.
    pub(crate) fn for_connection(self) -> String {
        format!(
            "{}; DO $$ BEGIN \
                 PERFORM set_config('client_connection_check_interval', '{}', false); \
             EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$",
            self.set("SET"),
            self.client_check.as_millis(),
        )
    }

    /// The statements that set a transaction's timeouts.
    pub(crate) fn for_transaction(self) -> String {
        self.set("SET LOCAL")
    }
}
