//! The threads that passwords are hashed on.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kogents_domain::auth::HashError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::memory::Memory;
use super::standing::HashingStanding;

/// How many jobs wait before the next one is refused.
pub(super) const QUEUE_LEN: usize = 64;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads, each with its own memory, that take jobs from one bounded queue. A job belongs to its
/// thread: whoever asked and went away frees nothing before the job is done. The threads end when
/// this is dropped and the queue is empty.
#[derive(Clone)]
pub(super) struct Workers {
    jobs: SyncSender<Job>,
    /// How many there are, of threads and of their jobs.
    counts: Arc<Counts>,
    /// Of those who have a place, the ones whose turn it nearly is.
    turns: Arc<Semaphore>,
}

struct Counts {
    threads: usize,
    /// In the queue.
    waiting: AtomicUsize,
    /// Being done.
    running: AtomicUsize,
    /// Places taken of those who are about to bring a job, or have.
    entered: AtomicUsize,
    /// How many turns have ended, since the beginning.
    turns_ended: AtomicUsize,
}

/// A place; dropping it leaves it.
pub(super) struct Place {
    counts: Arc<Counts>,
    turn: Option<OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        // First, so that there are never more turns than places.
        if self.turn.take().is_some() {
            self.counts.turns_ended.fetch_add(1, Ordering::Relaxed);
        }
        self.counts.entered.fetch_sub(1, Ordering::Relaxed);
    }
}

/// For each thread, how many prepare or have their job done: one is hashed while the next ones ask
/// the store.
const TURNS_OF_THREAD: usize = 3;

/// How long somebody waits for their turn while nobody's ends, and then goes on without: those whose
/// turn it is may wait for a store that gives no answer, which nobody else is to be kept by.
const TURN_PATIENCE: Duration = Duration::from_millis(200);

/// How far below other threads these stand: where both want a core, hashing gets a third of what a
/// request gets that hashes nothing.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

impl Workers {
    /// Starts the threads.
    pub(super) fn start(threads: NonZeroUsize) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(QUEUE_LEN);
        let receiver = Arc::new(Mutex::new(receiver));
        let counts = Arc::new(Counts {
            threads: threads.get(),
            waiting: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            entered: AtomicUsize::new(0),
            turns_ended: AtomicUsize::new(0),
        });
        for number in 0..threads.get() {
            let (receiver, counts) = (Arc::clone(&receiver), Arc::clone(&counts));
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || work(&receiver, &counts))?;
        }
        Ok(Self {
            jobs: sender,
            counts,
            turns: Arc::new(Semaphore::new(
                threads.get().saturating_mul(TURNS_OF_THREAD),
            )),
        })
    }

    /// Whether the queue is full at this moment, or will be once those who have a place bring their
    /// jobs.
    pub(super) fn are_busy(&self) -> bool {
        self.counts.waiting.load(Ordering::Relaxed) >= QUEUE_LEN
            || self.counts.entered.load(Ordering::Relaxed) >= self.places()
    }

    /// Takes a place, if the queue is not full and one is left, and waits until it is nearly the
    /// turn of whoever has it, in the order in which they came, for as long as turns end.
    pub(super) async fn enter(&self) -> Result<Place, HashError> {
        let mut place = self.place().ok_or(HashError::Busy)?;
        let mut turn = pin!(Arc::clone(&self.turns).acquire_owned());
        loop {
            let ended = self.counts.turns_ended.load(Ordering::Relaxed);
            if let Ok(turn) = timeout(TURN_PATIENCE, turn.as_mut()).await {
                // It is never closed.
                place.turn = turn.ok();
                return Ok(place);
            }
            if self.counts.turns_ended.load(Ordering::Relaxed) == ended {
                return Ok(place);
            }
        }
    }

    fn place(&self) -> Option<Place> {
        if self.are_busy() {
            return None;
        }
        let most = self.places();
        let one_more = |entered: usize| (entered < most).then(|| entered.saturating_add(1));
        let counted =
            self.counts
                .entered
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        let counts = Arc::clone(&self.counts);
        counted.ok().map(|_| Place { counts, turn: None })
    }

    /// How many jobs there can be: one on each thread, and those that wait.
    pub(super) fn places(&self) -> usize {
        self.counts.threads.saturating_add(QUEUE_LEN)
    }

    /// How they stand at this moment.
    pub(super) fn standing(&self) -> HashingStanding {
        let turns = self.counts.threads.saturating_mul(TURNS_OF_THREAD);
        let taken = turns.saturating_sub(self.turns.available_permits());
        let entered = self.counts.entered.load(Ordering::Relaxed);
        let waiting = self.counts.waiting.load(Ordering::Relaxed);
        HashingStanding {
            threads: self.counts.threads,
            running: self.counts.running.load(Ordering::Relaxed),
            waiting: waiting.saturating_add(entered.saturating_sub(taken)),
            places: QUEUE_LEN,
        }
    }

    /// Has work done. What is asked for and no longer waited for when its turn comes is skipped.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let (answer, answered) = oneshot::channel();
        // What is logged on the way, a panic too, is of whoever asked.
        let span = tracing::Span::current();
        let job: Job = Box::new(move |memory| {
            if !answer.is_closed() {
                let result = span.in_scope(|| work(memory));
                // Whoever asked may be gone by now; the answer then goes with them.
                let _ = answer.send(result);
            }
        });
        // Counted before it can be taken, so that the count never falls below nothing.
        self.counts.waiting.fetch_add(1, Ordering::Relaxed);
        self.jobs.try_send(job).map_err(|error| {
            self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => HashError::Busy,
                TrySendError::Disconnected(_) => HashError::Failed("no worker is left".to_owned()),
            }
        })?;
        answered
            .await
            .map_err(|_| HashError::Failed("the worker gave up the job".to_owned()))
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, counts: &Counts) {
    #[cfg(target_os = "linux")]
    give_way();
    let mut memory = Memory::default();
    loop {
        // One idle worker waits in the queue, the others for the lock; a job is run without it.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else {
            return;
        };
        counts.waiting.fetch_sub(1, Ordering::Relaxed);
        counts.running.fetch_add(1, Ordering::Relaxed);
        let done = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
        counts.running.fetch_sub(1, Ordering::Relaxed);
        if done.is_err() {
            tracing::error!("a password job panicked");
            memory = Memory::default();
        }
    }
}

/// Lowers the priority of the calling thread, which on Linux is what such a call without a process
/// means. Without it everything works, and a flood of sign-ins is felt elsewhere more.
#[cfg(target_os = "linux")]
fn give_way() {
    use rustix::process::{getpriority_process, setpriority_process};

    let lowered = getpriority_process(None)
        .and_then(|niceness| setpriority_process(None, niceness.saturating_add(NICENESS)));
    if let Err(error) = lowered {
        tracing::debug!(%error, "password threads keep the priority of the others");
    }
}
