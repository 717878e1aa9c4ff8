//! Removes, again and again, what nobody needs any more.

use std::sync::Arc;
use std::time::Duration;

use kogents_usecases::mail::SweepOutbox;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;

/// The sweep.
#[derive(Clone)]
pub(crate) struct Sweeper {
    pub(crate) outbox: Arc<SweepOutbox>,
    /// The pause between two sweeps.
    pub(crate) interval: Duration,
}

impl Sweeper {
    /// Sweeps until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        while !stop.is_cancelled() {
            self.sweep(&stop, &mut trouble).await;
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Batch after batch, so that no unit of work is long.
    async fn sweep(&self, stop: &CancellationToken, trouble: &mut Trouble) {
        while !stop.is_cancelled() {
            let swept = self.outbox.run().await;
            trouble.hear("the mail queue could not be swept", &swept);
            match swept {
                Ok(0) | Err(_) => return,
                Ok(rows) => tracing::debug!(rows, "the mail queue was swept"),
            }
        }
    }
}
