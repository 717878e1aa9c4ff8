//! Cases of the permissions that workspaces define themselves.

use std::sync::Arc;

use kogents_domain::access::{Permission, PermissionName, Role};
use kogents_domain::store::{Constraint, Scope, StoreError};

use super::support::{StorePort, at, begin, commit};
use super::team::{Team, some_team};
use crate::builders::{START, a_custom_role, a_permission_name, an_own_permission};
use crate::parallel::at_once;

async fn insert(store: &StorePort, team: &Team, permission: &Permission) -> Result<(), StoreError> {
    let mut unit = team.begin(store).await;
    let permissions = unit.workspace_permissions();
    permissions.insert(team.id(), permission, START).await?;
    unit.commit().await
}

async fn update(store: &StorePort, team: &Team, permission: &Permission) -> Result<(), StoreError> {
    let mut unit = team.begin(store).await;
    let permissions = unit.workspace_permissions();
    permissions.update(team.id(), permission, at(9)).await?;
    unit.commit().await
}

async fn delete(store: &StorePort, team: &Team, permission: &Permission) -> bool {
    let mut unit = team.begin(store).await;
    let permissions = unit.workspace_permissions();
    let deleted = permissions.delete(team.id(), permission.id).await.unwrap();
    commit(unit).await;
    deleted
}

async fn list(store: &StorePort, team: &Team) -> Vec<Permission> {
    let mut unit = team.read(store).await;
    unit.workspace_permissions().list(team.id()).await.unwrap()
}

/// Adds a role that was granted permissions.
async fn some_role(store: &StorePort, team: &Team, granted: &[PermissionName]) -> Role {
    let role = a_custom_role(team.id(), "Night shift");
    team.add_role(store, &role).await.unwrap();
    let mut unit = team.begin(store).await;
    unit.roles().grant(role.id, granted).await.unwrap();
    commit(unit).await;
    role
}

async fn granted(store: &StorePort, role: &Role) -> Vec<PermissionName> {
    let mut unit = begin(store).await;
    unit.roles().granted(role.id).await.unwrap()
}

/// In its own workspace only.
pub async fn a_permission_round_trips(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let bare = Permission {
        description: "".into(),
        ..an_own_permission("reports:export")
    };
    for permission in [an_own_permission("reports:read"), bare] {
        assert_eq!(insert(&store, &team, &permission).await, Ok(()));
        for (team, expected) in [(&team, Some(&permission)), (&other, None)] {
            let mut unit = team.read(&store).await;
            let permissions = unit.workspace_permissions();
            let found = permissions.find(team.id(), permission.id).await.unwrap();
            assert_eq!(found.as_ref(), expected);
        }
    }
    assert_eq!(list(&store, &other).await, []);
}

/// In the order of their characters, whatever language a database speaks.
pub async fn own_permissions_come_by_name(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let mut expected = Vec::new();
    for name in ["b:x", "ab:x", "a-b:x", "a:b-c", "a:bc", "a2:x"] {
        let permission = an_own_permission(name);
        assert_eq!(insert(&store, &team, &permission).await, Ok(()));
        // Names are unique within a workspace only.
        let namesake = an_own_permission(name);
        assert_eq!(insert(&store, &other, &namesake).await, Ok(()));
        expected.push(permission);
    }
    expected.sort_by(|one, two| one.name.cmp(&two.name));
    assert_eq!(list(&store, &team).await, expected);
}

/// Who is a member may read them on their own behalf, too.
pub async fn own_permissions_are_seen_in_the_scope_of_a_member_as_a_person(store: StorePort) {
    let team = some_team(&store).await;
    let permission = an_own_permission("reports:export");
    assert_eq!(insert(&store, &team, &permission).await, Ok(()));
    let mut unit = store.read(Scope::Person(team.admin.id)).await.unwrap();
    let found = unit.workspace_permissions().list(team.id()).await;
    assert_eq!(found, Ok(vec![permission]));
}

