//! Cases of memberships.

use std::sync::Arc;

use kogents_domain::access::SystemRole;
use kogents_domain::ids::UserId;
use kogents_domain::store::{Constraint, Scope, StoreError};
use kogents_domain::workspace::{Membership, MembershipStatus};

use super::support::{StorePort, at, begin, commit, insert_user, some_user};
use super::team::some_team;
use crate::builders::{START, a_membership, a_user, address, unique_address, unique_id};
use crate::parallel::at_once;

/// By the person, and by any variant of their address.
pub async fn a_membership_round_trips_whatever_its_status(store: StorePort) {
    let team = some_team(&store).await;
    let agent = team.role(SystemRole::Agent);
    for status in MembershipStatus::ALL {
        let user = a_user().build();
        let expected = team
            .join_as(&store, &user, agent, |built| {
                built.status(status).since(at(5)).with(|membership| {
                    membership.updated_at = at(7);
                })
            })
            .await;
        assert_eq!(
            team.membership(&store, user.id).await.as_ref(),
            Some(&expected)
        );
        let variant = address(&user.email.as_given().to_uppercase());
        let mut unit = team.read(&store).await;
        let found = unit.memberships().find_by_email(team.id(), &variant).await;
        assert_eq!(found.unwrap(), Some(expected));
    }
}

/// Not of a stranger, and not of a member of another workspace.
pub async fn s22_a_membership_is_found_in_its_own_workspace_only(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let stranger = some_user(&store).await;
    let mut unit = team.read(&store).await;
    let memberships = unit.memberships();
    for user in [&stranger, &other.admin] {
        assert_eq!(memberships.find(team.id(), user.id).await, Ok(None));
        let found = memberships.find_by_email(team.id(), &user.email).await;
        assert_eq!(found, Ok(None));
    }
    let nobody = unique_address();
    let found = memberships.find_by_email(team.id(), &nobody).await;
    assert_eq!(found, Ok(None));
    assert_eq!(
        memberships.find(other.id(), team.admin.id).await,
        Ok(None),
        "who is a member elsewhere"
    );
}

/// Not by the one that they had.
pub async fn a_member_is_found_by_the_address_they_have_now(store: StorePort) {
    let team = some_team(&store).await;
    let new = unique_address();
    let admin = team.admin.id;
    let mut unit = store.begin(Scope::Person(admin)).await.unwrap();
    unit.users().set_email(admin, &new, at(1)).await.unwrap();
    commit(unit).await;
    let mut unit = team.read(&store).await;
    let memberships = unit.memberships();
    let found = memberships.find_by_email(team.id(), &new).await.unwrap();
    assert_eq!(found.map(|membership| membership.user_id), Some(admin));
    let found = memberships.find_by_email(team.id(), &team.admin.email);
    assert_eq!(found.await, Ok(None));
}

/// On behalf of the member, of the person, and of the product.
pub async fn the_role_is_told_of_who_is_active(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let role = team.role(SystemRole::Manager);
    for status in MembershipStatus::ALL {
        let user = a_user().build();
        team.join_as(&store, &user, role, |built| built.status(status))
            .await;
        let expected = (status == MembershipStatus::Active).then_some(role);
        for scope in [
            Scope::Member(team.id(), user.id),
            Scope::Person(user.id),
            Scope::System,
        ] {
            let mut unit = store.read(scope).await.unwrap();
            let memberships = unit.memberships();
            let found = memberships.find_role(team.id(), user.id).await.unwrap();
            assert_eq!(found.as_ref(), expected, "{status:?} {scope:?}");
            let elsewhere = memberships.find_role(other.id(), user.id).await;
            assert_eq!(elsewhere, Ok(None));
        }
    }
}

