//! Opens connections, on the runtime that opened the store.

use std::net::IpAddr;
use std::time::Duration;

use diesel::connection::CacheSize;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::runtime::Handle;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::open_error::{self, OpenError};
use crate::options::{PgOptions, PoolLimits};
use crate::planning;
use crate::timeouts::Timeouts;
use crate::url::DatabaseUrl;

/// The least major version of the server.
const LEAST_MAJOR: u32 = 15;

type Encrypted = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// A connection of the client library and the half that drives it.
pub(crate) type Opened = (Client, Connection<Socket, Encrypted>);

/// Units of work say that they write. A statement that was sent behind a BEGIN which then failed is
/// in none of them, and is to change nothing.
const OUTSIDE: &str = "SET default_transaction_read_only = on";

/// Opens connections to one database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    tls: MakeRustlsConnect,
    schema: Option<String>,
    limits: PoolLimits,
    pooled_by_transaction: bool,
    timeouts: Timeouts,
    runtime: Handle,
}

impl Connector {
    /// A connector for a URL. Must be called on the runtime that is to drive the connections.
    pub(crate) fn new(url: &str, options: &PgOptions) -> Result<Self, OpenError> {
        let DatabaseUrl {
            mut config,
            tls,
            schema,
            hints,
        } = crate::url::read(url)?;
        let limits = options.pool_limits(hints);
        if config.get_application_name().is_none() {
            config.application_name("kogents");
        }
        config.connect_timeout(limits.connect_timeout);
        config.keepalives_idle(Duration::from_secs(30));
        // A server that is cut off is noticed also while a statement is on its way.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(10));
        }
        if !tls.mode().verifies() && leaves_the_machine(&config) {
            tracing::warn!(
                "nothing proves that the database is the one that is meant; \
                 set sslmode=verify-full in its URL"
            );
        }
        Ok(Self {
            tls: tls.connector(config.get_ssl_negotiation())?,
            config,
            schema,
            limits,
            pooled_by_transaction: hints.pooled_by_transaction,
            timeouts: Timeouts::of(options),
            runtime: Handle::current(),
        })
    }

    /// Opens a connection whose settings are the server's, and checks the server's version.
    pub(crate) async fn open(&self) -> Result<Opened, OpenError> {
        let connecting = tokio::time::timeout(self.limits.connect_timeout, self.connect());
        let (client, connection) = connecting
            .await
            .map_err(|_| OpenError::Unreachable("it does not answer in time".to_owned()))??;
        check_version(connection.parameter("server_version").unwrap_or_default())?;
        Ok((client, connection))
    }

    /// Connects. With `prefer` a connection that TLS stands in the way of is tried without it,
    /// as libpq does.
    async fn connect(&self) -> Result<Opened, OpenError> {
        let error = match self.config.connect(self.tls.clone()).await {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        let in_the_way = open_error::is_about_tls(&error) || open_error::is_about_rules(&error);
        if self.config.get_ssl_mode() == SslMode::Prefer && in_the_way {
            tracing::debug!(%error, "trying the database again without TLS");
            let mut plain = self.config.clone();
            plain.ssl_mode(SslMode::Disable);
            let second = plain.connect(self.tls.clone()).await;
            // A server that takes neither says most by what it said first.
            return second.map_err(|_| OpenError::connecting(&error));
        }
        if self.config.get_ssl_mode() == SslMode::Disable && open_error::is_about_rules(&error) {
            return Err(OpenError::Tls(format!(
                "the connection is not encrypted and the server does not let it in, \
                 perhaps for that: {}",
                open_error::told(&error)
            )));
        }
        Err(OpenError::connecting(&error))
    }

    /// Opens such a connection and drives it in the background until the client is dropped.
    pub(crate) async fn open_driven(&self) -> Result<Client, OpenError> {
        let (client, connection) = self.open().await?;
        self.runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the database ended");
            }
        });
        Ok(client)
    }

    /// Opens a connection for the pool, with the timeouts and what the planner may do set.
    ///
    /// The work is done on the store's runtime, whoever asks: what drives a connection lives as
    /// long as the runtime that it was started on.
    pub(crate) async fn open_pooled(&self) -> ConnectionResult<AsyncPgConnection> {
        let connector = self.clone();
        let opening = self.runtime.spawn(async move {
            let (client, connection) = connector.open().await.map_err(bad_connection)?;
            let mut pooled =
                AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
            if connector.pooled_by_transaction {
                // Statements prepared in one transaction are not there in the next.
                pooled.set_prepared_statement_cache_size(CacheSize::Disabled);
                return Ok(pooled);
            }
            pooled
                .batch_execute(&format!(
                    "{}; {}; {OUTSIDE}",
                    planning::settings("SET"),
                    connector.timeouts.for_connection()
                ))
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

    /// The schema of the tables, where it is another than the server's default.
    pub(crate) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// What holds for the pool.
    pub(crate) const fn limits(&self) -> PoolLimits {
        self.limits
    }

    /// Whether the URL says that connections are lent by transaction.
    pub(crate) const fn says_pooled(&self) -> bool {
        self.pooled_by_transaction
    }

    /// What each transaction must set for itself, because connections keep nothing for it.
    pub(crate) fn transaction_settings(&self) -> Option<String> {
        self.pooled_by_transaction.then(|| {
            format!(
                "{}; {}",
                planning::settings("SET LOCAL"),
                self.timeouts.for_transaction()
            )
        })
    }
}

/// Whether connections leave the machine: by a socket or to itself they do not.
fn leaves_the_machine(config: &Config) -> bool {
    let far = |address: &IpAddr| !address.is_loopback();
    let mut addresses = config.get_hostaddrs().iter();
    addresses.any(far)
        || (config.get_hostaddrs().is_empty()
            && config.get_hosts().iter().any(|host| match host {
                Host::Tcp(name) => {
                    name != "localhost" && name.parse().map_or(true, |address| far(&address))
                }
                Host::Unix(_) => false,
            }))
}

fn bad_connection(error: impl std::fmt::Display) -> ConnectionError {
    ConnectionError::BadConnection(error.to_string())
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

    #[test]
    fn sockets_and_loopback_stay_on_the_machine() {
        for (url, leaves) in [
            ("postgres:///chat?host=/run/postgresql", false),
            ("postgres://ada@localhost/chat", false),
            ("postgres://ada@127.0.0.1/chat", false),
            ("postgres://ada@[::1]/chat", false),
            ("postgres://ada@192.0.2.1/chat", true),
            ("postgres://ada@db.example/chat", true),
            ("postgres://ada@db.example/chat?hostaddr=127.0.0.1", false),
            ("postgres://ada@localhost/chat?hostaddr=192.0.2.1", true),
            ("postgres://ada@localhost,db.example/chat", true),
        ] {
            let config = crate::url::read(url).unwrap().config;
            assert_eq!(leaves_the_machine(&config), leaves, "{url}");
        }
    }
}
