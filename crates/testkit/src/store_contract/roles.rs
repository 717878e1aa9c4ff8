//! Cases of roles: names, changes, removal.

use std::sync::Arc;

use kogents_domain::access::{Role, RoleSummary, SystemRole};
use kogents_domain::store::{Constraint, StoreError};
use kogents_domain::workspace::MembershipStatus;

use super::support::{StorePort, at, begin, commit};
use super::team::{Team, some_team};
use crate::builders::{
    START, a_custom_role, a_permission_name, a_role_name, a_user, an_invitation,
};
use crate::parallel::at_once;

async fn find(store: &StorePort, team: &Team, role: &Role) -> Option<Role> {
    let mut unit = team.read(store).await;
    unit.roles().find(team.id(), role.id).await.unwrap()
}

async fn update(store: &StorePort, team: &Team, role: &Role) -> Result<(), StoreError> {
    let mut unit = team.begin(store).await;
    unit.roles().update(role).await?;
    unit.commit().await
}

async fn delete(store: &StorePort, team: &Team, role: &Role) -> bool {
    let mut unit = team.begin(store).await;
    let deleted = unit.roles().delete(team.id(), role.id).await.unwrap();
    commit(unit).await;
    deleted
}

/// By the whole name, in its own workspace.
pub async fn a_role_is_found_by_its_name(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let role = a_custom_role(team.id(), "Nachtschicht \u{1F319}");
    team.add_role(&store, &role).await.unwrap();
    let mut unit = team.read(&store).await;
    let roles = unit.roles();
    let found = roles.find_by_name(team.id(), &role.name).await.unwrap();
    assert_eq!(found.as_ref(), Some(&role));
    let admin = team.role(SystemRole::Admin);
    let found = roles.find_by_name(team.id(), &admin.name).await.unwrap();
    assert_eq!(found.as_ref(), Some(admin));
    let shorter = a_role_name("Nachtschicht");
    let found = roles.find_by_name(team.id(), &shorter).await;
    assert_eq!(found, Ok(None));
    let mut unit = other.read(&store).await;
    let found = unit.roles().find_by_name(other.id(), &role.name).await;
    assert_eq!(found, Ok(None));
}

/// With how many have them, of whatever status, and how much was granted to them.
pub async fn roles_are_listed_with_the_oldest_first(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let younger = a_custom_role(team.id(), "Younger");
    let younger = Role {
        created_at: at(2),
        ..younger
    };
    let older = Role {
        created_at: at(1),
        ..a_custom_role(team.id(), "Older")
    };
    let oldest = Role {
        created_at: START.minus(kogents_domain::time::Span::from_millis(1)),
        ..a_custom_role(team.id(), "Zest")
    };
    for role in [&younger, &older, &oldest] {
        team.add_role(&store, role).await.unwrap();
    }
    for status in MembershipStatus::ALL {
        let user = a_user().build();
        team.join_as(&store, &user, &older, |built| built.status(status))
            .await;
    }
    other.join(&store, other.role(SystemRole::Viewer)).await;
    let names = ["chat:read", "chat:edit", "reports:export"].map(a_permission_name);
    let mut unit = team.begin(&store).await;
    unit.roles().grant(younger.id, &names).await.unwrap();
    unit.roles().grant(older.id, &names[..1]).await.unwrap();
    commit(unit).await;

    let mut system = team.roles.clone();
    system.sort_by_key(|role| (role.created_at, role.id));
    let summary = |role: Role, users, granted| RoleSummary {
        role,
        users,
        granted,
    };
    let mut expected = vec![summary(oldest, 0, 0)];
    expected.extend(system.into_iter().map(|role| {
        let users = u64::from(role.system == Some(SystemRole::Admin));
        summary(role, users, 0)
    }));
    expected.extend([summary(older, 4, 1), summary(younger, 0, 3)]);
    let mut unit = team.read(&store).await;
    assert_eq!(unit.roles().list(team.id()).await, Ok(expected));
}

/// And when they were changed; nothing else of it.
pub async fn a_role_changes_its_name_and_description(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let role = a_custom_role(team.id(), "Night shift");
    let namesake = a_custom_role(other.id(), "Night shift");
    team.add_role(&store, &role).await.unwrap();
    other.add_role(&store, &namesake).await.unwrap();
    let changed = Role {
        name: a_role_name("Day shift"),
        description: String::new(),
        is_active: false,
        created_at: at(5),
        updated_at: at(9),
        ..role.clone()
    };
    assert_eq!(update(&store, &team, &changed).await, Ok(()));
    let expected = Role {
        is_active: true,
        created_at: role.created_at,
        ..changed
    };
    assert_eq!(find(&store, &team, &role).await, Some(expected.clone()));
    // Its own name is no conflict.
    assert_eq!(update(&store, &team, &expected).await, Ok(()));
    assert_eq!(find(&store, &other, &namesake).await, Some(namesake));
    let admin = team.role(SystemRole::Admin);
    assert_eq!(find(&store, &team, admin).await.as_ref(), Some(admin));
}

