//! The contract suites, and what goes with every cache.

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_redis::redis;
use kogents_adapter_redis::RedisCache;
use kogents_domain::health::{CheckStatus, Probe as _};
use kogents_domain::limits::RateLimiter;
use kogents_domain::signup::{CodePolicy, PendingSignups};
use kogents_testkit::session_counters_contract::Instances;
use kogents_testkit::session_states_contract::SessionCache;

use crate::support::{patient, raw, server_url, shared_cache};

async fn fresh_pending_signups(policy: CodePolicy) -> Option<Arc<dyn PendingSignups>> {
    Some(Arc::new(shared_cache().await?.pending_signups(policy)))
}

async fn fresh_session_states() -> Option<Arc<dyn SessionCache>> {
    Some(Arc::new(shared_cache().await?.session_states()))
}

/// Two instances, whose server loses what they keep.
struct TwoCaches {
    url: String,
    prefix: String,
    caches: [RedisCache; 2],
}

#[async_trait]
impl Instances for TwoCaches {
    fn both(&self) -> [Arc<dyn SessionCache>; 2] {
        let [first, second] = &self.caches;
        [
            Arc::new(first.session_states()),
            Arc::new(second.session_states()),
        ]
    }

    async fn lose_everything(&self) {
        let mut connection = raw(&self.url).await;
        let names: Vec<String> = redis::cmd("KEYS")
            .arg(format!("{}*", self.prefix))
            .query_async(&mut connection)
            .await
            .unwrap();
        if names.is_empty() {
            return;
        }
        redis::cmd("DEL")
            .arg(names)
            .exec_async(&mut connection)
            .await
            .unwrap();
    }
}

async fn fresh_instances() -> Option<Arc<dyn Instances>> {
    let url = server_url()?;
    let settings = patient(&url);
    let prefix = settings.prefix.clone();
    let first = RedisCache::connect(settings.clone()).await.unwrap();
    let second = RedisCache::connect(settings).await.unwrap();
    let caches = [first, second];
    Some(Arc::new(TwoCaches {
        url,
        prefix,
        caches,
    }))
}

async fn fresh_rate_limiter() -> Option<Arc<dyn RateLimiter>> {
    Some(Arc::new(shared_cache().await?.rate_limiter()))
}

kogents_testkit::pending_signups_contract!(fresh_pending_signups);
kogents_testkit::session_states_contract!(fresh_session_states);
kogents_testkit::session_counters_contract!(fresh_instances);
kogents_testkit::rate_limiter_contract!(fresh_rate_limiter);

#[tokio::test]
async fn sessions_and_limiter_count_together() {
    let Some(cache) = shared_cache().await else {
        return;
    };
    let (limiter, states) = (cache.rate_limiter(), cache.session_states());
    kogents_testkit::rate_limiter_contract::counts_together(&limiter, &states).await;
}

#[tokio::test]
async fn a_server_that_answers_is_up() {
    let Some(cache) = shared_cache().await else {
        return;
    };
    assert_eq!(cache.probe().check().await, CheckStatus::Up);
}
