//! Work that is handed over once and waited for at shutdown.

use std::time::Duration;

use kogents_domain::background::{Background, Work};
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

/// Runs work as tasks of the main runtime and knows how many are under way.
#[derive(Debug, Clone)]
pub(crate) struct TrackedBackground {
    runtime: Handle,
    tasks: TaskTracker,
}

impl TrackedBackground {
    pub(crate) fn new(runtime: Handle) -> Self {
        Self {
            runtime,
            tasks: TaskTracker::new(),
        }
    }

    /// Where others may add tasks that shutdown waits for as well.
    pub(crate) fn tasks(&self) -> TaskTracker {
        self.tasks.clone()
    }

    /// Waits for what is under way; says false when it took longer than that.
    pub(crate) async fn drain(&self, limit: Duration) -> bool {
        self.tasks.close();
        tokio::time::timeout(limit, self.tasks.wait()).await.is_ok()
    }
}

impl Background for TrackedBackground {
    fn spawn(&self, name: &'static str, work: Work) {
        // A panic ends this one task; the hook logs it, inside the span.
        // The span is in that of the request which hands the work over, and there at any level.
        let work = work.instrument(tracing::error_span!("background", work = name));
        self.tasks.spawn_on(work, &self.runtime);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::logging::kept::Kept;

    const SOON: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn shutdown_waits_for_what_is_under_way() {
        let background = TrackedBackground::new(Handle::current());
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let done = Arc::new(AtomicBool::new(false));
        let mark = done.clone();
        background.spawn(
            "test",
            Box::pin(async move {
                wait.await.unwrap();
                mark.store(true, Ordering::Release);
            }),
        );
        assert!(!background.drain(Duration::from_millis(1)).await);
        go.send(()).unwrap();
        assert!(background.drain(SOON).await);
        assert!(done.load(Ordering::Acquire));
    }

    #[tokio::test]
    async fn what_it_logs_names_the_work_and_the_request_that_handed_it_over() {
        let (kept, _logging) = Kept::warnings();
        let background = TrackedBackground::new(Handle::current());
        let request = tracing::error_span!("request", request_id = %"abc-1");
        request.in_scope(|| {
            let work = async { tracing::warn!("after the answer") };
            background.spawn("test", Box::pin(work));
        });
        drop(request);
        assert!(background.drain(SOON).await);
        let kept = kept.text();
        let told = "request{request_id=abc-1}:background{work=\"test\"}: after the answer";
        assert!(kept.contains(told), "{kept}");
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_task_only() {
        let background = TrackedBackground::new(Handle::current());
        background.spawn("test", Box::pin(async { panic!("on purpose") }));
        assert!(background.drain(SOON).await);
    }
}
