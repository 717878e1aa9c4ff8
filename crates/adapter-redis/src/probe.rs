//! Asks the cache whether it answers.

use std::sync::Arc;

use async_trait::async_trait;
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
