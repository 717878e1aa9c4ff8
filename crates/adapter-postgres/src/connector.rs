//! Opens connections, on the runtime that opened the store.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::runtime::Handle;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{Client, Config, Connection, NoTls, Socket};

use crate::open_error::OpenError;
use crate::options::PgOptions;

/// The least major version of the server.
const LEAST_MAJOR: u32 = 15;

/// A connection of the client library and the half that drives it.
pub(crate) type Opened = (Client, Connection<Socket, NoTlsStream>);

/// Opens connections to one database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    connect_timeout: Duration,
    settings: String,
    runtime: Handle,
}

impl Connector {
    /// A connector for a URL. Must be called on the runtime that is to drive the connections.
    pub(crate) fn new(url: &str, options: &PgOptions) -> Result<Self, OpenError> {
        let mut config = crate::url::read(url)?;
        if config.get_application_name().is_none() {
            config.application_name("kogents");
        }
        config.connect_timeout(options.connect_timeout);
        config.keepalives_idle(Duration::from_secs(30));
        // A server that is cut off is noticed also while a statement is on its way.
        config.tcp_user_timeout(Duration::from_secs(10));
        Ok(Self {
            config,
            connect_timeout: options.connect_timeout,
            settings: settings(options),
            runtime: Handle::current(),
        })
    }

    /// Opens a plain connection whose settings are the server's, and checks the server's version.
    ///
    /// This is the one place that chooses the transport: encryption is added here, by another
    /// connector in place of [`NoTls`].
    pub(crate) async fn open(&self) -> Result<Opened, OpenError> {
        let connecting = self.config.connect(NoTls);
        let (client, connection) = tokio::time::timeout(self.connect_timeout, connecting)
            .await
            .map_err(|_| OpenError::Unreachable("it does not answer in time".to_owned()))?
            .map_err(|error| OpenError::connecting(&error))?;
        check_version(connection.parameter("server_version").unwrap_or_default())?;
        Ok((client, connection))
    }

    /// Opens a plain connection and drives it in the background until the client is dropped.
    pub(crate) async fn open_driven(&self) -> Result<Client, OpenError> {
        let (client, connection) = self.open().await?;
        self.runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the database ended");
            }
        });
        Ok(client)
    }

    /// Opens a connection for the pool, with the timeouts set.
    ///
    /// The work is done on the store's runtime, whoever asks: what drives a connection lives as
    /// long as the runtime that it was started on.
    pub(crate) async fn open_pooled(&self) -> ConnectionResult<AsyncPgConnection> {
        let connector = self.clone();
        let opening = self.runtime.spawn(async move {
            let (client, connection) = connector.open().await.map_err(bad_connection)?;
            let mut pooled =
                AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
            pooled
                .batch_execute(&connector.settings)
                .await
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(pooled)
        });
        opening.await.map_err(bad_connection)?
    }

    /// The runtime that drives the connections.
    pub(crate) const fn runtime(&self) -> &Handle {
        &self.runtime
    }
}

fn bad_connection(error: impl std::fmt::Display) -> ConnectionError {
    ConnectionError::BadConnection(error.to_string())
}

/// The statements that set a connection's timeouts. Not every platform can look after clients
/// during a statement, hence the handler.
fn settings(options: &PgOptions) -> String {
    format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; \
         DO $$ BEGIN \
             PERFORM set_config('client_connection_check_interval', '{}', false); \
         EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$",
        options.statement_timeout.as_millis(),
        options.lock_timeout.as_millis(),
        options.idle_in_transaction_timeout.as_millis(),
        options.client_check_interval.as_millis(),
    )
}

fn check_version(version: &str) -> Result<(), OpenError> {
    let digits = version.split(|c: char| !c.is_ascii_digit()).next();
    let major: u32 = digits.and_then(|text| text.parse().ok()).unwrap_or(0);
    if major >= LEAST_MAJOR {
        return Ok(());
    }
    Err(OpenError::TooOld {
        found: version.to_owned(),
        least: LEAST_MAJOR,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_servers_are_refused_by_their_version() {
        for version in ["15.0", "15.20 (Debian 15.20-0+deb12u1)", "16beta1", "18"] {
            assert!(check_version(version).is_ok(), "{version}");
        }
        for version in ["14.19", "9.6.24", "", "unknown"] {
            assert!(
                matches!(check_version(version), Err(OpenError::TooOld { .. })),
                "{version}"
            );
        }
    }
}
