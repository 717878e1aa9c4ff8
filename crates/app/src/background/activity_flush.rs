//! Writes what sessions did into the database, again and again and once more at the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_usecases::session::FlushActivity;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::figures::{Chore, UpkeepFigures};

/// The flush.
#[derive(Clone)]
pub(crate) struct ActivityFlusher {
    pub(crate) flush: Arc<FlushActivity>,
    pub(crate) figures: UpkeepFigures,
    /// The pause between two flushes.
    pub(crate) interval: Duration,
}

impl ActivityFlusher {
    /// Flushes until told to stop, then once more: the requests have ended by then.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        loop {
            // Asked before the flush: what is counted before the stop is flushed after it.
            let stopping = stop.is_cancelled();
            let began = Instant::now();
            let flushed = self.flush.run().await;
            trouble.hear("what sessions did could not be written", &flushed);
            match flushed {
                Ok(rows) => self
                    .figures
                    .ran(Chore::ActivityFlush, rows, began.elapsed()),
                Err(_) => self.figures.failed(Chore::ActivityFlush, 0),
            }
            // Where the cache does not say, the figure stays as it was.
            if let Ok(waiting) = self.flush.book.waiting().await {
                self.figures.waits(waiting);
            }
            if stopping {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}
