//! Removes, again and again, what nobody needs any more.

use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_usecases::auth::{SweepNotices, SweepTokens};
use kogents_usecases::mail::SweepOutbox;
use kogents_usecases::workspace::SweepInvitations;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::figures::{Chore, UpkeepFigures};

/// The sweep.
#[derive(Clone)]
pub(crate) struct Sweeper {
    pub(crate) outbox: Arc<SweepOutbox>,
    pub(crate) tokens: Arc<SweepTokens>,
    pub(crate) invitations: Arc<SweepInvitations>,
    pub(crate) figures: UpkeepFigures,
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
            let what = "the mail queue could not be swept";
            self.sweep(Chore::Outbox, &stop, &mut outbox, what, || {
                self.outbox.run()
            })
            .await;
            let what = "mailed tokens could not be swept";
            self.sweep(Chore::Tokens, &stop, &mut tokens, what, || {
                self.tokens.run()
            })
            .await;
            let what = "invitations could not be swept";
            self.sweep(Chore::Invitations, &stop, &mut invitations, what, || {
                self.invitations.run()
            })
            .await;
            let what = "notices could not be swept";
            self.sweep(Chore::Notices, &stop, &mut notices, what, || {
                self.notices.run()
            })
            .await;
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Batch after batch, until one finds nothing, so that no unit of work is long.
    async fn sweep<F, E: Display>(
        &self,
        chore: Chore,
        stop: &CancellationToken,
        trouble: &mut Trouble,
        failure: &'static str,
        batch: impl Fn() -> F,
    ) where
        F: Future<Output = Result<u64, E>>,
    {
        let began = Instant::now();
        let mut rows: u64 = 0;
        while !stop.is_cancelled() {
            let swept = batch().await;
            trouble.hear(failure, &swept);
            match swept {
                Ok(0) => break,
                Ok(more) => rows = rows.saturating_add(more),
                Err(_) => {
                    self.figures.failed(chore, rows);
                    return;
                }
            }
        }
        self.figures.ran(chore, rows, began.elapsed());
        if rows > 0 {
            let chore = chore.name();
            tracing::debug!(chore, rows, "rows that nobody needs any more were swept");
        }
    }
}
