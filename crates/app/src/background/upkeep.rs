//! Looks after the tables of sessions, one instance at a time.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use kogents_usecases::session::{
    CheckUpkeep, DropSessions, MakePartitions, MinimiseSessions, SweepSessions, UpkeepLease,
};
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::figures::UpkeepFigures;

/// The upkeep of sessions.
#[derive(Clone)]
pub(crate) struct Upkeep {
    pub(crate) lease: Arc<UpkeepLease>,
    pub(crate) partitions: Arc<MakePartitions>,
    pub(crate) sweep: Arc<SweepSessions>,
    pub(crate) minimise: Arc<MinimiseSessions>,
    pub(crate) drop_old: Arc<DropSessions>,
    pub(crate) check: Arc<CheckUpkeep>,
    pub(crate) figures: UpkeepFigures,
    /// The pause between two rounds.
    pub(crate) interval: Duration,
}

/// What went wrong of what is tried again and again.
#[derive(Default)]
struct Troubles {
    lease: Trouble,
    partitions: Trouble,
    sweep: Trouble,
    minimise: Trouble,
    drop_old: Trouble,
    check: Trouble,
}

/// What one batch of a task did.
struct Batch {
    rows: u64,
    more: bool,
}

impl Upkeep {
    /// Goes its rounds until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut troubles = Troubles::default();
        while !stop.is_cancelled() {
            self.round(&stop, &mut troubles).await;
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn round(&self, stop: &CancellationToken, troubles: &mut Troubles) {
        // Every instance tells how far upkeep lags, whoever does it.
        let lag = self.check.run().await;
        troubles.check.hear("the lag of upkeep is not known", &lag);
        if let Ok(lag) = lag {
            self.figures.lags(&lag, self.check.clock.now());
        }
        if !self.holds_lease(&mut troubles.lease).await {
            return;
        }
        self.batches(
            stop,
            "partitions",
            troubles,
            |all| &mut all.partitions,
            || async {
                let made = self.partitions.run().await?;
                Ok::<_, kogents_usecases::session::MakePartitionsError>(Batch {
                    rows: made,
                    more: false,
                })
            },
        )
        .await;
        self.batches(
            stop,
            "sweep",
            troubles,
            |all| &mut all.sweep,
            || async {
                let swept = self.sweep.run().await?;
                Ok::<_, kogents_usecases::session::SweepSessionsError>(Batch {
                    rows: swept.ended,
                    more: swept.more,
                })
            },
        )
        .await;
        self.batches(
            stop,
            "minimise",
            troubles,
            |all| &mut all.minimise,
            || async {
                let rows = self.minimise.run().await?;
                Ok::<_, kogents_usecases::session::MinimiseSessionsError>(Batch {
                    rows,
                    more: rows > 0,
                })
            },
        )
        .await;
        self.batches(
            stop,
            "drop",
            troubles,
            |all| &mut all.drop_old,
            || async {
                let rows = self.drop_old.run().await?;
                Ok::<_, kogents_usecases::session::DropSessionsError>(Batch {
                    rows,
                    more: rows > 0,
                })
            },
        )
        .await;
        let given_back = self.lease.give_back().await;
        troubles
            .lease
            .hear("the lease of upkeep could not be given back", &given_back);
    }

    /// Batch after batch of one task, so that no unit of work is long, for as long as this instance
    /// has the lease.
    async fn batches<E, F>(
        &self,
        stop: &CancellationToken,
        task: &'static str,
        troubles: &mut Troubles,
        trouble: impl Fn(&mut Troubles) -> &mut Trouble,
        batch: impl Fn() -> F,
    ) where
        E: Display,
        F: Future<Output = Result<Batch, E>>,
    {
        let mut rows: u64 = 0;
        loop {
            let done = batch().await;
            trouble(troubles).hear("a task of upkeep failed", &done);
            let Ok(done) = done else { return };
            rows = rows.saturating_add(done.rows);
            if !done.more || stop.is_cancelled() {
                break;
            }
            if !self.holds_lease(&mut troubles.lease).await {
                return;
            }
        }
        self.figures.ran(task, rows);
        if rows > 0 {
            tracing::debug!(task, rows, "upkeep");
        }
    }

    async fn holds_lease(&self, trouble: &mut Trouble) -> bool {
        let taken = self.lease.take().await;
        trouble.hear("the lease of upkeep could not be taken", &taken);
        taken.unwrap_or(false)
    }
}
