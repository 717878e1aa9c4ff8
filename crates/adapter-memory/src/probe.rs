//! Whether the in-process cache answers, and how it stands.

use async_trait::async_trait;
use kogents_domain::cache::{CacheStanding, CacheWatch};
use kogents_domain::health::{CheckStatus, Probe};

/// The in-process cache is up as long as the process is.
#[derive(Debug, Clone, Copy, Default)]
pub struct MemoryProbe;

#[async_trait]
impl Probe for MemoryProbe {
    async fn check(&self) -> CheckStatus {
        CheckStatus::Up
    }
}

impl CacheWatch for MemoryProbe {
    fn standing(&self) -> CacheStanding {
        CacheStanding {
            is_up: true,
            losses: 0,
            connections: None,
        }
    }
}
