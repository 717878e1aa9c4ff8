//! Reads the database's URL.

use tokio_postgres::Config;

use crate::open_error::OpenError;

/// Parameters of other clients that mean nothing here: the pool is sized by settings of its own.
const IGNORED: [&str; 6] = [
    "connection_limit",
    "pool_timeout",
    "pgbouncer",
    "statement_cache_size",
    "socket_timeout",
    "sslaccept",
];

/// Reads `postgresql://user:password@host:port/database?…`.
///
/// Asking for TLS is refused rather than ignored.
pub(crate) fn read(url: &str) -> Result<Config, OpenError> {
    if !url.starts_with("postgresql://") && !url.starts_with("postgres://") {
        return Err(OpenError::InvalidUrl(
            "it must begin with postgresql://".to_owned(),
        ));
    }
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut kept = Vec::new();
    for parameter in query.split('&').filter(|part| !part.is_empty()) {
        if keeps(parameter)? {
            kept.push(parameter);
        }
    }
    let cleaned = if kept.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", kept.join("&"))
    };
    cleaned.parse().map_err(|error: tokio_postgres::Error| {
        OpenError::InvalidUrl(crate::open_error::told(&error))
    })
}

/// Whether a parameter goes on to the client library.
fn keeps(parameter: &str) -> Result<bool, OpenError> {
    let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    match (key, value) {
        // The connection is plain, which is what these allow.
        ("sslmode", "disable" | "allow" | "prefer") => Ok(false),
        ("sslmode", "require" | "verify-ca" | "verify-full") => {
            Err(OpenError::TlsNotSupported(format!("sslmode={value}")))
        }
        ("sslmode", _) => Err(OpenError::InvalidUrl("unknown sslmode".to_owned())),
        ("sslcert" | "sslkey" | "sslrootcert" | "sslnegotiation", _) => {
            Err(OpenError::TlsNotSupported(key.to_owned()))
        }
        ("schema", "public") => Ok(false),
        ("schema", _) => Err(OpenError::InvalidUrl(
            "only the schema public is supported".to_owned(),
        )),
        (key, _) if IGNORED.contains(&key) => {
            tracing::warn!(parameter = key, "ignoring a parameter of the database URL");
            Ok(false)
        }
        _ => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_other_clients_do_not_get_in_the_way() {
        let config = read(
            "postgresql://ada:secret@db.example:6432/chat?schema=public&connection_limit=5\
             &sslmode=prefer&application_name=chat&pgbouncer=true",
        )
        .unwrap();
        assert_eq!(config.get_user(), Some("ada"));
        assert_eq!(config.get_dbname(), Some("chat"));
        assert_eq!(config.get_ports(), [6432]);
        assert_eq!(config.get_application_name(), Some("chat"));
    }

    #[test]
    fn asking_for_tls_is_refused_and_not_ignored() {
        for query in [
            "sslmode=require",
            "sslmode=verify-ca",
            "connection_limit=1&sslmode=verify-full",
            "sslrootcert=ca.pem",
        ] {
            let refused = read(&format!("postgres://ada@db.example/chat?{query}"));
            assert!(
                matches!(refused, Err(OpenError::TlsNotSupported(_))),
                "{query}"
            );
        }
    }

    #[test]
    fn other_urls_are_refused_without_showing_their_password() {
        for url in [
            "mysql://ada:secret@db.example/chat",
            "host=db.example password=secret",
            "postgres://ada:secret@db.example/chat?sslmode=maybe",
            "postgres://ada:secret@db.example/chat?unheard=of",
            "postgres://ada:secret@db.example/chat?schema=other",
            "postgres://ada:secret@db.example:port/chat",
        ] {
            let message = match read(url) {
                Err(error @ OpenError::InvalidUrl(_)) => error.to_string(),
                other => panic!("{url}: {other:?}"),
            };
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
