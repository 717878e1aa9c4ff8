//! Background work that waits until a test runs it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use kogents_domain::background::{Background, Work};

/// Collects work; [`drain`](Self::drain) does it.
#[derive(Default)]
pub struct InlineBackground(Mutex<Vec<(&'static str, Work)>>);

impl InlineBackground {
    fn waiting(&self) -> MutexGuard<'_, Vec<(&'static str, Work)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of the work that waits, oldest first.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.waiting().iter().map(|(name, _)| *name).collect()
    }

    /// Does all that waits, oldest first, also what it brings about itself.
    pub async fn drain(&self) {
        loop {
            let work = std::mem::take(&mut *self.waiting());
            if work.is_empty() {
                return;
            }
            for (_, work) in work {
                work.await;
            }
        }
    }
}

impl Background for InlineBackground {
    fn spawn(&self, name: &'static str, work: Work) {
        self.waiting().push((name, work));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_waits_until_it_is_drained_with_all_it_brings_about() {
        let background = Arc::new(InlineBackground::default());
        let done = Arc::new(AtomicU32::new(0));
        let (inner, count) = (Arc::clone(&background), Arc::clone(&done));
        background.spawn(
            "outer",
            Box::pin(async move {
                count.fetch_add(1, Ordering::SeqCst);
                let count = Arc::clone(&count);
                inner.spawn(
                    "inner",
                    Box::pin(async move {
                        count.fetch_add(10, Ordering::SeqCst);
                    }),
                );
            }),
        );
        assert_eq!(background.names(), ["outer"]);
        assert_eq!(done.load(Ordering::SeqCst), 0);
        background.drain().await;
        assert_eq!(done.load(Ordering::SeqCst), 11);
        assert!(background.names().is_empty());
    }
}
