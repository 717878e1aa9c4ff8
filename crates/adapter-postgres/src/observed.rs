//! Tells an observer of every query: its name, how long it took, whether it failed.
//!
//! A unit of work that is observed is wrapped, once, here; the repositories know nothing of it,
//! and a store without an observer wraps nothing. Whoever adds a method to a repository adds its
//! line to the table in `observed/queries.rs`: it does not compile before.

mod queries;

use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_domain::store::StoreError;

use crate::unit_of_work::PgUnitOfWork;

/// Hears of every query: for a histogram of latencies.
pub trait QueryObserver: Send + Sync {
    /// A query was answered, or given up.
    ///
    /// `query` names it as the repository's method does, `sessions.rotate`; a unit of work adds
    /// `unit.begin`, `unit.read` and `unit.commit`. The names are few and stay the same. `failed`
    /// tells that the database refused, could not be reached, was too slow, or was no longer
    /// waited for; a rule of the tables that stands in the way is an answer, and no failure.
    ///
    /// Called while the caller waits: it should only count.
    fn observe(&self, query: &'static str, took: Duration, failed: bool);
}

impl std::fmt::Debug for dyn QueryObserver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QueryObserver")
    }
}

/// A unit of work of whose queries somebody hears.
pub(crate) struct ObservedUnit {
    unit: PgUnitOfWork,
    observer: Arc<dyn QueryObserver>,
}

impl ObservedUnit {
    pub(crate) const fn new(unit: PgUnitOfWork, observer: Arc<dyn QueryObserver>) -> Self {
        Self { unit, observer }
    }
}

/// Begins to measure a query.
pub(crate) fn watch<'a>(observer: &'a Arc<dyn QueryObserver>, query: &'static str) -> Watch<'a> {
    Watch {
        observer: observer.as_ref(),
        query,
        asked_at: Instant::now(),
        failed: true,
    }
}

/// Measures a query from its beginning until this is dropped, also when nobody waits for the
/// answer any more.
pub(crate) struct Watch<'a> {
    observer: &'a dyn QueryObserver,
    query: &'static str,
    asked_at: Instant,
    failed: bool,
}

impl Watch<'_> {
    /// Notes the answer and hands it on.
    pub(crate) fn hear<T>(mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        self.failed = match &answer {
            Ok(_) | Err(StoreError::Conflict(_)) => false,
            Err(StoreError::Unavailable(_) | StoreError::Failed(_)) => true,
        };
        answer
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.observer
            .observe(self.query, self.asked_at.elapsed(), self.failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kogents_domain::store::Constraint;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Notes(Mutex<Vec<(&'static str, bool)>>);

    impl QueryObserver for Notes {
        fn observe(&self, query: &'static str, _took: Duration, failed: bool) {
            self.0.lock().unwrap().push((query, failed));
        }
    }

    #[test]
    fn a_rule_that_stands_in_the_way_is_no_failure_and_an_abandoned_query_is_one() {
        let notes = Arc::new(Notes::default());
        let observer: Arc<dyn QueryObserver> = notes.clone();
        let _ = watch(&observer, "a.fine").hear(Ok(()));
        let conflict = StoreError::Conflict(Constraint::UserEmail);
        let _ = watch(&observer, "a.conflict").hear(Err::<(), _>(conflict));
        let refused = StoreError::Failed(String::new());
        let _ = watch(&observer, "a.refused").hear(Err::<(), _>(refused));
        drop(watch(&observer, "a.abandoned"));
        assert_eq!(
            *notes.0.lock().unwrap(),
            [
                ("a.fine", false),
                ("a.conflict", false),
                ("a.refused", true),
                ("a.abandoned", true)
            ]
        );
    }
}
