//! The contract that every store keeps, as a suite of named tests.
//!
//! A store crate writes in `tests/it/main.rs`:
//!
//! ```ignore
//! async fn fresh_store() -> Subject<dyn Store> {
//!     let folder = tempfile::tempdir().unwrap();
//!     let store = SqliteStore::open(&folder).await.unwrap();
//!     Subject::guarded(Arc::new(store), folder)
//! }
//!
//! kogents_testkit::store_contract!(fresh_store);
//! ```
//!
//! The maker is the name of an async function without arguments that gives a migrated, empty
//! store of its own each time: an `Arc<dyn Store>`, a [`Subject`](crate::subject::Subject), or an
//! `Option` of one, where `None` skips the case. The calling crate needs tokio with `macros` and
//! `rt-multi-thread`. A suite invoked twice in one crate goes into a module each.
//!
//! The cases of [`store_contract_persons_and_sessions!`](crate::store_contract_persons_and_sessions)
//! use the repositories of persons and sessions only; parents of other rows are added through the
//! ports, too, so that foreign keys hold.

pub mod accepting;
pub mod accounts;
pub mod activity;
pub mod api_tokens;
pub mod audit;
pub mod audit_keeping;
pub mod audit_listing;
pub mod changing_workspaces;
pub mod claims;
pub mod constraints;
mod crowd;
pub mod dead_letters;
pub mod devices;
pub mod directory;
pub mod ending;
pub mod facts;
pub mod grants;
pub mod invitations;
pub mod lanes;
pub mod last_active;
pub mod leases;
pub mod leaving;
pub mod listing;
pub mod memberships;
pub mod moving_sessions;
pub mod notices;
pub mod one_time_tokens;
pub mod operators_list;
pub mod outbox;
mod own_data;
pub mod own_permissions;
pub mod profiles;
pub mod queue_listing;
pub mod roles;
pub mod rotation;
pub mod sessions;
pub mod standing;
pub mod support;
pub mod sweep;
mod team;
pub mod tenancy;
pub mod timing_out;
pub mod units;
pub mod upkeep;
pub mod users;
mod workspaces;
pub mod workspaces_of_person;

