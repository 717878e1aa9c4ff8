//! Tells an observer of every query: its name, how long it took, whether it failed.
//!
//! A store is wrapped, once, here; neither its adapter nor the repositories know of it, so that one
//! table of queries serves every store. Whoever adds a method to a repository adds its line to the
//! table in `observed/queries.rs`: it does not compile before.

mod inspector;
mod latencies;
mod queries;
mod query_log;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};

pub(crate) use inspector::ObservedInspector;
pub(crate) use query_log::QueryLog;

/// Hears of every query: for a histogram of latencies.
pub(crate) trait QueryObserver: Send + Sync {
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

/// Two observers are one.
impl<A: QueryObserver, B: QueryObserver> QueryObserver for (A, Arc<B>) {
    fn observe(&self, query: &'static str, took: Duration, failed: bool) {
        self.0.observe(query, took, failed);
        self.1.observe(query, took, failed);
    }
}

/// A store of whose queries somebody hears.
pub(crate) struct ObservedStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) observer: Arc<dyn QueryObserver>,
}

#[async_trait]
impl Store for ObservedStore {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let watch = watch(&self.observer, "unit.begin");
        let unit = watch.hear(self.store.begin(scope).await)?;
        Ok(Box::new(ObservedUnit::new(
            unit,
            Arc::clone(&self.observer),
        )))
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let watch = watch(&self.observer, "unit.read");
        let unit = watch.hear(self.store.read(scope).await)?;
        Ok(Box::new(ObservedUnit::new(
            unit,
            Arc::clone(&self.observer),
        )))
    }
}

/// A unit of work of whose queries somebody hears.
struct ObservedUnit {
    unit: Box<dyn UnitOfWork>,
    observer: Arc<dyn QueryObserver>,
}

impl ObservedUnit {
    const fn new(unit: Box<dyn UnitOfWork>, observer: Arc<dyn QueryObserver>) -> Self {
        Self { unit, observer }
    }
}

/// Begins to measure a query.
fn watch<'a>(observer: &'a Arc<dyn QueryObserver>, query: &'static str) -> Watch<'a> {
    Watch {
        observer: observer.as_ref(),
        query,
        asked_at: Instant::now(),
        failed: true,
    }
}

/// Measures a query from its beginning until this is dropped, also when nobody waits for the
/// answer any more.
struct Watch<'a> {
    observer: &'a dyn QueryObserver,
    query: &'static str,
    asked_at: Instant,
    failed: bool,
}

impl Watch<'_> {
    /// Notes the answer and hands it on.
    fn hear<T>(mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
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
mod tests;