/// Of a person in all workspaces, of a workspace of all persons.
pub async fn memberships_are_counted_whatever_their_status(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let viewer = team.role(SystemRole::Viewer);
    for status in MembershipStatus::ALL {
        let user = a_user().build();
        team.join_as(&store, &user, viewer, |built| built.status(status))
            .await;
    }
    let mut unit = other.begin(&store).await;
    let elsewhere = a_membership(team.admin.id, other.role(SystemRole::Viewer))
        .status(MembershipStatus::Suspended)
        .build();
    unit.memberships().insert(&elsewhere).await.unwrap();
    commit(unit).await;

    let mut unit = team.read(&store).await;
    assert_eq!(unit.memberships().count(team.id()).await, Ok(5));
    let mut unit = other.read(&store).await;
    assert_eq!(unit.memberships().count(other.id()).await, Ok(2));
    let stranger = UserId::from_uuid(unique_id());
    for (user, expected) in [(team.admin.id, 2), (other.admin.id, 1), (stranger, 0)] {
        for scope in [Scope::System, Scope::Person(user)] {
            let mut unit = store.read(scope).await.unwrap();
            assert_eq!(unit.memberships().count_of_person(user).await, Ok(expected));
        }
    }
}

/// Neither who is put aside or suspended altogether, nor who has another role, nor anybody
/// elsewhere.
pub async fn s23_active_admins_are_counted(store: StorePort) {
    let (team, _other) = (some_team(&store).await, some_team(&store).await);
    let admin = team.role(SystemRole::Admin);
    let count = async || {
        let mut unit = team.begin(&store).await;
        let locked = unit.workspaces().find_for_update(team.id()).await;
        assert_eq!(locked.unwrap().as_ref(), Some(&team.workspace));
        unit.memberships().count_active_admins(team.id()).await
    };
    assert_eq!(count().await, Ok(1));
    for status in MembershipStatus::ALL {
        if status != MembershipStatus::Active {
            let user = a_user().build();
            team.join_as(&store, &user, admin, |built| built.status(status))
                .await;
        }
    }
    let suspended = a_user().suspended(at(1)).build();
    team.join_as(&store, &suspended, admin, |built| built).await;
    for system in [SystemRole::Manager, SystemRole::Agent, SystemRole::Viewer] {
        team.join(&store, team.role(system)).await;
    }
    assert_eq!(count().await, Ok(1));
    team.join(&store, admin).await;
    assert_eq!(count().await, Ok(2));
}

/// Of whatever status.
pub async fn members_are_listed_with_and_without_a_role(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let agent = team.role(SystemRole::Agent);
    let mut agents = Vec::new();
    for status in MembershipStatus::ALL {
        let user = a_user().build();
        team.join_as(&store, &user, agent, |built| built.status(status))
            .await;
        agents.push(user.id);
    }
    let mut everybody = agents.clone();
    everybody.push(team.admin.id);
    everybody.sort_unstable();
    agents.sort_unstable();
    let admin = vec![team.admin.id];
    let mut unit = team.read(&store).await;
    for (role, expected) in [
        (None, everybody),
        (Some(agent.id), agents),
        (Some(team.role(SystemRole::Admin).id), admin),
        (Some(team.role(SystemRole::Viewer).id), Vec::new()),
        (Some(other.role(SystemRole::Admin).id), Vec::new()),
    ] {
        let mut listed = unit
            .memberships()
            .list_users(team.id(), role)
            .await
            .unwrap();
        listed.sort_unstable();
        assert_eq!(listed, expected, "{role:?}");
    }
}

/// And when they were changed; nothing else of it, and nobody else's.
pub async fn a_membership_changes_its_role_and_status(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = a_user().build();
    let agent = team.role(SystemRole::Agent);
    let joined = team
        .join_as(&store, &user, agent, |built| built.since(at(1)))
        .await;
    let bystander = team.membership(&store, team.admin.id).await;
    let mut unit = other.begin(&store).await;
    let elsewhere = a_membership(user.id, other.role(SystemRole::Agent)).build();
    unit.memberships().insert(&elsewhere).await.unwrap();
    commit(unit).await;

    for status in MembershipStatus::ALL {
        let changed = Membership {
            role_id: team.role(SystemRole::Manager).id,
            status,
            created_at: START,
            updated_at: at(9),
            ..joined
        };
        let mut unit = team.begin(&store).await;
        unit.memberships().update(&changed).await.unwrap();
        commit(unit).await;
        let expected = Membership {
            created_at: joined.created_at,
            ..changed
        };
        assert_eq!(team.membership(&store, user.id).await, Some(expected));
    }
    assert_eq!(team.membership(&store, team.admin.id).await, bystander);
    let found = other.membership(&store, user.id).await;
    assert_eq!(found, Some(elsewhere));
}

