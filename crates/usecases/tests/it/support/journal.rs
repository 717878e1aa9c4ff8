//! A journal that many fakes write to, so that a test can tell what happened before what.

use std::sync::{Arc, Mutex};

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    pub(crate) fn note(&self, event: impl Into<String>) {
        self.0.lock().unwrap().push(event.into());
    }

    pub(crate) fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, event: &str) -> usize {
        self.entries()
            .iter()
            .filter(|entry| *entry == event)
            .count()
    }

    /// Those entries that are among `events`, in order.
    pub(crate) fn only(&self, events: &[&str]) -> Vec<String> {
        let mut entries = self.entries();
        entries.retain(|entry| events.contains(&entry.as_str()));
        entries
    }

    /// No hashing, sealing, minting, mail or cache happens while a unit of work is open, be it one
    /// that writes or one that reads.
    pub(crate) fn assert_units_are_undisturbed(&self) {
        let entries = self.entries();
        let mut open = false;
        for entry in &entries {
            let begins = entry.starts_with("begin") || entry.starts_with("read");
            let ends = ["commit", "rollback", "close"].contains(&entry.as_str());
            assert_eq!(open, ends, "{entry:?} while a unit is open in {entries:#?}");
            open = (open || begins) && !ends;
        }
        assert!(!open, "a unit was left open in {entries:#?}");
    }
}
