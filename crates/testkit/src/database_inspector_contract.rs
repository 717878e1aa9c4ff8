//! The contract of what an operator may ask of a store, as a suite of named tests.
//!
//! A store crate writes in `tests/it/main.rs`:
//!
//! ```ignore
//! async fn fresh_store() -> Subject<InspectedStore> {
//!     let store = SqliteStore::in_memory_with(options).unwrap();
//!     Subject::new(Arc::new(InspectedStore::of(store)))
//! }
//!
//! kogents_testkit::database_inspector_contract!(fresh_store);
//! ```
//!
//! The maker gives a migrated, empty store of its own each time, in which nobody waits for a
//! connection for more than half a second. See [`store_contract`](mod@crate::store_contract) for what a
//! maker may be.

pub mod pool;
pub mod telling;

use std::sync::Arc;

use kogents_domain::health::DatabaseInspector;
use kogents_domain::store::Store;

/// A store, and the same as its operator looks at it.
pub struct InspectedStore {
    /// The store.
    pub store: Arc<dyn Store>,
    /// What may be asked of it.
    pub inspector: Arc<dyn DatabaseInspector>,
}

impl InspectedStore {
    /// Of an adapter that is both.
    pub fn of<S: Store + DatabaseInspector + Clone + 'static>(store: S) -> Self {
        Self {
            store: Arc::new(store.clone()),
            inspector: Arc::new(store),
        }
    }
}

/// Makes a test of every case that a store's inspector must pass. See
/// [`database_inspector_contract`](self).
#[macro_export]
macro_rules! database_inspector_contract {
    ($maker:path) => {
        $crate::contract_cases!($maker() => database_inspector_contract::telling {
            it_names_its_product_and_its_version,
            a_migrated_store_lacks_no_migration,
            a_clock_of_its_own_goes_on,
            it_grows_with_what_it_holds,
            it_lists_every_table_once_and_partitions_not_at_all,
        });
        $crate::contract_cases!($maker() => database_inspector_contract::pool {
            whoever_holds_a_connection_is_counted,
            whoever_waits_is_counted_and_whoever_waits_in_vain,
            r4_questions_are_answered_or_given_up_in_time_while_every_connection_is_taken,
        });
    };
}