/// Nothing else of the workspace changes.
pub async fn a_permission_changes_in_every_field(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let (one, two) = (an_own_permission("a:one"), an_own_permission("a:two"));
    let foreign = an_own_permission("a:one");
    for (team, permission) in [(&team, &one), (&team, &two), (&other, &foreign)] {
        assert_eq!(insert(&store, team, permission).await, Ok(()));
    }
    let changed = Permission {
        name: a_permission_name("b:three"),
        description: "".into(),
        category: "Other".into(),
        ..one
    };
    for _ in 0..2 {
        assert_eq!(update(&store, &team, &changed).await, Ok(()));
        assert_eq!(list(&store, &team).await, [two.clone(), changed.clone()]);
    }
    // What names a workspace that is not the permission's changes nothing.
    let claimed = Permission {
        name: a_permission_name("b:claimed"),
        ..foreign.clone()
    };
    assert_eq!(update(&store, &team, &claimed).await, Ok(()));
    assert!(!delete(&store, &team, &foreign).await);
    assert_eq!(list(&store, &other).await, [foreign]);
    assert_eq!(list(&store, &team).await, [two, changed]);
}

/// And roles of another workspace, which has a permission of that name, do not.
pub async fn roles_hold_a_permission_under_its_new_name(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let permission = an_own_permission("reports:export");
    let foreign = an_own_permission("reports:export");
    assert_eq!(insert(&store, &team, &permission).await, Ok(()));
    assert_eq!(insert(&store, &other, &foreign).await, Ok(()));
    let before = ["chat:read", "reports:export"].map(a_permission_name);
    let role = some_role(&store, &team, &before).await;
    let without = a_custom_role(team.id(), "Day shift");
    team.add_role(&store, &without).await.unwrap();
    let elsewhere = some_role(&store, &other, &before).await;
    let renamed = Permission {
        name: a_permission_name("archive:export"),
        ..permission
    };
    assert_eq!(update(&store, &team, &renamed).await, Ok(()));
    let after = ["archive:export", "chat:read"].map(a_permission_name);
    assert_eq!(granted(&store, &role).await, after);
    assert_eq!(granted(&store, &without).await, []);
    assert_eq!(granted(&store, &elsewhere).await, before);
}

/// And then the permission keeps its own, in roles, too.
pub async fn s28_a_permission_does_not_take_the_name_of_another(store: StorePort) {
    let team = some_team(&store).await;
    let (one, two) = (an_own_permission("a:one"), an_own_permission("a:two"));
    assert_eq!(insert(&store, &team, &one).await, Ok(()));
    assert_eq!(insert(&store, &team, &two).await, Ok(()));
    let role = some_role(&store, &team, std::slice::from_ref(&two.name)).await;
    let taken = Permission {
        name: one.name.clone(),
        ..two.clone()
    };
    assert_eq!(
        update(&store, &team, &taken).await,
        Err(StoreError::Conflict(Constraint::PermissionName))
    );
    assert_eq!(list(&store, &team).await, [one, two.clone()]);
    assert_eq!(granted(&store, &role).await, [two.name]);
}

/// A role of another workspace that holds one of the same name does not count.
pub async fn a_permission_that_a_role_holds_is_kept(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let permission = an_own_permission("reports:export");
    assert_eq!(insert(&store, &team, &permission).await, Ok(()));
    let held = [permission.name.clone()];
    let role = some_role(&store, &team, &held).await;
    some_role(&store, &other, &held).await;
    assert!(!delete(&store, &team, &permission).await);
    assert_eq!(list(&store, &team).await, std::slice::from_ref(&permission));
    let mut unit = team.begin(&store).await;
    unit.roles().withdraw(role.id, &held).await.unwrap();
    commit(unit).await;
    assert!(delete(&store, &team, &permission).await);
    assert!(!delete(&store, &team, &permission).await);
    assert_eq!(list(&store, &team).await, []);
    // The name is free again.
    let next = an_own_permission("reports:export");
    assert_eq!(insert(&store, &team, &next).await, Ok(()));
}

/// Twenty at once: one adds it, the others conflict.
pub async fn s28_parallel_inserts_of_one_permission_name_give_one(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    let results = at_once((0..20).map(|_| {
        let (store, team) = (Arc::clone(&store), Arc::clone(&team));
        async move { insert(&store, &team, &an_own_permission("reports:export")).await }
    }))
    .await;
    let lost: Vec<StoreError> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!(
        lost,
        vec![StoreError::Conflict(Constraint::PermissionName); 19]
    );
}
