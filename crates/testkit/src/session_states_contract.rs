//! The contract that every keeper of session snapshots keeps, as a suite of named tests.
//!
//! A cache crate writes in `tests/it/main.rs`:
//!
//! ```ignore
//! async fn fresh_session_states() -> Arc<dyn SessionStates> {
//!     Arc::new(MemorySessionStates::new(10_000))
//! }
//!
//! kogents_testkit::session_states_contract!(fresh_session_states);
//! ```
//!
//! The maker may give an `Arc` of the port, a [`Subject`](crate::subject::Subject), or an
//! `Option` of one, where `None` skips the case.
//!
//! **Adapters judge by the `now` that is passed.** Lifetimes that a server keeps by its own clock
//! are only a bound on what stays in its memory, and never shorter than what is promised. So the
//! cases begin at the real present moment and then pass later ones without waiting.

pub mod fences;
pub mod snapshots;
pub mod support;

/// Makes a test of every case that a keeper of session snapshots must pass. See
/// [`session_states_contract`](self).
#[macro_export]
macro_rules! session_states_contract {
    ($maker:path) => {
        $crate::contract_cases!($maker() => session_states_contract::snapshots {
            nothing_is_known_at_first,
            a_put_snapshot_is_known,
            a_snapshot_is_of_one_session_of_one_person,
            a_newer_snapshot_replaces_an_older,
            s16_a_snapshot_is_believed_for_a_minute,
            s18_a_snapshot_is_not_believed_past_its_end,
            a_snapshot_that_has_ended_is_not_put,
            asking_does_not_move_the_version,
            a_made_up_version_puts_nothing,
        });
        $crate::contract_cases!($maker() => session_states_contract::fences {
            s16_behind_a_fence_nothing_is_known,
            s16_behind_a_fence_nothing_is_put,
            s16_lifting_drops_snapshots_and_moves_the_version,
            s16_what_was_read_before_a_fence_is_not_put_after_it,
            after_lifting_snapshots_can_be_put_again,
            s16_overlapping_fences_hold_until_the_last_is_lifted,
            a_fence_is_lifted_once,
            a_fence_runs_out,
            each_fence_runs_out_by_itself,
            s16_a_fence_that_ran_out_leaves_nothing_to_believe,
            s16_lifting_a_fence_that_ran_out_still_drops,
            a_fence_concerns_one_person,
            s16_parallel_stale_puts_leave_nothing_behind,
            s16_parallel_fences_are_all_counted,
        });
    };
}
