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
    /// nothing stops half-way. At the deadline the caller is answered 503 and the task goes on to
    /// its end, which the timeouts of stores and caches bound: what it has begun in the cache is
    /// finished or taken back. A panic is a 500 and a line in the log.
    pub(crate) async fn run<T, E, F>(&self, work: F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let task = self.tasks.spawn_on(work.in_current_span(), &self.runtime);
        match timeout(self.settings.request_deadline, task).await {
            Ok(Ok(result)) => result.map_err(Into::into),
            Ok(Err(join)) if join.is_panic() => {
                Err(Problem::new(Code::Internal).cause(panic_text(join.into_panic().as_ref())))
            }
            Ok(Err(_)) => Err(Problem::new(Code::Unavailable).cause("the runtime is stopping")),
            Err(_) => Err(Problem::new(Code::Unavailable).cause("the request's deadline passed")),
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
    async fn work_past_the_deadline_is_answered_503_and_goes_on_to_its_end() {
        let (go, wait) = oneshot::channel::<()>();
        let (done, finished) = oneshot::channel::<()>();
        let http = with_deadline(Duration::from_millis(20));
        let late = http
            .run(async move {
                wait.await.unwrap();
                done.send(()).unwrap();
                Ok::<(), Problem>(())
            })
            .await;
        assert_eq!(late.unwrap_err().code, Code::Unavailable);
        go.send(()).unwrap();
        finished.await.unwrap();
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
