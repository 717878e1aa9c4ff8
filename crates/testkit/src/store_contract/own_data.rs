//! The part of the contract that is about what a person does and says of themselves, and about
//! leaving: the audit log, profiles, devices, the end of an account.

/// Makes a test of every case of the audit log, of profiles and of leaving. Part of
/// [`store_contract!`](crate::store_contract!).
#[macro_export]
macro_rules! store_contract_own_data {
    ($maker:path) => {
        $crate::contract_cases!($maker() => store_contract::audit {
            every_action_and_every_target_round_trips,
            an_entry_round_trips_with_bare_fields,
            an_entry_of_a_dropped_unit_is_not_written,
            thousands_of_entries_are_added_at_once,
            an_entry_is_added_once_and_in_no_other_s_place,
            every_scope_adds_what_is_its_own,
        });
        $crate::contract_cases!($maker() => store_contract::audit_listing {
            every_filter_is_obeyed_and_pages_are_parts_of_the_whole,
            a_list_begins_with_its_first_moment_and_ends_before_its_last,
            entries_that_come_meanwhile_shift_no_page,
            s22_entries_of_another_workspace_are_never_listed,
            an_actor_is_told_while_they_are_a_member,
            what_a_person_did_is_listed_over_all_workspaces,
        });
        $crate::contract_cases!($maker() => store_contract::audit_keeping {
            r10_what_is_past_keeping_is_removed_and_nothing_else,
            r10_the_oldest_are_removed_first_and_no_more_than_asked,
            an_actor_is_forgotten_with_their_account_and_what_was_done_stays,
            nobody_is_forgotten_who_is_there,
            forgetting_that_is_not_committed_did_not_happen,
        });
        $crate::contract_cases!($maker() => store_contract::profiles {
            what_persons_say_of_themselves_is_written_and_nothing_else,
            a_profile_of_nobody_is_written_nowhere,
            a_directory_follows_a_members_name,
            names_of_any_length_are_found_by_their_beginning,
        });
        $crate::contract_cases!($maker() => store_contract::leaving {
            who_leaves_takes_along_what_is_theirs_and_nothing_else,
            somebody_who_is_not_there_cannot_leave,
            who_left_may_come_again,
            invitations_outlive_who_made_them,
            the_sessions_of_one_person_are_deleted_and_of_nobody_else,
            mail_that_waits_for_who_leaves_is_dropped,
            mail_to_every_variant_of_an_address_is_dropped_and_to_no_other,
        });
        $crate::contract_cases!($maker() => store_contract::workspaces_of_person {
            memberships_of_whatever_status_are_listed,
        });
    };
}
