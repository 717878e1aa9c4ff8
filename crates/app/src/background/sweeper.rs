//! Removes, again and again, what nobody needs any more.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use kogents_usecases::auth::{SweepNotices, SweepTokens};
use kogents_usecases::mail::SweepOutbox;
use kogents_usecases::workspace::SweepInvitations;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;

/// The sweep.
#[derive(Clone)]
pub(crate) struct Sweeper {
    pub(crate) outbox: Arc<SweepOutbox>,
    pub(crate) tokens: Arc<SweepTokens>,
    pub(crate) invitations: Arc<SweepInvitations>,
    pub(crate) notices: Arc<SweepNotices>,
    /// The pause between two sweeps.
    pub(crate) interval: Duration,
}

impl Sweeper {
    /// Sweeps until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut outbox = Trouble::default();
        let mut tokens = Trouble::default();
        let mut invitations = Trouble::default();
        let mut notices = Trouble::default();
        while !stop.is_cancelled() {
            let sweep = || self.outbox.run();
            batches(
                &stop,
                &mut outbox,
                "the mail queue could not be swept",
                sweep,
            )
            .await;
            let sweep = || self.tokens.run();
            batches(
                &stop,
                &mut tokens,
                "mailed tokens could not be swept",
                sweep,
            )
            .await;
            let sweep = || self.invitations.run();
            batches(
                &stop,
                &mut invitations,
                "invitations could not be swept",
                sweep,
            )
            .await;
            let sweep = || self.notices.run();
            batches(&stop, &mut notices, "notices could not be swept", sweep).await;
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}

/// Batch after batch, until one finds nothing, so that no unit of work is long.
async fn batches<F, E: Display>(
    stop: &CancellationToken,
    trouble: &mut Trouble,
    failure: &'static str,
    sweep: impl Fn() -> F,
) where
    F: Future<Output = Result<u64, E>>,
{
    while !stop.is_cancelled() {
        let swept = sweep().await;
        trouble.hear(failure, &swept);
        match swept {
            Ok(0) | Err(_) => return,
            Ok(rows) => tracing::debug!(rows, "rows that nobody needs any more were swept"),
        }
    }
}
