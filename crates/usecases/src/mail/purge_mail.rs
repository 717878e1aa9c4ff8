//! Takes mail jobs out of the queue for good.

use std::sync::Arc;

use kogents_domain::ids::MailId;
use kogents_domain::mail::MailState;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

/// Which jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurgeMailCommand {
    /// One that is queued or dead.
    One(MailId),
    /// The dead letters that were given up at least so long ago.
    DeadFor(Span),
}

/// Why nothing was taken out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PurgeMailError {
    /// There is no job with this id, or no longer.
    #[error("no such mail")]
    NotFound,
    /// It is finished, and what it said is gone already.
    #[error("the mail is {}: there is nothing to purge", .0.as_str())]
    Finished(MailState),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes jobs out of the queue and wipes what they say. A mail that is being delivered at this
/// moment may still arrive.
pub struct PurgeMail {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl PurgeMail {
    /// The most in one unit of work.
    const BATCH: u32 = 1_000;

    /// Takes them out and says how many.
    ///
    /// # Errors
    /// See [`PurgeMailError`].
    pub async fn run(&self, command: PurgeMailCommand) -> Result<u64, PurgeMailError> {
        match command {
            PurgeMailCommand::One(id) => self.one(id).await.map(|()| 1),
            PurgeMailCommand::DeadFor(age) => self.dead_for(age).await,
        }
    }

    async fn one(&self, id: MailId) -> Result<(), PurgeMailError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let queue = unit.outbox_administration();
        if queue.void(id, now).await? {
            unit.commit().await?;
            return Ok(());
        }
        let entry = queue.find(id).await?.ok_or(PurgeMailError::NotFound)?;
        Err(PurgeMailError::Finished(entry.state))
    }

    async fn dead_for(&self, age: Span) -> Result<u64, PurgeMailError> {
        let before = self.clock.now().minus(age);
        let mut total: u64 = 0;
        loop {
            let mut unit = self.store.begin(Scope::System).await?;
            let removed = unit
                .outbox_administration()
                .remove_dead(before, Self::BATCH)
                .await?;
            unit.commit().await?;
            total = total.saturating_add(removed);
            if removed < u64::from(Self::BATCH) {
                return Ok(total);
            }
        }
    }
}
