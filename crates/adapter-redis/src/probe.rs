//! Asks the cache whether it answers, and tells how it stands.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::cache::{CacheStanding, CacheWatch, ConnectionStanding};
use kogents_domain::health::{CheckStatus, Probe};

use crate::cache::Kept;

/// Asks the cache whether it answers. One that was lost and has not been told what it missed is
/// down still.
#[derive(Clone)]
pub struct RedisProbe(Arc<Kept>);

impl RedisProbe {
    pub(crate) const fn new(kept: Arc<Kept>) -> Self {
        Self(kept)
    }
}

#[async_trait]
impl Probe for RedisProbe {
    async fn check(&self) -> CheckStatus {
        match self.0.link.ping().await {
            Ok(()) => CheckStatus::Up,
            Err(error) => {
                tracing::warn!(%error, "the cache does not answer");
                CheckStatus::Down
            }
        }
    }
}

impl CacheWatch for RedisProbe {
    fn standing(&self) -> CacheStanding {
        let link = &self.0.link;
        let pool = link.pool.status();
        CacheStanding {
            is_up: link.trust.believed().is_some(),
            losses: link.trust.losses(),
            connections: Some(ConnectionStanding {
                active: pool.size.saturating_sub(pool.available),
                idle: pool.available,
                most: pool.max_size,
                waiting: pool.waiting,
            }),
        }
    }
}
