//! The list of the cases of workspaces: of their members, roles, permissions and invitations.

/// Makes a test of every case that concerns workspaces and who is in them. Part of
/// [`store_contract!`](crate::store_contract!).
#[macro_export]
macro_rules! store_contract_workspaces {
    ($maker:path) => {
        $crate::contract_cases!($maker() => store_contract::changing_workspaces {
            a_workspace_changes_in_every_field,
            s28_a_workspace_does_not_take_the_slug_of_another,
            locking_a_workspace_gives_the_workspace,
            locked_units_of_one_workspace_follow_each_other,
            a_workspace_goes_with_everything_that_is_its,
            a_workspace_deleted_in_a_dropped_unit_is_still_there,
        });
        $crate::contract_cases!($maker() => store_contract::memberships {
            a_membership_round_trips_whatever_its_status,
            s22_a_membership_is_found_in_its_own_workspace_only,
            a_member_is_found_by_the_address_they_have_now,
            the_role_is_told_of_who_is_active,
            memberships_are_counted_whatever_their_status,
            s23_active_admins_are_counted,
            members_are_listed_with_and_without_a_role,
            a_membership_changes_its_role_and_status,
            a_membership_is_removed,
            parallel_inserts_of_one_membership_give_one,
            s23_of_admins_that_leave_at_once_one_stays,
            a_membership_of_a_dropped_unit_is_none,
        });
        $crate::contract_cases!($maker() => store_contract::workspaces_of_person {
            workspaces_of_a_person_come_with_the_oldest_first,
            a_workspace_of_a_person_tells_who_is_there,
            no_more_workspaces_are_listed_than_the_most,
        });
        $crate::contract_cases!($maker() => store_contract::roles {
            a_role_is_found_by_its_name,
            roles_are_listed_with_the_oldest_first,
            a_role_changes_its_name_and_description,
            s28_a_role_does_not_take_the_name_of_another,
            s22_a_role_of_another_workspace_is_left_alone,
            a_role_that_nobody_has_is_removed,
            a_role_that_a_member_has_is_kept,
            a_role_that_somebody_is_invited_to_is_kept,
            s28_parallel_inserts_of_one_role_name_give_one_role,
        });
        $crate::contract_cases!($maker() => store_contract::grants {
            grants_come_by_name,
            granting_and_withdrawing_again_change_nothing,
            a_permission_is_granted_once,
            the_grants_of_a_workspace_are_read_at_once,
            grants_are_seen_in_the_scope_of_a_member_as_a_person,
            parallel_grants_of_one_permission_all_succeed,
        });
        $crate::contract_cases!($maker() => store_contract::own_permissions {
            a_permission_round_trips,
            own_permissions_come_by_name,
            own_permissions_are_seen_in_the_scope_of_a_member_as_a_person,
            a_permission_changes_in_every_field,
            roles_hold_a_permission_under_its_new_name,
            s28_a_permission_does_not_take_the_name_of_another,
            a_permission_that_a_role_holds_is_kept,
            s28_parallel_inserts_of_one_permission_name_give_one,
        });
        $crate::contract_cases!($maker() => store_contract::invitations {
            an_invitation_round_trips,
            s22_an_invitation_of_another_workspace_is_left_alone,
            s28_an_invitation_is_sent_again_under_another_token,
            an_invitation_is_withdrawn,
            invitations_come_in_pages_newest_first,
            r10_invitations_that_expired_long_ago_are_removed,
            r10_one_sweep_removes_at_most_a_thousand_invitations,
        });
        $crate::contract_cases!($maker() => store_contract::accepting {
            an_invitation_is_open_until_it_expires,
            an_invitation_is_used_once,
            an_invitation_used_in_a_dropped_unit_is_still_good,
            of_parallel_uses_of_an_invitation_one_gets_it,
            s28_one_invitation_per_address_and_workspace,
            an_expired_invitation_gives_way_to_a_new_one,
            s28_parallel_invitations_of_one_address_give_one,
        });
        $crate::contract_cases!($maker() => store_contract::directory {
            a_directory_is_sorted_by_every_key_in_both_directions,
            pages_of_a_directory_are_parts_of_the_whole,
            a_page_past_the_end_of_a_directory_is_empty,
            a_directory_is_searched_by_the_beginning_of_name_and_address,
            filters_of_a_directory_go_together,
            s22_nobody_of_another_workspace_is_in_a_directory,
            one_of_a_directory_is_found_as_they_are_listed,
            a_directory_follows_a_members_address,
        });
        $crate::contract_cases!($maker() => store_contract::last_active {
            a_member_was_last_active_in_the_newest_sessions_there,
        });
        $crate::contract_cases!($maker() => store_contract::moving_sessions {
            a_persons_sessions_in_a_workspace_end,
            everybodys_sessions_in_a_workspace_end_but_one,
            a_session_moves_to_another_workspace,
            an_ended_session_stays_where_it_is,
        });
    };
}
