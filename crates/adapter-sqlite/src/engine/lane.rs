//! Who may send to which thread: a worker is lent to one unit of work at a time.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::sqlite::SqliteConnection;
use kogents_domain::store::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::worker::{After, Job, Worker};
use crate::error::Failure;

/// Workers that are all alike, lent in the order of asking.
pub(crate) struct Lane {
    permits: Arc<Semaphore>,
    idle: Mutex<Idle>,
    waiting: AtomicU32,
    /// Waits for a worker that were in vain.
    timeouts: AtomicU64,
}

/// How a lane is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    /// Workers that are nobody's.
    pub(super) idle: u32,
    /// Who waits for one.
    pub(super) waiting: u32,
    /// Waits that were in vain, since the start.
    pub(super) timeouts_total: u64,
}

struct Idle {
    workers: Vec<Worker>,
    closed: bool,
}

impl Lane {
    /// A lane without workers.
    pub(super) fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(0)),
            idle: Mutex::new(Idle {
                workers: Vec::new(),
                closed: false,
            }),
            waiting: AtomicU32::new(0),
            timeouts: AtomicU64::new(0),
        }
    }

    /// How it is taken, now.
    pub(super) fn load(&self) -> Load {
        Load {
            idle: u32::try_from(self.permits.available_permits()).unwrap_or(u32::MAX),
            waiting: self.waiting.load(Ordering::Relaxed),
            timeouts_total: self.timeouts.load(Ordering::Relaxed),
        }
    }

    /// Takes a worker on.
    pub(super) fn add(&self, worker: Worker) {
        self.put_back(worker);
        self.permits.add_permits(1);
    }

    /// Lets the workers go that are here, and every other when it comes back.
    pub(super) fn close(&self) {
        self.permits.close();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.closed = true;
        idle.workers.clear();
    }

    /// Lends a worker as soon as one is free.
    pub(crate) async fn lease(self: &Arc<Self>, timeout: Duration) -> Result<Lease, StoreError> {
        let turn = Arc::clone(&self.permits).acquire_owned();
        let waiting = Waiting::on(&self.waiting);
        let waited = tokio::time::timeout(timeout, turn).await;
        drop(waiting);
        let permit = match waited {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(StoreError::Unavailable("it is closing".to_owned())),
            Err(_) => {
                self.timeouts.fetch_add(1, Ordering::Relaxed);
                return Err(StoreError::Unavailable(
                    "too many are waiting for it".to_owned(),
                ));
            }
        };
        let worker = self.take().ok_or_else(gone)?;
        Ok(Lease {
            held: Some(Held {
                worker,
                lane: Arc::clone(self),
                _permit: permit,
            }),
            clean: true,
        })
    }

    fn take(&self) -> Option<Worker> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.workers.pop()
    }

    fn put_back(&self, worker: Worker) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if !idle.closed {
            idle.workers.push(worker);
        }
    }
}

/// Counts as waiting until it is dropped, also when nobody waits any more.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn on(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A worker that is somebody's. Dropping it gives the worker back, and only after its connection
/// was brought out of any transaction.
pub(crate) struct Lease {
    held: Option<Held>,
    clean: bool,
}

struct Held {
    worker: Worker,
    lane: Arc<Lane>,
    // After the worker: whoever gets the permit finds the worker.
    _permit: OwnedSemaphorePermit,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.lane.put_back(self.worker.clone());
    }
}

impl Lease {
    /// Runs a job on the connection and waits for its answer. If nobody waits any more the job
    /// runs all the same; what it leaves open is rolled back with the lease.
    pub(crate) async fn run<T, F>(&mut self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut SqliteConnection) -> Result<T, Failure> + Send + 'static,
    {
        self.clean = false;
        let (answer, answered) = oneshot::channel();
        self.send(Box::new(move |conn| {
            // Nobody may be waiting any more; then nobody misses the answer.
            let _ = answer.send(job(conn));
            After::Keep
        }))?;
        match answered.await {
            Ok(result) => result.map_err(StoreError::from),
            Err(_) => Err(StoreError::Failed("a database job panicked".to_owned())),
        }
    }

