//! Asks the database whether it answers.

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, Probe};

use crate::store::PgStore;

/// Up when a transaction can be begun and ended, in the time that a request has for it.
#[async_trait]
impl Probe for PgStore {
    // It waits for nobody else's question: whether requests come here may depend on it.
    async fn check(&self) -> CheckStatus {
        match self.in_time::<()>().await {
            Ok(()) => CheckStatus::Up,
            Err(cause) => {
                tracing::warn!(%cause, "the database does not answer");
                CheckStatus::Down
            }
        }
    }
}