/// Makes a test of every case that a whole store must pass. See [`store_contract`](self).
#[macro_export]
macro_rules! store_contract {
    ($maker:path) => {
        $crate::store_contract_persons_and_sessions!($maker);
        $crate::store_contract_workspaces!($maker);
        $crate::store_contract_own_data!($maker);
        $crate::contract_cases!($maker() => store_contract::accounts {
            a_person_with_a_last_workspace_round_trips,
            the_last_workspace_can_be_set_and_cleared,
            a_session_in_a_workspace_round_trips,
            a_whole_account_commits_at_once_or_not_at_all,
        });
        $crate::contract_cases!($maker() => store_contract::tenancy {
            a_workspace_round_trips_with_every_field,
            a_workspace_round_trips_with_bare_fields,
            a_workspace_is_found_by_its_slug,
            s28_parallel_inserts_of_one_slug_give_one_workspace,
            every_system_role_round_trips,
            a_custom_role_round_trips,
            a_role_is_found_in_its_own_workspace_only,
            two_workspaces_may_have_roles_of_one_name,
        });
        $crate::contract_cases!($maker() => store_contract::standing {
            a_person_without_membership_stands_nowhere,
            the_preferred_workspace_comes_first,
            without_preference_the_oldest_membership_counts,
            a_preferred_workspace_without_membership_is_ignored,
            only_active_memberships_count,
            another_persons_membership_is_no_standing,
            a_standing_is_seen_in_the_scope_of_its_person,
        });
        $crate::contract_cases!($maker() => store_contract::api_tokens {
            an_api_token_round_trips,
            a_void_api_token_round_trips,
            an_unknown_api_token_is_not_found,
            r10_no_more_is_kept_of_void_api_tokens_than_the_last,
            s22_api_tokens_of_other_workspaces_stay,
            an_api_token_revoked_in_a_dropped_unit_is_good,
            an_api_token_is_found_in_the_scope_of_its_workspace,
        });
        $crate::contract_cases!($maker() => store_contract::constraints {
            s28_every_constraint_is_reported_by_its_name,
        });
        $crate::contract_cases!($maker() => store_contract::outbox {
            r1_a_job_of_a_dropped_unit_is_not_queued,
            a_claimed_job_has_every_field,
            every_template_waits_in_its_lane,
            an_equal_job_is_not_queued_within_the_window,
            a_sent_job_still_counts_within_the_window,
            after_the_window_an_equal_job_is_queued,
            other_keys_do_not_count,
            parallel_equal_jobs_queue_one,
            a_newer_job_voids_waiting_ones_of_its_key,
            a_voided_job_does_not_come_back,
        });
        $crate::contract_cases!($maker() => store_contract::claims {
            urgent_lanes_come_first_and_older_jobs_before_younger,
            a_claim_takes_no_more_than_its_limit,
            no_job_is_claimed_before_its_time,
            r2_no_job_is_claimed_once_it_has_expired,
            a_leased_job_is_not_claimed_again,
            r2_an_expired_lease_is_claimed_again_and_fences_the_old_one,
            r2_parallel_claimers_get_every_job_once,
            a_sent_job_is_gone_for_good,
            a_job_to_retry_waits_until_its_time,
            r2_a_job_given_back_has_not_been_tried,
            a_dead_job_is_gone_for_good,
            a_foreign_token_finishes_nothing,
        });
        $crate::contract_cases!($maker() => store_contract::lanes {
            r2_lanes_are_served_in_the_order_that_is_asked_for,
            r2_lanes_that_are_not_asked_for_are_left_alone,
            r2_within_a_lane_those_due_longest_come_first,
            every_lane_has_a_depth,
            a_depth_counts_what_waits_and_what_is_dead,
            a_job_that_is_never_due_waits_for_nothing,
        });
        $crate::contract_cases!($maker() => store_contract::dead_letters {
            r2_a_dead_letter_keeps_its_message,
            r2_an_expired_dead_letter_is_wiped,
            r2_a_dead_letter_can_be_queued_again,
            r2_nothing_else_is_queued_again,
            r2_dead_letters_are_queued_again_oldest_first,
            r2_a_letter_that_dies_again_meanwhile_is_left,
            r2_a_job_is_voided_for_good,
            a_sent_job_is_not_voided,
            dead_letters_are_removed_oldest_first,
            r2_a_dead_code_that_was_replaced_cannot_be_queued_again,
        });
        $crate::contract_cases!($maker() => store_contract::queue_listing {
            a_job_shows_every_field_but_its_message,
            an_unknown_job_is_not_found,
            jobs_are_listed_in_pages_newest_first,
            jobs_are_listed_by_state_and_lane,
        });
        $crate::contract_cases!($maker() => store_contract::one_time_tokens {
            a_mailed_token_round_trips,
            a_mailed_token_is_good_once,
            a_token_consumed_in_a_dropped_unit_is_still_good,
            of_parallel_uses_of_a_mailed_token_one_gets_it,
            another_token_is_none,
            a_person_s_tokens_of_a_purpose_are_voided,
            r10_expired_tokens_are_removed,
            r10_one_sweep_removes_at_most_a_thousand_tokens,
        });
        $crate::contract_cases!($maker() => store_contract::sweep {
            r10_expired_jobs_are_dropped,
            r10_finished_jobs_are_removed_after_a_while,
            r10_dead_jobs_are_removed_after_a_while,
            a_finished_job_stays_while_its_window_is_open,
            waiting_jobs_survive_a_sweep,
            one_sweep_touches_at_most_a_thousand,
        });
    };
}

