//! Taking one from a counter: in this process, and in Redis where `REDIS_URL` names one.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use kogents::config::{Cache, Config, Source};
use kogents_adapter_crypto::SystemClock;
use kogents_adapter_memory::MemoryRateLimiter;
use kogents_adapter_redis::{RedisCache, RedisRateLimiter, RedisSettings};
use kogents_domain::limits::{Charge, Limit, LimitRule, LimitSubject, RateLimiter};
use kogents_domain::time::{Clock as _, Span};
use tokio::runtime::{Builder, Runtime};

use crate::given;

/// One that never runs out, so that every answer is the same.
pub(crate) fn take(criterion: &mut Criterion) {
    let mut builder = Builder::new_multi_thread();
    let Ok(runtime) = builder.enable_all().build() else {
        return;
    };
    let limiter = MemoryRateLimiter::new(100_000);
    criterion.bench_function("limiter in the process, take", |bencher| {
        bencher.iter_custom(|times| takes(&runtime, &limiter, times));
    });
    if let Some(limiter) = runtime.block_on(redis()) {
        criterion.bench_function("limiter in Redis, take", |bencher| {
            bencher.iter_custom(|times| takes(&runtime, &limiter, times));
        });
    }
}

/// How long so many take, one after another.
fn takes(runtime: &Runtime, limiter: &dyn RateLimiter, times: u64) -> Duration {
    let (_, session, _) = given::ids();
    let charge = Charge {
        rule: LimitRule::GeneralSession,
        subject: LimitSubject::Session(session),
        limits: Arc::from([Limit::new(1_000_000_000, Span::from_secs(60))]),
    };
    runtime.block_on(async {
        let started = Instant::now();
        for _ in 0..times {
            // A Redis that has gone gives times that nobody takes for right.
            let _ = limiter
                .take(std::slice::from_ref(&charge), SystemClock.now())
                .await;
        }
        started.elapsed()
    })
}

/// The limiter of a server in this environment, if it has a Redis.
async fn redis() -> Option<RedisRateLimiter> {
    let config = Config::read_on(&Source::system(Path::new("."))).config;
    let Cache::Redis(redis) = config.stores.cache else {
        return None;
    };
    let settings = RedisSettings {
        prefix: format!("{}micro:", redis.prefix),
        ..RedisSettings::new(redis.url)
    };
    let cache = RedisCache::connect(settings).await.ok()?;
    Some(cache.rate_limiter())
}
