//! The contract that every keeper of pending signups keeps, as a suite of named tests.
//!
//! A cache crate writes in `tests/it/main.rs`:
//!
//! ```ignore
//! async fn fresh_pending_signups(policy: CodePolicy) -> Arc<dyn PendingSignups> {
//!     Arc::new(MemoryPendingSignups::new(policy, 10_000))
//! }
//!
//! kogents_testkit::pending_signups_contract!(fresh_pending_signups);
//! ```
//!
//! The maker may give an `Arc` of the port, a [`Subject`](crate::subject::Subject), or an
//! `Option` of one, where `None` skips the case.
//!
//! **Adapters judge by the `now` that is passed.** Lifetimes that a server keeps by its own clock
//! are only a bound on what stays in its memory, and never shorter than what the entry promises.
//! So the cases begin at the real present moment and then pass later ones without waiting.

pub mod attempts;
pub mod budget;
pub mod budgets;
pub mod issuing;
pub mod keeping;
pub mod leases;
pub mod parallel;
pub mod support;
pub mod withdrawing;

use kogents_domain::limits::Limit;
use kogents_domain::signup::{CodePolicy, GuessBudgets};
use kogents_domain::time::Span;

/// The one budget of an address in the product's default.
pub const BUDGET: Limit = Limit::new(15, Span::from_secs(86_400));

/// The policy that the maker is given: the product's default.
pub const POLICY: CodePolicy = CodePolicy {
    ttl: Span::from_secs(600),
    resend_pause: Span::from_secs(60),
    max_attempts: 5,
    address_budgets: GuessBudgets::one(BUDGET),
};

/// Makes a test of every case that a keeper of pending signups must pass. See
/// [`pending_signups_contract`](self).
#[macro_export]
macro_rules! pending_signups_contract {
    ($maker:path) => {
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::keeping {
                a_signup_is_loaded_as_it_was_made,
                an_unknown_signup_is_gone_for_every_step,
                a_signup_ends_at_its_moment_for_every_step,
                choosing_a_workspace_replaces_the_contents,
                an_old_version_replaces_nothing,
                choosing_again_keeps_an_outstanding_code,
                signups_do_not_touch_each_other,
                s9_no_step_moves_the_end_of_a_signup,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::issuing {
                s8_without_a_workspace_no_code_is_issued,
                an_issued_code_says_how_long_it_is_good,
                another_code_has_to_wait_for_the_pause,
                s4_a_new_code_voids_the_one_before,
                s4_a_code_is_good_until_its_end,
                a_code_does_not_outlive_its_signup,
                s1_a_code_counts_for_its_own_signup_only,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::withdrawing {
                a_withdrawn_code_counts_no_longer_and_starts_no_pause,
                withdrawing_a_second_code_remembers_the_first,
                withdrawing_an_older_code_changes_nothing,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::attempts {
                a_right_code_gives_the_signup,
                without_a_code_none_is_right,
                s2_wrong_guesses_burn_the_code,
                a_burnt_code_ends_like_any_other,
                a_new_code_has_attempts_of_its_own,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::budget {
                s3_an_address_is_locked_after_its_wrong_guesses,
                s3_the_lock_ends_with_the_window,
                s3_the_address_may_leave_fewer_guesses_than_the_code,
                s3_the_budget_spans_signups_finished_or_not,
                s3_another_address_has_a_budget_of_its_own,
                s3_a_lock_goes_before_every_check_of_a_code,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::budgets::policy()) => pending_signups_contract::budgets {
                s3_the_shorter_budget_locks_first_and_comes_back,
                s3_the_longer_budget_locks_longer,
                s3_of_two_used_up_budgets_the_last_to_come_back_locks,
                s3_a_failed_lease_counts_against_every_budget,
                s3_budgets_span_signups_and_leave_other_addresses_alone,
                s3_parallel_guesses_stop_at_each_budget,
                forgotten_guesses_are_in_no_budget,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::leases {
                s8_a_leased_signup_waits_for_its_confirmation,
                guesses_during_a_lease_do_not_count,
                an_expired_lease_may_be_taken_over,
                a_released_lease_leaves_the_code_good,
                a_failed_lease_counts_as_a_wrong_guess,
                s2_failed_leases_burn_the_code,
                s3_failed_leases_use_the_budget_up,
                a_stale_lease_frees_nothing,
                a_finished_signup_is_gone,
            }
        );
        $crate::contract_cases!(
            $maker($crate::pending_signups_contract::POLICY) => pending_signups_contract::parallel {
                s2_two_hundred_parallel_guesses_compare_at_most_five,
                s2_parallel_wrong_guesses_are_each_counted_once,
                s3_parallel_guesses_over_signups_stop_at_the_budget,
                s8_fifty_parallel_right_codes_give_one_lease,
                s8_parallel_choices_of_a_workspace_succeed_once,
                parallel_codes_issue_once,
            }
        );
    };
}