    /// Says that the connection is in no transaction.
    pub(crate) const fn mark_clean(&mut self) {
        self.clean = true;
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let held = self.held.as_ref().ok_or_else(gone)?;
        held.worker.send(job).map_err(|_| gone())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else {
            return;
        };
        if self.clean {
            return;
        }
        let worker = held.worker.clone();
        let job: Job = Box::new(move |conn| {
            let after = roll_back(conn);
            // Not before: the next to hold the worker finds no transaction open.
            drop(held);
            after
        });
        if worker.send(job).is_err() {
            tracing::error!("a database thread is gone");
        }
    }
}

fn roll_back(conn: &mut SqliteConnection) -> After {
    match conn.batch_execute("ROLLBACK") {
        Ok(()) => After::Keep,
        // SQLite rolls back by itself after some failures, and a job may not have begun one.
        Err(error) if error.to_string().contains("no transaction is active") => After::Keep,
        Err(error) => {
            tracing::error!(%error, "a rollback failed; the connection is replaced");
            After::Replace
        }
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("its thread is gone".to_owned())
}

#[cfg(test)]
mod tests {
    use kogents_domain::store::UnitOfWork as _;

    use super::*;
    use crate::store::{SqliteOptions, SqliteStore};
    use crate::unit_of_work::Begin;

    fn one_reader() -> SqliteStore {
        SqliteStore::in_memory_with(SqliteOptions {
            readers: 1,
            turn_timeout: Duration::from_millis(50),
            migrate: true,
        })
        .unwrap()
    }

    #[tokio::test]
    async fn a_lane_that_is_taken_is_unavailable_in_time() {
        let store = one_reader();
        for begin in [Begin::Write, Begin::Read] {
            let held = store.unit_of_work(begin).await.unwrap();
            let met = store.unit_of_work(begin).await.err();
            assert_eq!(
                met,
                Some(StoreError::Unavailable(
                    "too many are waiting for it".to_owned()
                ))
            );
            drop(held);
            store.unit_of_work(begin).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_job_that_panics_costs_its_unit_of_work_and_nothing_else() {
        let store = one_reader();
        let mut work = store.unit_of_work(Begin::Write).await.unwrap();
        let met: Result<(), StoreError> = work.run(|_| panic!("on purpose")).await;
        assert_eq!(
            met,
            Err(StoreError::Failed("a database job panicked".to_owned()))
        );
        drop(work);
        let mut again = store.unit_of_work(Begin::Write).await.unwrap();
        again.run(|_| Ok(())).await.unwrap();
        Box::new(again).commit().await.unwrap();
    }

    #[tokio::test]
    async fn r5_a_beginning_that_nobody_waits_for_leaves_no_transaction_open() {
        let store = one_reader();
        for _ in 0..50 {
            let mut work = store.unit_of_work(Begin::Write).await.unwrap();
            // Polled once: BEGIN and the statement are sent, and then nobody is there.
            let asked = work.run(|_| Ok(()));
            drop(tokio::time::timeout(Duration::ZERO, asked).await);
        }
        let mut work = store.unit_of_work(Begin::Write).await.unwrap();
        work.run(|_| Ok(())).await.unwrap();
        Box::new(work).commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_transaction_begins_with_the_first_statement_and_with_none_not_at_all() {
        let begins = |conn: &mut SqliteConnection| Ok(conn.batch_execute("BEGIN").is_ok());
        let store = one_reader();
        for begin in [Begin::Write, Begin::Read] {
            let work = store.unit_of_work(begin).await.unwrap();
            Box::new(work).commit().await.unwrap();
            drop(store.unit_of_work(begin).await.unwrap());
            // Were one left open, this could not begin.
            let mut work = store.unit_of_work(begin).await.unwrap();
            // A second BEGIN is refused: one is open.
            assert_eq!(work.run(begins).await, Ok(false));
            Box::new(work).commit().await.unwrap();
        }
    }
}
