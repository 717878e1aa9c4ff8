//! Whether the in-process cache answers.

use async_trait::async_trait;
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
