//! Looks after the tables of sessions and the audit log, one instance at a time.

use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_usecases::audit::SweepAudit;
use kogents_usecases::session::{
    CheckUpkeep, DropDevices, DropSessions, MakePartitions, MinimiseSessions, SweepSessions,
    UpkeepLease,
};
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::figures::{Chore, UpkeepFigures};

/// The upkeep of sessions and of the audit log.
#[derive(Clone)]
pub(crate) struct Upkeep {
    pub(crate) lease: Arc<UpkeepLease>,
    pub(crate) partitions: Arc<MakePartitions>,
    pub(crate) sweep: Arc<SweepSessions>,
    pub(crate) minimise: Arc<MinimiseSessions>,
    pub(crate) drop_old: Arc<DropSessions>,
    pub(crate) drop_devices: Arc<DropDevices>,
    pub(crate) sweep_audit: Arc<SweepAudit>,
    pub(crate) check: Arc<CheckUpkeep>,
    pub(crate) figures: UpkeepFigures,
    /// The pause between two rounds.
    pub(crate) interval: Duration,
}

/// What is done, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Partitions,
    Sweep,
    Minimise,
    Drop,
    Devices,
    Audit,
}

impl Task {
    const ALL: [Self; 6] = [
        Self::Partitions,
        Self::Sweep,
        Self::Minimise,
        Self::Drop,
        Self::Devices,
        Self::Audit,
    ];

    const fn chore(self) -> Chore {
        match self {
            Self::Partitions => Chore::Partitions,
            Self::Sweep => Chore::Sweep,
            Self::Minimise => Chore::Minimise,
            Self::Drop => Chore::Drop,
            Self::Devices => Chore::Devices,
            Self::Audit => Chore::Audit,
        }
    }

    /// The name in figures and logs.
    const fn name(self) -> &'static str {
        self.chore().name()
    }
}

/// What went wrong of what is tried again and again.
#[derive(Default)]
struct Troubles {
    lease: Trouble,
    partitions: Trouble,
    sweep: Trouble,
    minimise: Trouble,
    drop_old: Trouble,
    drop_devices: Trouble,
    sweep_audit: Trouble,
    check: Trouble,
}

impl Troubles {
    const fn of(&mut self, task: Task) -> &mut Trouble {
        match task {
            Task::Partitions => &mut self.partitions,
            Task::Sweep => &mut self.sweep,
            Task::Minimise => &mut self.minimise,
            Task::Drop => &mut self.drop_old,
            Task::Devices => &mut self.drop_devices,
            Task::Audit => &mut self.sweep_audit,
        }
    }
}

/// The most batches of one task in one round: 100,000 rows.
const MOST_BATCHES: u32 = 100;

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
        if self.tasks(stop, troubles).await {
            let given_back = self.lease.give_back().await;
            let what = "the lease of upkeep could not be given back";
            troubles.lease.hear(what, &given_back);
        }
    }

    /// One task after the other; says whether this instance has the lease at the end.
    async fn tasks(&self, stop: &CancellationToken, troubles: &mut Troubles) -> bool {
        for task in Task::ALL {
            if !self.batches(task, stop, troubles).await {
                return false;
            }
        }
        true
    }

    /// Batch after batch of one task, so that no unit of work is long; the lease is taken before
    /// each. What is left after so many waits for the next round, so that no task keeps the others
    /// waiting. Says whether this instance still has the lease.
    async fn batches(&self, task: Task, stop: &CancellationToken, troubles: &mut Troubles) -> bool {
        let began = Instant::now();
        let mut rows: u64 = 0;
        let mut failed = false;
        let mut holds_lease = true;
        for _ in 0..MOST_BATCHES {
            holds_lease = self.holds_lease(&mut troubles.lease).await;
            if !holds_lease {
                break;
            }
            let done = self.batch(task).await;
            troubles.of(task).hear("a task of upkeep failed", &done);
            let Ok(done) = done else {
                failed = true;
                break;
            };
            rows = rows.saturating_add(done.rows);
            if !done.more || stop.is_cancelled() {
                break;
            }
        }
        if failed {
            self.figures.failed(task.chore(), rows);
        } else if holds_lease {
            self.figures.ran(task.chore(), rows, began.elapsed());
        }
        if rows > 0 {
            tracing::debug!(chore = task.name(), rows, "upkeep");
        }
        holds_lease
    }

    /// One batch; an error says what failed, for the log.
    async fn batch(&self, task: Task) -> Result<Batch, String> {
        let told = |error: &dyn Display| format!("{}: {error}", task.name());
        let rows = match task {
            Task::Audit => {
                let swept = self.sweep_audit.run().await.map_err(|error| told(&error))?;
                return Ok(Batch {
                    rows: swept.removed,
                    more: swept.more,
                });
            }
            Task::Partitions => self.partitions.run().await.map_err(|error| told(&error)),
            Task::Sweep => {
                let swept = self.sweep.run().await.map_err(|error| told(&error))?;
                return Ok(Batch {
                    rows: swept.ended,
                    more: swept.more,
                });
            }
            Task::Minimise => self.minimise.run().await.map_err(|error| told(&error)),
            Task::Drop => self.drop_old.run().await.map_err(|error| told(&error)),
            Task::Devices => self.drop_devices.run().await.map_err(|error| told(&error)),
        }?;
        Ok(Batch {
            rows,
            // There may be more after any batch that found something.
            more: rows > 0 && task != Task::Partitions,
        })
    }

    async fn holds_lease(&self, trouble: &mut Trouble) -> bool {
        let taken = self.lease.take().await;
        trouble.hear("the lease of upkeep could not be taken", &taken);
        taken.unwrap_or(false)
    }
}
