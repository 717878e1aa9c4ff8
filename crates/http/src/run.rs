//! The one helper by which every use case runs.

use std::future::Future;

use tokio::time::timeout;
use tracing::Instrument as _;

use crate::problem::{Code, Problem};
use crate::state::Http;

impl Http {
    /// Runs a use case on the main runtime, under the deadline of a request.
    ///
    /// The work is a task of its own: a client that hangs up drops this future, not the task, so
    /// nothing stops half-way. At the deadline the task itself is dropped, which rolls an open
    /// unit of work back, and the caller is answered 503; a panic is a 500 and a line in the log.
    pub(crate) async fn run<T, E, F>(&self, work: F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let limited = timeout(self.settings.request_deadline, work).in_current_span();
        match self.runtime.spawn(limited).await {
            Ok(Ok(result)) => result.map_err(Into::into),
            Ok(Err(_)) => {
                Err(Problem::new(Code::Unavailable).cause("the request's deadline passed"))
            }
            Err(join) if join.is_panic() => {
                Err(Problem::new(Code::Internal).cause(panic_text(join.into_panic().as_ref())))
            }
            Err(_) => Err(Problem::new(Code::Unavailable).cause("the runtime is stopping")),
        }
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;
    use crate::tests::fixture;

    fn with_deadline(deadline: Duration) -> Http {
        let mut settings = fixture::settings();
        settings.request_deadline = deadline;
        fixture::http(settings)
    }

    #[tokio::test]
    async fn the_result_comes_back() {
        let http = fixture::http(fixture::settings());
        assert_eq!(http.run(async { Ok::<_, Problem>(7) }).await, Ok(7));
        let refused = http
            .run(async { Err::<(), _>(Problem::new(Code::SlugTaken)) })
            .await;
        assert_eq!(refused, Err(Problem::new(Code::SlugTaken)));
    }

    #[tokio::test]
    async fn work_past_the_deadline_is_dropped_and_answered_503() {
        struct TellsItsEnd(Arc<AtomicBool>);
        impl Drop for TellsItsEnd {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let dropped = Arc::new(AtomicBool::new(false));
        let held = TellsItsEnd(Arc::clone(&dropped));
        let http = with_deadline(Duration::from_millis(20));
        let late = http
            .run(async move {
                let _held = held;
                std::future::pending::<Result<(), Problem>>().await
            })
            .await;
        assert_eq!(late.unwrap_err().code, Code::Unavailable);
        assert!(dropped.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn r9_a_panic_is_a_500_with_its_text_in_the_log_only() {
        let http = fixture::http(fixture::settings());
        let failed = http
            .run(async {
                assert!(std::hint::black_box(false), "no such luck");
                Ok::<(), Problem>(())
            })
            .await
            .unwrap_err();
        assert_eq!(failed.code, Code::Internal);
        assert_eq!(failed.cause.as_deref(), Some("panic: no such luck"));
        assert_eq!(failed.detail, None);
    }

    #[tokio::test]
    async fn r5_a_client_that_hangs_up_stops_nothing() {
        let http = fixture::http(fixture::settings());
        let (go, wait) = oneshot::channel::<()>();
        let (done, finished) = oneshot::channel::<()>();
        let running = http.run(async move {
            wait.await.unwrap();
            done.send(()).unwrap();
            Ok::<(), Problem>(())
        });
        // The caller goes away while the work waits.
        let gone = timeout(Duration::from_millis(5), running).await;
        assert!(gone.is_err());
        go.send(()).unwrap();
        finished.await.unwrap();
    }
}
