//! The helpers by which every use case runs.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::{Instrument as _, Span};

use crate::problem::{Code, Problem};
use crate::state::Http;

impl Http {
    /// Runs a use case to its end, under the request's deadline.
    ///
    /// It is a task of the main runtime, where the answers of stores and caches come in, so that
    /// none of them has to wake another thread for it. A client that hangs up stops nothing
    /// half-way, nor does the deadline, at which the caller is answered 503: what is not at its end
    /// then goes on to its end, which the timeouts of stores and caches bound. What it has begun in
    /// the cache is finished or taken back. A panic is a 500 and a line in the log.
    pub(crate) async fn run<T, E, F>(&self, work: F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let task = self.tasks.spawn_on(work.in_current_span(), &self.runtime);
        match timeout(self.settings.request_deadline, task).await {
            Ok(Ok(result)) => result.map_err(Into::into),
            Ok(Err(ended)) => Err(match ended.try_into_panic() {
                Ok(panic) => panicked(panic.as_ref()),
                Err(_) => Problem::new(Code::Unavailable).cause("the server has stopped"),
            }),
            Err(_) => Err(late()),
        }
    }

    /// The same for what asks the cache once, as a rule, and nobody else: it runs where the request
    /// is handled, since the one answer is not worth two changes of thread. What it opens and begins
    /// belongs to the main runtime, and so does what is left of it when its caller goes.
    ///
    /// The thread serves other requests too: such a use case waits, it does not block.
    pub(crate) async fn run_here<T, E, F>(&self, work: F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let carried = Carried::new(work, &self.runtime, &self.tasks);
        match timeout(self.settings.request_deadline, carried).await {
            Ok(Ok(result)) => result.map_err(Into::into),
            Ok(Err(panic)) => Err(panicked(panic.as_ref())),
            Err(_) => Err(late()),
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Problem {
    Problem::new(Code::Internal).cause(panic_text(panic))
}

fn late() -> Problem {
    Problem::new(Code::Unavailable).cause("the request's deadline passed")
}

type Caught<T> = Result<T, Box<dyn std::any::Any + Send>>;

/// Work that its caller carries to its end, and that goes on without the caller when that is dropped
/// before.
struct Carried<T: Send + 'static> {
    work: Option<Pin<Box<dyn Future<Output = Caught<T>> + Send>>>,
    runtime: Handle,
    /// Shutdown waits for the work, whoever carries it.
    counted: Option<TaskTrackerToken>,
    span: Span,
}

impl<T: Send + 'static> Carried<T> {
    fn new(
        work: impl Future<Output = T> + Send + 'static,
        runtime: &Handle,
        tasks: &TaskTracker,
    ) -> Self {
        Self {
            work: Some(Box::pin(AssertUnwindSafe(work).catch_unwind())),
            runtime: runtime.clone(),
            counted: Some(tasks.token()),
            span: Span::current(),
        }
    }
}

impl<T: Send + 'static> Future for Carried<T> {
    type Output = Caught<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // Only `timeout` polls this, and never after the end.
        let Some(work) = this.work.as_mut() else {
            return Poll::Pending;
        };
        // Timers, sockets and tasks that the work makes outlive the thread that handles the request.
        let _entered = this.runtime.enter();
        let polled = work.as_mut().poll(cx);
        if polled.is_ready() {
            this.work = None;
            this.counted = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Carried<T> {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else {
            return;
        };
        let counted = self.counted.take();
        let carried_on = async move {
            // Nobody asks how it ends. A panic has been logged where it happened.
            let _ = work.await;
            drop(counted);
        };
        let span = std::mem::replace(&mut self.span, Span::none());
        self.runtime.spawn(carried_on.instrument(span));
    }
}

/// What a panic said, for the log.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", said.unwrap_or("without a text"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;
    use crate::tests::fixture;

    /// Runs work in one way or the other.
    async fn run<T, E, F>(http: &Http, here: bool, work: F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        if here {
            http.run_here(work).await
        } else {
            http.run(work).await
        }
    }

    fn of_runtime(main: &tokio::runtime::Runtime) -> Http {
        let _entered = main.enter();
        fixture::http(fixture::settings())
    }

    const WAYS: [bool; 2] = [false, true];

