//! The probe of a part that is not configured.

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, Probe};

/// Says that there is nothing to ask; that degrades nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoProbe;

#[async_trait]
impl Probe for NoProbe {
    async fn check(&self) -> CheckStatus {
        CheckStatus::Disabled
    }
}
