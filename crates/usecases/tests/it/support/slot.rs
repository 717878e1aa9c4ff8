//! Keeps what a mock was given, for the test to look at.

use std::sync::{Arc, Mutex};

/// Every value that was put, in order.
pub(crate) struct Slot<T>(Arc<Mutex<Vec<T>>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Slot<T> {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn put(&self, value: T) {
        self.0.lock().unwrap().push(value);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.0.lock().unwrap().clone()
    }

    /// The one value there is.
    pub(crate) fn only(&self) -> T {
        let all = self.all();
        assert_eq!(all.len(), 1, "exactly one value was expected");
        all[0].clone()
    }
}