/// Once, and here only.
pub async fn a_membership_is_removed(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = team.join(&store, team.role(SystemRole::Agent)).await;
    let mut unit = other.begin(&store).await;
    let elsewhere = a_membership(user.id, other.role(SystemRole::Agent)).build();
    unit.memberships().insert(&elsewhere).await.unwrap();
    commit(unit).await;

    let mut unit = team.begin(&store).await;
    let memberships = unit.memberships();
    for (id, removed) in [(user.id, true), (user.id, false), (other.admin.id, false)] {
        assert_eq!(memberships.delete(team.id(), id).await, Ok(removed));
    }
    commit(unit).await;
    assert_eq!(team.membership(&store, user.id).await, None);
    assert!(team.membership(&store, team.admin.id).await.is_some());
    let found = other.membership(&store, user.id).await;
    assert_eq!(found, Some(elsewhere));
    // The person is free to come back.
    let mut unit = team.begin(&store).await;
    let again = a_membership(user.id, team.role(SystemRole::Viewer)).build();
    unit.memberships().insert(&again).await.unwrap();
    commit(unit).await;
    assert_eq!(team.membership(&store, user.id).await, Some(again));
}

/// Of twenty one adds it.
pub async fn parallel_inserts_of_one_membership_give_one(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    let user = some_user(&store).await.id;
    let results = at_once((0..20).map(|_| {
        let (store, team) = (Arc::clone(&store), Arc::clone(&team));
        async move {
            let membership = a_membership(user, team.role(SystemRole::Agent)).build();
            let mut unit = team.begin(&store).await;
            unit.memberships().insert(&membership).await?;
            unit.commit().await
        }
    }))
    .await;
    let lost: Vec<StoreError> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!(lost, vec![StoreError::Conflict(Constraint::Membership); 19]);
}

/// Twenty admins put themselves aside at once, each if another remains: one is left. Without the
/// lock two that count at once would both go.
pub async fn s23_of_admins_that_leave_at_once_one_stays(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    let mut admins = vec![team.admin.clone()];
    for _ in 1..20 {
        admins.push(team.join(&store, team.role(SystemRole::Admin)).await);
    }
    let left = at_once(admins.into_iter().map(|admin| {
        let (store, team) = (Arc::clone(&store), Arc::clone(&team));
        async move {
            let scope = Scope::Member(team.id(), admin.id);
            let mut unit = store.begin(scope).await.unwrap();
            let locked = unit.workspaces().find_for_update(team.id()).await;
            assert!(locked.unwrap().is_some());
            let memberships = unit.memberships();
            let admins = memberships.count_active_admins(team.id()).await.unwrap();
            tokio::task::yield_now().await;
            if admins < 2 {
                return false;
            }
            let found = memberships.find(team.id(), admin.id).await.unwrap();
            let aside = Membership {
                status: MembershipStatus::Inactive,
                ..found.unwrap()
            };
            memberships.update(&aside).await.unwrap();
            commit(unit).await;
            true
        }
    }))
    .await;
    assert_eq!(left.iter().filter(|left| **left).count(), 19);
    let mut unit = begin(&store).await;
    let admins = unit.memberships().count_active_admins(team.id()).await;
    assert_eq!(admins, Ok(1));
}

/// Whose unit is dropped is no member.
pub async fn a_membership_of_a_dropped_unit_is_none(store: StorePort) {
    let team = some_team(&store).await;
    let user = a_user().build();
    insert_user(&store, &user).await;
    let mut unit = team.begin(&store).await;
    let membership = a_membership(user.id, team.role(SystemRole::Agent)).build();
    unit.memberships().insert(&membership).await.unwrap();
    drop(unit);
    assert_eq!(team.membership(&store, user.id).await, None);
}
