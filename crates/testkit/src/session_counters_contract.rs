//! The contract that every keeper of sessions' counters keeps, as a suite of named tests, among them
//! the promise of the product: whatever is crossed, repeated or lost, the database ends with what
//! was done, never with more, and never loses what it had.
//!
//! A cache crate writes in `tests/it/main.rs`:
//!
//! ```ignore
//! async fn fresh_instances() -> Arc<dyn Instances> {
//!     Arc::new(Process::new())
//! }
//!
//! kogents_testkit::session_counters_contract!(fresh_instances);
//! ```
//!
//! The maker may give an `Arc` of [`Instances`], a [`Subject`](crate::subject::Subject), or an
//! `Option` of one, where `None` skips the case. The cases begin at the real present moment and
//! then pass later ones without waiting.

pub mod counting;
pub mod crossing;
pub mod support;
pub mod waiting;
pub mod world;

use std::sync::Arc;

use async_trait::async_trait;

use crate::session_states_contract::SessionCache;

/// Two instances of the product on one cache. Where the cache is inside the process, the second one
/// is the first.
#[async_trait]
pub trait Instances: Send + Sync {
    /// What each of them uses.
    fn both(&self) -> [Arc<dyn SessionCache>; 2];

    /// Loses everything that the cache keeps. What was lent before may be used on: it is then of
    /// the same cache, or of a process that is gone.
    async fn lose_everything(&self);
}

/// Makes a test of every case that a keeper of sessions' counters must pass. See
/// [`session_counters_contract`](self).
#[macro_export]
macro_rules! session_counters_contract {
    ($maker:path) => {
        $crate::contract_cases!($maker() => session_counters_contract::counting {
            without_a_base_or_an_entry_nothing_is_counted,
            counting_goes_on_from_the_greater_of_base_and_entry,
            gaps_are_counted_as_the_domain_counts_them,
            great_totals_stay_exact,
            looking_answers_in_the_order_asked_for,
            parallel_counts_at_two_instances_are_each_counted_once,
        });
        $crate::contract_cases!($maker() => session_counters_contract::waiting {
            what_is_counted_waits_and_what_is_put_does_not,
            those_that_waited_longest_come_first_and_no_more_than_asked_for,
            a_claim_keeps_others_away_until_it_runs_out,
            what_is_counted_meanwhile_does_not_end_a_claim,
            what_was_flushed_waits_no_longer_and_what_changed_since_waits_again,
            what_was_flushed_twice_is_flushed_once,
            how_many_wait_is_known_whoever_writes_them_back,
            flushed_counters_stay_for_a_while,
            unflushed_counters_stay_for_a_day,
            a_revision_does_not_come_back,
            parallel_claims_give_each_out_once,
        });
        $crate::contract_cases!($maker() => session_counters_contract::crossing {
            r4_whatever_is_crossed_or_repeated_the_database_ends_with_what_was_done,
            r4_whatever_is_lost_the_database_never_has_too_much_nor_loses_what_it_had,
        });
    };
}