/// Not even of the system's.
pub async fn s28_a_role_does_not_take_the_name_of_another(store: StorePort) {
    let team = some_team(&store).await;
    let (one, two) = (
        a_custom_role(team.id(), "One role"),
        a_custom_role(team.id(), "Two roles"),
    );
    team.add_role(&store, &one).await.unwrap();
    team.add_role(&store, &two).await.unwrap();
    for name in [&one.name, &team.role(SystemRole::Agent).name] {
        let taken = Role {
            name: name.clone(),
            ..two.clone()
        };
        assert_eq!(
            update(&store, &team, &taken).await,
            Err(StoreError::Conflict(Constraint::RoleName))
        );
    }
    assert_eq!(find(&store, &team, &two).await, Some(two));
}

/// What names a workspace that is not the role's changes and removes nothing.
pub async fn s22_a_role_of_another_workspace_is_left_alone(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let foreign = a_custom_role(other.id(), "Night shift");
    other.add_role(&store, &foreign).await.unwrap();
    let claimed = Role {
        workspace_id: team.id(),
        name: a_role_name("Day shift"),
        ..foreign.clone()
    };
    assert_eq!(update(&store, &team, &claimed).await, Ok(()));
    assert!(!delete(&store, &team, &foreign).await);
    assert_eq!(find(&store, &team, &foreign).await, None);
    assert_eq!(find(&store, &other, &foreign).await, Some(foreign));
}

/// With what was granted to it, once.
pub async fn a_role_that_nobody_has_is_removed(store: StorePort) {
    let team = some_team(&store).await;
    let (role, stays) = (
        a_custom_role(team.id(), "Night shift"),
        a_custom_role(team.id(), "Day shift"),
    );
    let names = ["chat:read", "reports:export"].map(a_permission_name);
    for role in [&role, &stays] {
        team.add_role(&store, role).await.unwrap();
        let mut unit = team.begin(&store).await;
        unit.roles().grant(role.id, &names).await.unwrap();
        commit(unit).await;
    }
    assert!(delete(&store, &team, &role).await);
    assert!(!delete(&store, &team, &role).await);
    assert_eq!(find(&store, &team, &role).await, None);
    let mut unit = begin(&store).await;
    assert_eq!(unit.roles().granted(role.id).await, Ok(Vec::new()));
    assert_eq!(
        unit.roles().granted(stays.id).await,
        Ok(names.into_iter().collect())
    );
    drop(unit);
    assert_eq!(find(&store, &team, &stays).await, Some(stays));
    // The name is free again.
    let next = a_custom_role(team.id(), role.name.as_str());
    assert_eq!(team.add_role(&store, &next).await, Ok(()));
}

/// Of whatever status they are.
pub async fn a_role_that_a_member_has_is_kept(store: StorePort) {
    let team = some_team(&store).await;
    for status in MembershipStatus::ALL {
        let role = a_custom_role(team.id(), &format!("Role {status:?}"));
        team.add_role(&store, &role).await.unwrap();
        let user = a_user().build();
        team.join_as(&store, &user, &role, |built| built.status(status))
            .await;
        assert!(!delete(&store, &team, &role).await);
        assert_eq!(find(&store, &team, &role).await.as_ref(), Some(&role));
        let mut unit = team.begin(&store).await;
        let removed = unit.memberships().delete(team.id(), user.id).await;
        assert_eq!(removed, Ok(true));
        commit(unit).await;
        assert!(delete(&store, &team, &role).await);
    }
}

/// Also when the link has expired long ago: it can be sent again.
pub async fn a_role_that_somebody_is_invited_to_is_kept(store: StorePort) {
    let team = some_team(&store).await;
    let role = a_custom_role(team.id(), "Night shift");
    team.add_role(&store, &role).await.unwrap();
    let invitation = an_invitation(&role, team.admin.id)
        .with(|invitation| invitation.expires_at = invitation.created_at)
        .build();
    let mut unit = team.begin(&store).await;
    unit.invitations().insert(&invitation).await.unwrap();
    commit(unit).await;
    assert!(!delete(&store, &team, &role).await);
    assert_eq!(find(&store, &team, &role).await.as_ref(), Some(&role));
    let mut unit = team.begin(&store).await;
    let withdrawn = unit.invitations().delete(team.id(), invitation.id).await;
    assert_eq!(withdrawn, Ok(true));
    commit(unit).await;
    assert!(delete(&store, &team, &role).await);
}

/// Twenty at once: one adds it, the others conflict.
pub async fn s28_parallel_inserts_of_one_role_name_give_one_role(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    let results = at_once((0..20).map(|_| {
        let (store, team) = (Arc::clone(&store), Arc::clone(&team));
        async move {
            let role = a_custom_role(team.id(), "Night shift");
            team.add_role(&store, &role).await
        }
    }))
    .await;
    let lost: Vec<StoreError> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!(lost, vec![StoreError::Conflict(Constraint::RoleName); 19]);
}
