//! Asks the database whether it answers.

use async_trait::async_trait;
use diesel_async::SimpleAsyncConnection as _;
use kogents_domain::health::{CheckStatus, Probe};

use crate::error;
use crate::store::PgStore;

#[async_trait]
impl Probe for PgStore {
    async fn check(&self) -> CheckStatus {
        let asking = async {
            let mut connection = self
                .pool()
                .get()
                .await
                .map_err(|e| error::of_pool(&e).to_string())?;
            connection
                .batch_execute("SELECT 1")
                .await
                .map_err(|error| error.to_string())
        };
        let cause = match tokio::time::timeout(self.options().answer_timeout(), asking).await {
            Ok(Ok(())) => return CheckStatus::Up,
            Ok(Err(cause)) => cause,
            Err(_) => "it does not answer in time".to_owned(),
        };
        tracing::warn!(%cause, "the database does not answer");
        CheckStatus::Down
    }
}
