//! Asks the database whether it answers.

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::store::{Scope, UnitOfWork as _};

use crate::scope::Mode;
use crate::store::PgStore;

/// Up when a transaction can be begun and ended, in the time that a request has for it.
#[async_trait]
impl Probe for PgStore {
    async fn check(&self) -> CheckStatus {
        let cause = match self.open_unit(Scope::System, Mode::Read).await {
            Ok(unit) => match Box::new(unit).commit().await {
                Ok(()) => return CheckStatus::Up,
                Err(error) => error,
            },
            Err(error) => error,
        };
        tracing::warn!(%cause, "the database does not answer");
        CheckStatus::Down
    }
}
