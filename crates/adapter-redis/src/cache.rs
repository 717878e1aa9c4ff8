//! Opens the cache, and lends what is kept in it.

use std::sync::Arc;

use kogents_domain::signup::CodePolicy;

use crate::connections;
use crate::failure::Failure;
use crate::keeper::Keeper;
use crate::keys::Keys;
use crate::link::Link;
use crate::open_error::OpenError;
use crate::pending_signups::RedisPendingSignups;
use crate::probe::RedisProbe;
use crate::rate_limiter::RedisRateLimiter;
use crate::scripts::Scripts;
use crate::server;
use crate::session_states::RedisSessionStates;
use crate::settings::RedisSettings;
use crate::trust::Trust;
use crate::url;

/// The cache on Redis. Clones, and what they lend, share one pool of connections.
///
/// Growth: nothing is kept in this process but the connections. In the server everything but one
/// number has an end, see the crate's documentation; what it keeps at most until then is its
/// `maxmemory`, which should throw nothing away early (`maxmemory-policy noeviction`): a full
/// server answers [`CacheError::Full`](kogents_domain::cache::CacheError::Full).
#[derive(Clone)]
pub struct RedisCache(Arc<Kept>);

pub(crate) struct Kept {
    pub(crate) link: Arc<Link>,
    _keeper: Keeper,
}

impl RedisCache {
    /// Opens the cache: connects, checks the server, loads the scripts, and voids what earlier
    /// instances knew of sessions, because they may have died while the cache was away.
    ///
    /// To be called on the runtime that lives as long as the cache is used: connections are driven
    /// there, whoever uses them.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn connect(settings: RedisSettings) -> Result<Self, OpenError> {
        let info = url::read(&settings.url, settings.root_certificates.as_deref())?;
        if url::is_encrypted(&info) {
            // Whatever else is compiled in: which cryptography TLS uses is not left to chance.
            // Where another part of the program has chosen already, its choice stays.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let trust = Arc::new(Trust::new());
        let link = Arc::new(Link {
            pool: connections::build(info, &settings, &trust)?,
            trust,
            scripts: Scripts::new(),
            keys: Keys::new(settings.prefix),
        });
        {
            let connecting = link.pool.get().await;
            let mut connection = connecting.map_err(|error| OpenError::connecting(&error))?;
            server::check(&link, &mut connection.redis).await?;
        }
        if let Some(doubt) = link.trust.doubt() {
            // If more is lost meanwhile, the keeper begins by bringing it back.
            link.regain(doubt).await.map_err(|failure| match failure {
                Failure::Full => OpenError::Lacks("memory: it is full".to_owned()),
                Failure::Away(cause) => OpenError::Unreachable(cause),
            })?;
        }
        let keeper = Keeper::start(Arc::clone(&link), settings.retry_pause);
        Ok(Self(Arc::new(Kept {
            link,
            _keeper: keeper,
        })))
    }

    /// Pending signups, with codes by this policy.
    #[must_use]
    pub fn pending_signups(&self, policy: CodePolicy) -> RedisPendingSignups {
        RedisPendingSignups::new(Arc::clone(&self.0), policy)
    }

    /// Snapshots and counters of sessions.
    #[must_use]
    pub fn session_states(&self) -> RedisSessionStates {
        RedisSessionStates::new(Arc::clone(&self.0))
    }

    /// The counters of rate limits.
    #[must_use]
    pub fn rate_limiter(&self) -> RedisRateLimiter {
        RedisRateLimiter::new(Arc::clone(&self.0))
    }

    /// Asks whether the cache answers.
    #[must_use]
    pub fn probe(&self) -> RedisProbe {
        RedisProbe::new(Arc::clone(&self.0))
    }
}

impl std::fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisCache(…)")
    }
}