    fn with_deadline(deadline: Duration) -> Http {
        let mut settings = fixture::settings();
        settings.request_deadline = deadline;
        fixture::http(settings)
    }

    #[tokio::test]
    async fn the_result_comes_back() {
        let http = fixture::http(fixture::settings());
        for here in WAYS {
            let done = run(&http, here, async { Ok::<_, Problem>(7) }).await;
            assert_eq!(done, Ok(7));
            let refused = Err::<(), _>(Problem::new(Code::SlugTaken));
            let told = run(&http, here, std::future::ready(refused.clone())).await;
            assert_eq!(told, refused);
        }
    }

    #[tokio::test]
    async fn work_past_the_deadline_is_answered_503_and_goes_on_to_its_end() {
        for here in WAYS {
            let (go, wait) = oneshot::channel::<()>();
            let (done, finished) = oneshot::channel::<()>();
            let http = with_deadline(Duration::from_millis(20));
            let work = async move {
                wait.await.unwrap();
                done.send(()).unwrap();
                Ok::<(), Problem>(())
            };
            let late = run(&http, here, work).await;
            assert_eq!(late.unwrap_err().code, Code::Unavailable);
            go.send(()).unwrap();
            finished.await.unwrap();
        }
    }

    #[tokio::test]
    async fn r9_a_panic_is_a_500_with_its_text_in_the_log_only() {
        let http = fixture::http(fixture::settings());
        for here in WAYS {
            let work = async {
                assert!(std::hint::black_box(false), "no such luck");
                Ok::<(), Problem>(())
            };
            let failed = run(&http, here, work).await.unwrap_err();
            assert_eq!(failed.code, Code::Internal);
            assert_eq!(failed.cause.as_deref(), Some("panic: no such luck"));
            assert_eq!(failed.detail, None);
        }
    }

    #[test]
    fn a_use_case_runs_where_answers_come_in_unless_it_is_to_stay_here() {
        let main = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("main-runtime")
            .enable_all()
            .build()
            .unwrap();
        let http = of_runtime(&main);
        let request = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        for here in WAYS {
            let work = async {
                tokio::task::yield_now().await;
                Ok::<_, Problem>(std::thread::current().name() == Some("main-runtime"))
            };
            let on_main = request.block_on(run(&http, here, work));
            assert_eq!(on_main, Ok(!here));
        }
    }

    #[test]
    fn work_of_a_runtime_that_has_ended_is_answered_503() {
        let main = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let http = of_runtime(&main);
        main.shutdown_background();
        let request = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let refused = request.block_on(http.run(async { Ok::<_, Problem>(7) }));
        assert_eq!(refused.unwrap_err().code, Code::Unavailable);
    }

    #[test]
    fn r5_what_is_left_goes_on_when_the_thread_of_its_request_has_ended() {
        let main = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let tasks = TaskTracker::new();
        let (done, finished) = std::sync::mpsc::channel();
        let work = async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let spawned = tokio::spawn(async { 7 }).await.unwrap();
            done.send(spawned).unwrap();
        };

        let own = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let gone = own.block_on(async {
            let carried = Carried::new(work, main.handle(), &tasks);
            timeout(Duration::from_millis(5), carried).await
        });
        assert!(gone.is_err());
        drop(own);

        tasks.close();
        assert_eq!(tasks.len(), 1, "shutdown waits for it");
        assert_eq!(finished.recv_timeout(Duration::from_secs(5)), Ok(7));
        let drained = async { timeout(Duration::from_secs(5), tasks.wait()).await };
        assert!(main.block_on(drained).is_ok());
    }

    #[tokio::test]
    async fn r5_a_client_that_hangs_up_stops_nothing() {
        let http = fixture::http(fixture::settings());
        for here in WAYS {
            let (go, wait) = oneshot::channel::<()>();
            let (done, finished) = oneshot::channel::<()>();
            let work = async move {
                wait.await.unwrap();
                done.send(()).unwrap();
                Ok::<(), Problem>(())
            };
            // The caller goes away while the work waits.
            let gone = timeout(Duration::from_millis(5), run(&http, here, work)).await;
            assert!(gone.is_err());
            go.send(()).unwrap();
            finished.await.unwrap();
        }
    }
}
