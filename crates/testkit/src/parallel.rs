//! Starting many tasks at one moment.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

/// Runs the tasks at once, each on a task of the runtime, none before all stand ready. Gives what
/// they gave, in their order.
///
/// # Panics
/// When one of them panics.
pub async fn at_once<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<F> = tasks.into_iter().collect();
    let barrier = Arc::new(Barrier::new(tasks.len()));
    let running: Vec<_> = tasks
        .into_iter()
        .map(|task| {
            let barrier = Arc::clone(&barrier);
            tokio::spawn(async move {
                barrier.wait().await;
                task.await
            })
        })
        .collect();
    let mut given = Vec::with_capacity(running.len());
    for task in running {
        given.push(task.await.expect("a parallel task panicked"));
    }
    given
}
