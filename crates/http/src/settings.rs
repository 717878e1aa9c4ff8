//! What the HTTP side is told by the configuration.

use std::time::Duration;

use ipnet::IpNet;
use kogents_domain::secret::SecretText;
use url::Url;

use crate::origin::{self, Origin};

/// The settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Where clients reach this server. Whether it is https decides `Secure` and HSTS.
    pub public_url: Url,
    /// Where the dashboard is, for the landing page to link to.
    pub dashboard_url: Option<Url>,
    /// The origins that may read answers across origins.
    pub allowed_origins: Vec<Origin>,
    /// Whether this is development: pages on the developer's own machine are allowed too.
    pub development: bool,
    /// What opens the database's health routes in production; without it they are not there.
    pub health_token: Option<SecretText>,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long one use case may take before its caller is answered 503.
    pub request_deadline: Duration,
    /// How long a client may take to send a request's head before its connection is ended.
    pub head_deadline: Duration,
    /// How long a client may take to send a body before its connection is ended.
    pub body_deadline: Duration,
    /// How long a client may leave an answer unread before its connection is ended.
    pub answer_deadline: Duration,
    /// The most connections at once, at least one for each thread. Whoever comes beyond waits until
    /// one ends.
    pub max_connections: usize,
    /// How long answers that are under way are waited for at shutdown.
    pub shutdown_timeout: Duration,
}

impl HttpSettings {
    /// Whether clients reach this server by TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether a page of this origin may read answers and send credentials.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins
            .iter()
            .any(|allowed| allowed.as_str() == origin)
            || (self.development && origin::is_localhost(origin))
    }

    /// Whether a page of this origin may use the routes that read the refresh cookie.
    #[must_use]
    pub fn allows_cookies_from(&self, origin: &str) -> bool {
        Origin::of(&self.public_url).as_str() == origin || self.allows_origin(origin)
    }
}
