//! A store that lends mocks and records what became of each unit of work.
//!
//! ```
//! # use kogents_domain::store::{Scope, Store};
//! # use kogents_testkit::fake_store::{FakeStore, Outcome, UnitRecord};
//! # async fn use_case(store: &dyn Store) {
//! #     let mut unit = store.begin(Scope::System).await.unwrap();
//! #     let digest = kogents_testkit::builders::unique_digest();
//! #     assert!(unit.api_tokens().find_by_digest(&digest).await.unwrap().is_none());
//! #     unit.commit().await.unwrap();
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store = FakeStore::new();
//! store.expect_begin(|unit| {
//!     unit.api_tokens.expect_find_by_digest().once().returning(|_| Ok(None));
//! });
//!
//! use_case(&store).await;
//!
//! assert_eq!(store.log(), [UnitRecord::begun(Scope::System, Outcome::Committed)]);
//! # }
//! ```

mod record;
mod unit;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};

pub use record::{Outcome, UnitKind, UnitRecord};
pub use unit::FakeUnit;

/// A store of prepared units of work, which are handed out in the order they were prepared in.
///
/// Clones share everything. A unit that nobody begins fails the test when the last clone goes,
/// and so does beginning one that was not prepared.
#[derive(Clone, Default)]
pub struct FakeStore(Arc<Shared>);

#[derive(Default)]
struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    expected: VecDeque<Expected>,
    log: Vec<UnitRecord>,
}

struct Expected {
    kind: UnitKind,
    unit: Result<FakeUnit, StoreError>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resolve(&self, index: usize, outcome: Outcome) {
        if let Some(record) = self.state().log.get_mut(index) {
            record.outcome = outcome;
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let left = self.state().expected.len();
        if !std::thread::panicking() {
            assert_eq!(left, 0, "prepared units of work that nobody began");
        }
    }
}

impl FakeStore {
    /// A store without prepared units: beginning one panics.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Prepares the mocks of the next unit, which is to be begun for writing.
    pub fn expect_begin(&self, prepare: impl FnOnce(&mut FakeUnit)) {
        self.expect(UnitKind::Begun, prepare);
    }

    /// Prepares the mocks of the next unit, which is to be begun for reading.
    pub fn expect_read(&self, prepare: impl FnOnce(&mut FakeUnit)) {
        self.expect(UnitKind::Read, prepare);
    }

    /// Lets the next unit, to be begun for writing, fail to begin.
    pub fn expect_begin_to_fail(&self, error: StoreError) {
        self.push(UnitKind::Begun, Err(error));
    }

    /// Lets the next unit, to be begun for reading, fail to begin.
    pub fn expect_read_to_fail(&self, error: StoreError) {
        self.push(UnitKind::Read, Err(error));
    }

    /// What became of the units so far, in the order they were begun in.
    #[must_use]
    pub fn log(&self) -> Vec<UnitRecord> {
        self.0.state().log.clone()
    }

    fn expect(&self, kind: UnitKind, prepare: impl FnOnce(&mut FakeUnit)) {
        let mut unit = FakeUnit::default();
        prepare(&mut unit);
        self.push(kind, Ok(unit));
    }

    fn push(&self, kind: UnitKind, unit: Result<FakeUnit, StoreError>) {
        self.0.state().expected.push_back(Expected { kind, unit });
    }

    fn hand_out(&self, kind: UnitKind, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let mut state = self.0.state();
        let expected = state.expected.pop_front();
        let index = state.log.len();
        let outcome = match &expected {
            Some(Expected { unit: Err(_), .. }) => Outcome::NotBegun,
            Some(Expected { unit: Ok(_), .. }) | None => Outcome::Open,
        };
        state.log.push(UnitRecord {
            kind,
            scope,
            outcome,
        });
        // The lock is not held while a failed expectation panics.
        drop(state);
        let expected = expected.expect("a unit of work was begun that no test prepared");
        assert_eq!(kind, expected.kind, "the next prepared unit is another one");
        let unit = expected.unit?;
        let shared = Arc::clone(&self.0);
        Ok(unit.opened(Box::new(move |outcome| shared.resolve(index, outcome))))
    }
}

#[async_trait]
impl Store for FakeStore {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.hand_out(UnitKind::Begun, scope)
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.hand_out(UnitKind::Read, scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builders::a_user;

    fn unavailable() -> StoreError {
        StoreError::Unavailable("down".to_owned())
    }

    #[tokio::test]
    async fn units_lend_their_mocks_and_are_recorded() {
        let store = FakeStore::new();
        let user = a_user().build();
        let id = user.id;
        store.expect_read(|unit| {
            unit.users
                .expect_find()
                .once()
                .return_once(move |_| Ok(Some(user)));
        });
        store.expect_begin(|_| {});
        store.expect_begin(|unit| unit.fail_to_commit(unavailable()));
        store.expect_begin_to_fail(unavailable());

        let mut reading = store.read(Scope::Person(id)).await.unwrap();
        let found = reading.users().find(id).await.unwrap();
        assert_eq!(found.map(|user| user.id), Some(id));
        drop(reading);
        store
            .begin(Scope::System)
            .await
            .unwrap()
            .commit()
            .await
            .unwrap();
        let failing = store.begin(Scope::System).await.unwrap();
        assert_eq!(failing.commit().await, Err(unavailable()));
        assert_eq!(store.begin(Scope::System).await.err(), Some(unavailable()));

        assert_eq!(
            store.log(),
            [
                UnitRecord::read(Scope::Person(id), Outcome::RolledBack),
                UnitRecord::begun(Scope::System, Outcome::Committed),
                UnitRecord::begun(Scope::System, Outcome::CommitFailed),
                UnitRecord::begun(Scope::System, Outcome::NotBegun),
            ]
        );
    }

    #[tokio::test]
    async fn an_open_unit_is_recorded_as_open() {
        let store = FakeStore::new();
        store.expect_begin(|_| {});
        let unit = store.begin(Scope::System).await.unwrap();
        assert_eq!(
            store.log(),
            [UnitRecord::begun(Scope::System, Outcome::Open)]
        );
        drop(unit);
    }

    #[test]
    #[should_panic(expected = "prepared units of work that nobody began")]
    fn a_unit_that_nobody_begins_fails_the_test() {
        let store = FakeStore::new();
        store.expect_begin(|_| {});
    }

    #[tokio::test]
    #[should_panic(expected = "begun that no test prepared")]
    async fn a_unit_that_nobody_prepared_fails_the_test() {
        drop(FakeStore::new().begin(Scope::System).await);
    }
}