/// Makes a test of every case that concerns units of work, persons and sessions. Part of
/// [`store_contract!`](crate::store_contract!); alone for a store that has no more yet.
#[macro_export]
macro_rules! store_contract_persons_and_sessions {
    ($maker:path) => {
        $crate::contract_cases!($maker() => store_contract::units {
            a_dropped_unit_leaves_nothing,
            uncommitted_rows_are_not_seen_by_others,
            a_unit_sees_its_own_writes,
            committed_rows_are_seen_by_readers,
            a_reading_unit_cannot_write,
            a_reading_unit_sees_one_snapshot,
            a_unit_with_a_conflict_leaves_nothing,
            dropped_units_do_not_wear_the_store_out,
            every_scope_can_be_begun_and_read,
        });
        $crate::contract_cases!($maker() => store_contract::users {
            a_person_round_trips_with_every_field,
            a_person_round_trips_with_bare_fields,
            an_unknown_person_is_not_found,
            s28_a_person_is_found_by_any_variant_of_the_address,
            s28_one_account_per_normalised_address,
            s28_parallel_inserts_of_one_address_give_one_account,
            an_address_is_given_in_place_of_another,
            s28_an_address_that_has_an_account_is_given_to_nobody_else,
            s8_one_person_per_signup,
            s8_parallel_inserts_of_one_signup_give_one_person,
            a_password_hash_is_replaced_only_by_who_knows_it,
            parallel_replacements_of_one_hash_succeed_once,
            locking_a_person_gives_the_person,
            locked_units_of_one_person_follow_each_other,
            units_that_lock_several_persons_follow_each_other,
        });
        $crate::contract_cases!($maker() => store_contract::sessions {
            a_session_round_trips_with_every_fact,
            a_session_round_trips_with_bare_facts,
            an_ended_session_round_trips,
            a_session_with_spent_tokens_round_trips,
            every_session_type_and_end_reason_round_trips,
            every_geo_source_and_address_family_round_trips,
            an_unknown_session_is_not_found,
            s20_a_session_of_another_person_is_not_found,
        });
        $crate::contract_cases!($maker() => store_contract::rotation {
            s17_a_rotation_moves_every_refresh_field,
            s17_a_wrong_generation_or_digest_rotates_nothing,
            s17_an_ended_session_does_not_rotate,
            s18_an_idle_session_does_not_rotate,
            s18_a_session_past_its_absolute_end_does_not_rotate,
            s18_the_idle_end_stops_at_the_absolute_one,
            the_idle_end_never_moves_back,
            s17_spent_generations_leave_after_the_grace,
            s17_a_thirty_third_rotation_within_the_grace_waits,
            spent_times_never_run_backwards,
            s17_hundred_parallel_rotations_of_one_token_give_one_successor,
            a_rotation_that_is_not_committed_did_not_happen,
            other_sessions_do_not_rotate_along,
            an_unknown_session_does_not_rotate,
        });
        $crate::contract_cases!($maker() => store_contract::ending {
            a_session_ends_once,
            a_timed_out_session_can_be_ended,
            an_unknown_session_cannot_be_ended,
            parallel_ends_of_one_session_succeed_once,
            all_others_end_but_one,
            all_end_without_exception,
            ending_others_leaves_what_had_ended,
            surplus_sessions_end_the_longest_idle_first,
            the_session_to_keep_is_kept_even_if_idle_longest,
            a_second_session_to_keep_stays,
            within_the_limit_nothing_ends,
            s18_sessions_heard_of_lately_count_as_live,
            dead_sessions_are_no_surplus,
        });
        $crate::contract_cases!($maker() => store_contract::listing {
            open_sessions_come_newest_started_first,
            s18_ended_and_old_sessions_are_not_listed_as_open,
            s20_sessions_of_others_are_never_listed,
            all_sessions_come_in_pages_newest_first,
            a_full_last_page_is_the_last,
            a_person_without_sessions_has_an_empty_page,
        });
        $crate::contract_cases!($maker() => store_contract::activity {
            s20_counters_are_found_alone_and_with_their_session,
            totals_are_written_as_they_are,
            of_two_totals_the_greater_of_each_stays,
            of_two_totals_in_one_batch_the_greater_of_each_stays,
            totals_of_sessions_that_are_gone_are_passed_over,
            crossing_batches_do_no_harm,
        });
        $crate::contract_cases!($maker() => store_contract::facts {
            what_came_from_the_frontend_round_trips,
            facts_are_replaced_as_a_whole,
        });
        $crate::contract_cases!($maker() => store_contract::timing_out {
            r10_idle_sessions_come_those_that_passed_first_first,
            idle_ends_move_forward_up_to_the_absolute_end,
            s18_timed_out_sessions_end_as_they_are_told,
            sessions_that_are_not_idle_any_more_are_not_ended,
            s18_a_rotation_meanwhile_keeps_the_session,
            s18_of_a_rotation_and_a_timeout_at_once_one_happens,
            parallel_sweeps_end_every_session_once,
        });
        $crate::contract_cases!($maker() => store_contract::upkeep {
            r10_traces_come_of_those_that_ended_first,
            r10_minimised_traces_are_kept_and_not_listed_again,
            r10_partitions_are_made_once,
            r10_sessions_of_long_ago_are_dropped_once_they_have_ended,
            r10_sessions_of_long_ago_are_dropped_bit_by_bit,
            r10_the_lag_tells_what_waits_longest,
        });
        $crate::contract_cases!($maker() => store_contract::devices {
            a_device_is_new_once_per_person,
            a_device_of_a_dropped_unit_is_still_new,
            of_parallel_sights_of_a_device_one_is_the_first,
            r10_beyond_the_most_the_device_not_seen_longest_gives_way,
            the_device_just_seen_does_not_give_way,
            r10_devices_not_seen_for_long_are_dropped,
            devices_are_listed_with_when_they_were_seen,
        });
        $crate::contract_cases!($maker() => store_contract::leases {
            a_lease_is_one_holder_s_until_it_runs_out,
            the_holder_extends_its_lease,
            a_lease_is_given_back_by_its_holder,
            leases_of_other_names_are_free,
            a_lease_of_a_dropped_unit_is_not_held,
            of_parallel_takers_one_holds_the_lease,
        });
        $crate::contract_cases!($maker() => store_contract::notices {
            notices_are_read_as_they_were_posted,
            a_notice_of_a_dropped_unit_is_not_posted,
            r10_old_notices_are_swept,
        });
        $crate::contract_cases!($maker() => store_contract::operators_list {
            persons_are_listed_newest_first_and_page_by_page,
            persons_are_found_by_a_part_of_address_or_name,
            what_stands_for_others_in_patterns_stands_for_itself,
            a_suspension_comes_and_goes_and_nothing_else_changes,
        });
    };
}
