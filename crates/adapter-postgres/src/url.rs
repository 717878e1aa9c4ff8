//! Reads the database's URL, as libpq writes it and as Prisma does.
//!
//! What the client library knows goes on to it; what has a counterpart here is mapped; the rest is
//! passed over with a warning that names the parameter and never the URL.

mod authority;
mod percent;

use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::open_error::{OpenError, told};
use crate::tls::{Roots, TlsMode, TlsWanted};

/// Parameters that the client library understands itself. `host` and `port` are seen to by
/// `authority`, because they take the place of what stands before the path.
const PASSED_ON: [&str; 17] = [
    "application_name",
    "channel_binding",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// The schema that is meant where none is named.
const DEFAULT_SCHEMA: &str = "public";
/// The longest name that the server keeps whole, in octets.
const MAX_NAME: usize = 63;

/// What a URL says.
#[derive(Debug)]
pub(crate) struct DatabaseUrl {
    /// Where to connect, and as whom.
    pub(crate) config: Config,
    /// How the connection is protected.
    pub(crate) tls: TlsWanted,
    /// The schema of the tables, where it is another than `public`.
    pub(crate) schema: Option<String>,
    /// What the URL says of the pool.
    pub(crate) hints: Hints,
}

/// What a URL says of the pool; settings of the store's own count for more.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hints {
    /// `connection_limit`.
    pub(crate) max_connections: Option<u16>,
    /// `pool_timeout`.
    pub(crate) wait_timeout: Option<Duration>,
    /// `connect_timeout`.
    pub(crate) connect_timeout: Option<Duration>,
    /// `pgbouncer=true`: a pooler hands out its connections by transaction, so nothing may rest in
    /// one from one transaction to the next.
    pub(crate) pooled_by_transaction: bool,
}

/// Reads `postgresql://user:password@host:port/database?…`.
pub(crate) fn read(url: &str) -> Result<DatabaseUrl, OpenError> {
    if !url.starts_with("postgresql://") && !url.starts_with("postgres://") {
        return Err(invalid("it must begin with postgresql://"));
    }
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    if query.contains('@') {
        // A password with a question mark would end up here, and its end in the log.
        return Err(invalid(
            "an @ follows a ?; write ? and @ in names and passwords percent-encoded (%3F, %40)",
        ));
    }
    let mut reading = Reading::default();
    for parameter in query.split('&').filter(|part| !part.is_empty()) {
        reading.take(parameter)?;
    }
    reading.finish(base)
}

/// What was read so far.
#[derive(Default)]
struct Reading<'a> {
    passed_on: Vec<(&'a str, &'a str)>,
    mode: Option<TlsMode>,
    roots: Option<Roots>,
    schema: Option<String>,
    hints: Hints,
}

impl<'a> Reading<'a> {
    fn take(&mut self, parameter: &'a str) -> Result<(), OpenError> {
        let Some((key, raw)) = parameter.split_once('=') else {
            return Err(invalid("a parameter has no value"));
        };
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(invalid("the name of a parameter cannot be read"));
        }
        let value =
            percent::decode(raw).ok_or_else(|| unusable(key, "is not percent-encoded UTF-8"))?;
        match key {
            "sslmode" => self.mode = Some(TlsMode::parse(&value).ok_or_else(unknown_sslmode)?),
            "sslrootcert" if value == "system" => self.roots = Some(Roots::Public),
            "sslrootcert" => self.roots = Some(Roots::File(value.into())),
            "schema" => self.schema = schema(value)?,
            "connection_limit" => self.hints.max_connections = Some(connections(&value)?),
            "pool_timeout" => self.hints.wait_timeout = seconds(key, &value)?,
            "connect_timeout" => self.hints.connect_timeout = seconds(key, &value)?,
            "pgbouncer" => self.hints.pooled_by_transaction = boolean(key, &value)?,
            _ if PASSED_ON.contains(&key) => self.passed_on.push((key, raw)),
            // Whoever asks for protection must not be given less of it with a shrug.
            _ if key.starts_with("ssl") && key != "sslaccept" => {
                return Err(unusable(key, "is not supported"));
            }
            _ => tracing::warn!(parameter = key, "ignoring a parameter of the database URL"),
        }
        Ok(())
    }

    fn finish(self, base: &str) -> Result<DatabaseUrl, OpenError> {
        let plain_url = authority::merge(base, &self.passed_on)?;
        let mut config: Config = plain_url
            .parse()
            .map_err(|error: tokio_postgres::Error| OpenError::InvalidUrl(told(&error)))?;
        let tls = TlsWanted::new(self.mode.unwrap_or(TlsMode::Prefer), self.roots)?;
        // Nobody can listen in on a socket of the same machine, and TLS has no name to verify.
        let over_network = !config.get_hostaddrs().is_empty()
            || config
                .get_hosts()
                .iter()
                .any(|host| matches!(host, Host::Tcp(_)));
        config.ssl_mode(match tls.mode() {
            _ if !over_network => SslMode::Disable,
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
        });
        if let Some(schema) = &self.schema {
            let set = format!("-c search_path={}", as_option(&quoted(schema)));
            let options = match config.get_options() {
                Some(given) => format!("{given} {set}"),
                None => set,
            };
            config.options(options);
        }
        Ok(DatabaseUrl {
            config,
            tls,
            schema: self.schema,
            hints: self.hints,
        })
    }
}

fn schema(name: String) -> Result<Option<String>, OpenError> {
    if name == DEFAULT_SCHEMA {
        return Ok(None);
    }
    if name.is_empty() || name.len() > MAX_NAME || name.contains('\0') || name.starts_with("pg_") {
        return Err(unusable("schema", "is no name that a schema may have"));
    }
    Ok(Some(name))
}

/// A name as SQL quotes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A value as the server's command line has it: blanks and backslashes escaped.
fn as_option(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_ascii_whitespace() || c == '\\' {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn connections(value: &str) -> Result<u16, OpenError> {
    match value.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(unusable("connection_limit", "is not from 1 to 65535")),
    }
}

/// A time in whole seconds. Zero means to wait for ever, which nobody here does: the default holds.
fn seconds(key: &str, value: &str) -> Result<Option<Duration>, OpenError> {
    let seconds: u32 = value
        .parse()
        .map_err(|_| unusable(key, "is not a whole number of seconds"))?;
    if seconds == 0 {
        tracing::warn!(
            parameter = key,
            "waiting for ever is not supported; the default holds"
        );
        return Ok(None);
    }
    Ok(Some(Duration::from_secs(u64::from(seconds))))
}

fn boolean(key: &str, value: &str) -> Result<bool, OpenError> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(unusable(key, "is neither true nor false")),
    }
}

fn unknown_sslmode() -> OpenError {
    invalid("sslmode is none of disable, prefer, require, verify-ca, verify-full")
}

fn invalid(reason: &str) -> OpenError {
    OpenError::InvalidUrl(reason.to_owned())
}

fn unusable(key: &str, reason: &str) -> OpenError {
    OpenError::InvalidUrl(format!("{key} {reason}"))
}

#[cfg(test)]
mod tests;
