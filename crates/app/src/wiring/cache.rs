//! Where what may be lost is kept: in the process, or Redis.

use std::sync::Arc;

use kogents_adapter_memory::{
    MemoryPendingSignups, MemoryProbe, MemoryRateLimiter, MemorySessionStates,
};
use kogents_adapter_redis::{RedisCache, RedisSettings};
use kogents_domain::cache::CacheWatch;
use kogents_domain::health::Probe;
use kogents_domain::limits::RateLimiter;
use kogents_domain::session::{SessionCounters, SessionStates};
use kogents_domain::signup::{CodePolicy, PendingSignups};
use prometheus::Registry;

use super::{place, setup};
use crate::config::{Cache, Redis};
use crate::failure::Failure;
use crate::figures::{CacheFigures, LimitFigures};
use crate::measured::{
    MeasuredLocalLimiter, MeasuredPendingSignups, MeasuredRateLimiter, MeasuredSessionCounters,
    MeasuredSessionStates,
};

/// Pending signups kept in the process at once: some 2 KiB each.
const PENDING_SIGNUPS: usize = 50_000;
/// Persons whose sessions are cached, and sessions that are counted, in the process at once: some
/// 300 bytes each.
const PERSONS: usize = 100_000;
/// Counters of rate limits kept in the process at once: some 200 bytes each.
const LIMIT_COUNTERS: usize = 100_000;

/// An open cache, behind its ports.
pub(crate) struct OpenCache {
    pub(crate) pending: Arc<dyn PendingSignups>,
    pub(crate) states: Arc<dyn SessionStates>,
    pub(crate) counters: Arc<dyn SessionCounters>,
    /// Counts in this process while the other gives no answer.
    pub(crate) local_counters: Arc<dyn SessionCounters>,
    pub(crate) limiter: Arc<dyn RateLimiter>,
    /// Counts in this process while the other gives no answer.
    pub(crate) local_limiter: Arc<dyn RateLimiter>,
    pub(crate) probe: Arc<dyn Probe>,
    watch: Arc<dyn CacheWatch>,
    /// What it is and where, for the operator.
    pub(crate) told: String,
}

impl OpenCache {
    /// The same with everything measured.
    fn measured(self, registry: &Registry) -> Result<Self, prometheus::Error> {
        let figures = CacheFigures::new(registry, self.watch.clone())?;
        let limits = LimitFigures::new(registry)?;
        let states = MeasuredSessionStates::new(self.states, &figures, limits.in_cache());
        let limiter = MeasuredRateLimiter::new(self.limiter, &figures, limits.in_cache());
        let local = MeasuredLocalLimiter::new(self.local_limiter, limits.in_process());
        Ok(Self {
            pending: Arc::new(MeasuredPendingSignups::new(self.pending, &figures)),
            states: Arc::new(states),
            counters: Arc::new(MeasuredSessionCounters::new(self.counters, &figures)),
            limiter: Arc::new(limiter),
            local_limiter: Arc::new(local),
            ..self
        })
    }
}

/// How a cache on a server is opened.
pub(crate) fn redis_settings(redis: &Redis) -> RedisSettings {
    RedisSettings {
        prefix: redis.prefix.clone(),
        ..RedisSettings::new(redis.url.clone())
    }
}

/// Opens the cache that the configuration asks for.
pub(super) async fn open(
    cache: &Cache,
    policy: CodePolicy,
    registry: &Registry,
) -> Result<OpenCache, Failure> {
    let open = open_unmeasured(cache, policy).await?;
    let measured = open.measured(registry);
    measured.map_err(|error| setup("the figures", &error))
}

/// The same for a command, which tells nobody any figures.
pub(super) async fn open_unmeasured(
    cache: &Cache,
    policy: CodePolicy,
) -> Result<OpenCache, Failure> {
    let local = MemoryRateLimiter::new(LIMIT_COUNTERS);
    // What this process knows and counts of sessions for as long as the cache is away.
    let local_counters = Arc::new(MemorySessionStates::new(PERSONS, local.clone()));
    match cache {
        Cache::InProcess => {
            let states = Arc::new(MemorySessionStates::new(PERSONS, local.clone()));
            Ok(OpenCache {
                pending: Arc::new(MemoryPendingSignups::new(policy, PENDING_SIGNUPS)),
                states: states.clone(),
                counters: states,
                local_counters,
                limiter: Arc::new(local.clone()),
                local_limiter: Arc::new(local),
                probe: Arc::new(MemoryProbe),
                watch: Arc::new(MemoryProbe),
                told: "in this process".to_owned(),
            })
        }
        Cache::Redis(redis) => {
            let cache = RedisCache::connect(redis_settings(redis)).await?;
            let states = Arc::new(cache.session_states());
            Ok(OpenCache {
                pending: Arc::new(cache.pending_signups(policy)),
                states: states.clone(),
                counters: states,
                local_counters,
                limiter: Arc::new(cache.rate_limiter()),
                local_limiter: Arc::new(local),
                probe: Arc::new(cache.probe()),
                watch: Arc::new(cache.probe()),
                told: format!("Redis{}", place(&redis.url)),
            })
        }
    }
}
