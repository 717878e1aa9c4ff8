//! What may be set of the cache.

use std::time::Duration;

use kogents_domain::secret::SecretText;

/// Settings of a [`RedisCache`](crate::RedisCache).
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// Where it is: `redis://user:password@host:port/database`, `rediss://` with TLS. See
    /// [`url_of`](crate::url_of).
    pub url: SecretText,
    /// What every name begins with: instances with the same prefix share everything.
    pub prefix: String,
    /// The most connections that are kept open, at least 1.
    pub max_connections: u16,
    /// The longest wait for a free connection.
    pub wait_timeout: Duration,
    /// The longest that opening a connection may take.
    pub connect_timeout: Duration,
    /// The longest wait for an answer.
    pub response_timeout: Duration,
    /// The pause between two attempts to reach a cache that is away.
    pub retry_pause: Duration,
    /// Certificates (PEM) of the authorities to trust with TLS in place of the public ones.
    pub root_certificates: Option<Vec<u8>>,
}

impl RedisSettings {
    /// The defaults for a server: a cache that goes away costs each request under way a second
    /// at most, and later ones nothing.
    #[must_use]
    pub fn new(url: SecretText) -> Self {
        Self {
            url,
            prefix: "kogents:".to_owned(),
            max_connections: 16,
            wait_timeout: Duration::from_millis(500),
            connect_timeout: Duration::from_millis(1_000),
            response_timeout: Duration::from_millis(500),
            retry_pause: Duration::from_millis(250),
            root_certificates: None,
        }
    }
}
