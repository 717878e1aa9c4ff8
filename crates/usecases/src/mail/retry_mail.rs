//! Queues dead letters again.

use std::sync::Arc;

use kogents_domain::ids::MailId;
use kogents_domain::mail::{MailEntry, MailState};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

/// Which dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryMailCommand {
    /// One.
    One(MailId),
    /// All that can still be sent.
    AllDead,
}

/// Why nothing was queued again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetryMailError {
    /// There is no job with this id, or no longer.
    #[error("no such mail")]
    NotFound,
    /// It is not a dead letter.
    #[error("the mail is {}: only a dead one can be queued again", .0.as_str())]
    NotDead(MailState),
    /// It has expired, so that what it said is gone.
    #[error("the mail has expired: what it said is gone")]
    Expired,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues dead letters again, due at once and with all their tries.
pub struct RetryMail {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl RetryMail {
    /// The most in one unit of work.
    const BATCH: u32 = 1_000;

    /// Queues them again and says how many.
    ///
    /// # Errors
    /// See [`RetryMailError`].
    pub async fn run(&self, command: RetryMailCommand) -> Result<u64, RetryMailError> {
        match command {
            RetryMailCommand::One(id) => self.one(id).await.map(|()| 1),
            RetryMailCommand::AllDead => self.all().await,
        }
    }

    async fn one(&self, id: MailId) -> Result<(), RetryMailError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let queue = unit.outbox_administration();
        if queue.revive(id, now).await? {
            unit.commit().await?;
            return Ok(());
        }
        let entry: MailEntry = queue.find(id).await?.ok_or(RetryMailError::NotFound)?;
        Err(match entry.state {
            MailState::Dead => RetryMailError::Expired,
            MailState::Queued | MailState::Sent | MailState::Void => {
                RetryMailError::NotDead(entry.state)
            }
        })
    }

    async fn all(&self) -> Result<u64, RetryMailError> {
        // Those that die again meanwhile are not begun anew.
        let now = self.clock.now();
        let mut total: u64 = 0;
        loop {
            let mut unit = self.store.begin(Scope::System).await?;
            let revived = unit
                .outbox_administration()
                .revive_dead(Self::BATCH, now)
                .await?;
            unit.commit().await?;
            total = total.saturating_add(revived);
            if revived < u64::from(Self::BATCH) {
                return Ok(total);
            }
        }
    }
}
