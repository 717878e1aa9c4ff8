//! A value that a thread makes while others may already ask for it.

use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// A value on its way. Once it is there, asking for it takes no lock.
#[derive(Debug)]
pub(crate) struct Loading<T> {
    /// None inside: it will never be there.
    value: OnceLock<Option<T>>,
    is_over: Mutex<bool>,
    over: Condvar,
}

impl<T: Send + Sync + 'static> Loading<T> {
    /// Starts a thread that makes the value, and returns at once. Where no thread can be had,
    /// where it panics and where it makes nothing, the value never comes.
    pub(crate) fn start(make: impl FnOnce() -> Option<T> + Send + 'static) -> Arc<Self> {
        let loading = Arc::new(Self {
            value: OnceLock::new(),
            is_over: Mutex::new(false),
            over: Condvar::new(),
        });
        let ending = Ending(Arc::clone(&loading));
        // When the thread does not start, its closure is dropped, and `ending` with it.
        let started = thread::Builder::new()
            .name("user-agents".to_owned())
            .spawn(move || {
                if let Some(value) = make() {
                    ending.0.value.set(Some(value)).ok();
                }
                drop(ending);
            });
        if let Err(error) = started {
            tracing::error!(%error, "no thread to load the regular expressions for User-Agents");
        }
        loading
    }
}

impl<T> Loading<T> {
    /// The value, waiting for it at most so long. None when it is not there yet, or never will be.
    pub(crate) fn wait(&self, patience: Duration) -> Option<&T> {
        if let Some(value) = self.value.get() {
            return value.as_ref();
        }
        let is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        drop(
            self.over
                .wait_timeout_while(is_over, patience, |is_over| !*is_over),
        );
        self.value.get()?.as_ref()
    }
}

/// Ends the waiting when it is dropped, however the thread ends.
struct Ending<T>(Arc<Loading<T>>);

impl<T> Drop for Ending<T> {
    fn drop(&mut self) {
        // Does nothing where the value is there.
        self.0.value.set(None).ok();
        let mut is_over = self
            .0
            .is_over
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *is_over = true;
        self.0.over.notify_all();
    }
}
