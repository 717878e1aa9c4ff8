//! Writes what sessions did into the database.

use std::sync::Arc;

use kogents_domain::cache::CacheError;
use kogents_domain::session::{SessionCounters, Unflushed};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

use super::ActivityBook;

/// Why not everything was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlushActivityError {
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves totals of counters to the database, in batches, as totals: of each the database keeps the
/// greater, so that a batch that is written twice, or after a later one, does no harm. Any number
/// of instances may flush at once; each batch is claimed by one of them.
pub struct FlushActivity {
    /// The counters.
    pub book: Arc<ActivityBook>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl FlushActivity {
    /// How many sessions one unit of work writes at most.
    pub const BATCH: u32 = 1_000;

    /// Writes all that waits now, and says of how many sessions. What this process counted by
    /// itself is written also when the cache is away.
    ///
    /// # Errors
    /// See [`FlushActivityError`]. What was written stays written.
    pub async fn run(&self) -> Result<u64, FlushActivityError> {
        let local = self.flush(self.book.local.as_ref()).await;
        let shared = self.flush(self.book.counters.as_ref()).await;
        Ok(local?.saturating_add(shared?))
    }

    async fn flush(&self, counters: &dyn SessionCounters) -> Result<u64, FlushActivityError> {
        let mut written: u64 = 0;
        // What is counted from now on is for the next time, so that this comes to an end.
        let begun = self.clock.now();
        loop {
            let batch = counters.unflushed(Self::BATCH, begun).await?;
            if batch.is_empty() {
                return Ok(written);
            }
            if let Err(error) = self.write(&batch).await {
                // Not written: they wait again from now on, as those do that have changed.
                let unwritten: Vec<Unflushed> = batch.into_iter().map(never_current).collect();
                counters.flushed(&unwritten, self.clock.now()).await?;
                return Err(error.into());
            }
            counters.flushed(&batch, self.clock.now()).await?;
            let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
            written = written.saturating_add(count);
            if count < u64::from(Self::BATCH) {
                return Ok(written);
            }
        }
    }

    async fn write(&self, batch: &[Unflushed]) -> Result<(), StoreError> {
        let totals: Vec<_> = batch
            .iter()
            .map(|unflushed| (unflushed.session_id, unflushed.activity))
            .collect();
        let mut unit = self.store.begin(Scope::System).await?;
        unit.sessions().record_activity(&totals).await?;
        unit.commit().await
    }
}

/// The same under a revision that lies before it: revisions never come back.
const fn never_current(unflushed: Unflushed) -> Unflushed {
    Unflushed {
        revision: unflushed.revision.wrapping_sub(1),
        ..unflushed
    }
}
