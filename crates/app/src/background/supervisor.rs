//! Keeps tasks running that never end: one that dies is started again, with a growing pause.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_http::Readiness;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::figures::TaskFigures;

/// How long to wait before a task is started again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BackOff {
    /// After the first death.
    pub(crate) first: Duration,
    /// After any number of them.
    pub(crate) longest: Duration,
}

impl Default for BackOff {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
        }
    }
}

/// Starts tasks, restarts them, and stops them all.
#[derive(Debug)]
pub(crate) struct Supervisor {
    readiness: Arc<Readiness>,
    figures: TaskFigures,
    back_off: BackOff,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Supervisor {
    pub(crate) fn new(readiness: Arc<Readiness>, figures: TaskFigures, back_off: BackOff) -> Self {
        Self {
            readiness,
            figures,
            back_off,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }

    /// Runs a task until all are stopped. `task` is called for every start; what it gives ends
    /// soon after the token it got is cancelled.
    pub(crate) fn run<F>(
        &self,
        name: &'static str,
        task: impl Fn(CancellationToken) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        self.figures.started(name);
        let watched = Watched {
            name,
            readiness: self.readiness.clone(),
            figures: self.figures.clone(),
            back_off: self.back_off,
            stop: self.stop.clone(),
        };
        self.tasks.spawn(watch(watched, task));
    }

    /// Tells every task to end and waits for them; says false when it took longer than that.
    pub(crate) async fn stop(&self, limit: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(limit, self.tasks.wait()).await.is_ok()
    }
}

/// Nothing goes on that nobody can stop any more.
impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A task that is watched, and by what.
struct Watched {
    name: &'static str,
    readiness: Arc<Readiness>,
    figures: TaskFigures,
    back_off: BackOff,
    stop: CancellationToken,
}

async fn watch<F>(watched: Watched, task: impl Fn(CancellationToken) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Watched {
        name,
        readiness,
        figures,
        back_off,
        stop,
    } = watched;
    let mut pause = back_off.first;
    loop {
        let started = Instant::now();
        // Whatever is logged on its way carries the task's name; at any level, so that warnings do
        // also where nothing else is logged.
        let span = tracing::error_span!("task", task = name);
        // A task of its own, so that its panic is an answer and not ours.
        let ended = tokio::spawn(task(stop.clone()).instrument(span)).await;
        if stop.is_cancelled() {
            return;
        }
        readiness.task_down(name);
        figures.ended(name);
        if started.elapsed() > back_off.longest {
            pause = back_off.first;
        }
        let panicked = ended.is_err();
        let again_in_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        tracing::error!(
            task = name,
            panicked,
            again_in_ms,
            "a background task ended"
        );
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        pause = pause.saturating_mul(2).min(back_off.longest);
        readiness.task_up(name);
        figures.restarted(name);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use prometheus::Registry;
    use tokio::sync::Notify;

    use super::*;
    use crate::logging::kept::Kept;

    const SOON: Duration = Duration::from_secs(10);

    fn supervisor(pause: Duration) -> (Arc<Readiness>, Supervisor) {
        let readiness = Arc::new(Readiness::new());
        let figures = TaskFigures::new(&Registry::new(), readiness.clone()).unwrap();
        let back_off = BackOff {
            first: pause,
            longest: pause,
        };
        (
            readiness.clone(),
            Supervisor::new(readiness, figures, back_off),
        )
    }

    #[tokio::test]
    async fn a_task_that_panics_is_started_again() {
        let (readiness, supervisor) = supervisor(Duration::from_millis(1));
        let starts = Arc::new(AtomicU32::new(0));
        let third = Arc::new(Notify::new());
        let (count, reached) = (starts.clone(), third.clone());
        supervisor.run("test", move |stop| {
            let (count, reached) = (count.clone(), reached.clone());
            async move {
                match count.fetch_add(1, Ordering::AcqRel) {
                    0 => panic!("on purpose"),
                    1 => {}
                    _ => {
                        reached.notify_one();
                        stop.cancelled().await;
                    }
                }
            }
        });
        tokio::time::timeout(SOON, third.notified()).await.unwrap();
        assert_eq!(starts.load(Ordering::Acquire), 3);
        assert!(readiness.tasks_are_up());
        assert!(supervisor.stop(SOON).await);
    }

    #[tokio::test]
    async fn what_a_task_logs_carries_its_name() {
        let (kept, _logging) = Kept::warnings();
        let (_, supervisor) = supervisor(Duration::from_millis(1));
        let said = Arc::new(Notify::new());
        let heard = said.clone();
        supervisor.run("test", move |stop| {
            let said = said.clone();
            async move {
                tracing::warn!("something is amiss");
                said.notify_one();
                stop.cancelled().await;
            }
        });
        tokio::time::timeout(SOON, heard.notified()).await.unwrap();
        assert!(supervisor.stop(SOON).await);
        let told = "task{task=\"test\"}: something is amiss";
        assert!(kept.text().contains(told), "{}", kept.text());
    }

    #[tokio::test]
    async fn a_task_that_is_down_shows_and_stopping_does_not_wait_for_it() {
        let (readiness, supervisor) = supervisor(Duration::from_secs(3_600));
        supervisor.run("test", |_| async { panic!("on purpose") });
        let down = async {
            while readiness.tasks_are_up() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(SOON, down).await.unwrap();
        assert!(supervisor.stop(SOON).await);
    }
}
