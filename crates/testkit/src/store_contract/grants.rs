//! Cases of what is granted to roles.

use std::sync::Arc;

use kogents_domain::access::{PermissionName, Role};
use kogents_domain::ids::RoleId;
use kogents_domain::store::Scope;

use super::support::{StorePort, commit};
use super::team::{Team, some_team};
use crate::builders::{a_custom_role, a_permission_name, unique_id};
use crate::parallel::at_once;

fn names(texts: &[&str]) -> Vec<PermissionName> {
    texts.iter().map(|text| a_permission_name(text)).collect()
}

async fn some_role(store: &StorePort, team: &Team, name: &str) -> Role {
    let role = a_custom_role(team.id(), name);
    team.add_role(store, &role).await.unwrap();
    role
}

async fn grant(store: &StorePort, team: &Team, role: &Role, granted: &[PermissionName]) {
    let mut unit = team.begin(store).await;
    unit.roles().grant(role.id, granted).await.unwrap();
    commit(unit).await;
}

async fn withdraw(store: &StorePort, team: &Team, role: &Role, withdrawn: &[PermissionName]) {
    let mut unit = team.begin(store).await;
    unit.roles().withdraw(role.id, withdrawn).await.unwrap();
    commit(unit).await;
}

async fn granted(store: &StorePort, team: &Team, role: RoleId) -> Vec<PermissionName> {
    let mut unit = team.read(store).await;
    unit.roles().granted(role).await.unwrap()
}

/// In the order of their characters, whatever language a database speaks.
pub async fn grants_come_by_name(store: StorePort) {
    let team = some_team(&store).await;
    let role = some_role(&store, &team, "Night shift").await;
    assert_eq!(granted(&store, &team, role.id).await, []);
    let mut expected = names(&[
        "reports:export",
        "ab:read",
        "a-b:read",
        "a:b-c",
        "a:bc",
        "users:read",
        "canned-responses:delete",
        "a2:read",
    ]);
    grant(&store, &team, &role, &expected).await;
    expected.sort();
    assert_eq!(granted(&store, &team, role.id).await, expected);
    let unknown = RoleId::from_uuid(unique_id());
    assert_eq!(granted(&store, &team, unknown).await, []);
}

/// Those that are there stay, those that are not are passed over, and other roles are left alone.
pub async fn granting_and_withdrawing_again_change_nothing(store: StorePort) {
    let team = some_team(&store).await;
    let role = some_role(&store, &team, "Night shift").await;
    let other = some_role(&store, &team, "Day shift").await;
    let both = names(&["chat:edit", "chat:read"]);
    let more = names(&["chat:edit", "chat:read", "users:read"]);
    grant(&store, &team, &other, &both).await;
    grant(&store, &team, &role, &[]).await;
    grant(&store, &team, &role, &both).await;
    grant(&store, &team, &role, &both).await;
    assert_eq!(granted(&store, &team, role.id).await, both);
    grant(&store, &team, &role, &more).await;
    assert_eq!(granted(&store, &team, role.id).await, more);
    withdraw(&store, &team, &role, &[]).await;
    assert_eq!(granted(&store, &team, role.id).await, more);
    let gone = names(&["chat:edit", "users:read", "widget:read"]);
    for _ in 0..2 {
        withdraw(&store, &team, &role, &gone).await;
        let left = names(&["chat:read"]);
        assert_eq!(granted(&store, &team, role.id).await, left);
    }
    assert_eq!(granted(&store, &team, other.id).await, both);
}

/// One name twice in a call is one grant.
pub async fn a_permission_is_granted_once(store: StorePort) {
    let team = some_team(&store).await;
    let role = some_role(&store, &team, "Night shift").await;
    let twice = names(&["chat:read", "chat:read"]);
    grant(&store, &team, &role, &twice).await;
    assert_eq!(granted(&store, &team, role.id).await, names(&["chat:read"]));
}

/// Of every role, and of no other workspace's.
pub async fn the_grants_of_a_workspace_are_read_at_once(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let night = some_role(&store, &team, "Night shift").await;
    let day = some_role(&store, &team, "Day shift").await;
    some_role(&store, &team, "Nobody").await;
    let foreign = some_role(&store, &other, "Night shift").await;
    grant(&store, &team, &night, &names(&["chat:read", "users:read"])).await;
    grant(&store, &team, &day, &names(&["chat:read"])).await;
    grant(&store, &other, &foreign, &names(&["chat:edit"])).await;
    let mut expected = vec![
        (night.id, a_permission_name("chat:read")),
        (night.id, a_permission_name("users:read")),
        (day.id, a_permission_name("chat:read")),
    ];
    expected.sort();
    let mut unit = team.read(&store).await;
    let mut found = unit.roles().granted_in(team.id()).await.unwrap();
    found.sort();
    assert_eq!(found, expected);
}

/// A person's own scope reaches over all their workspaces.
pub async fn grants_are_seen_in_the_scope_of_a_member_as_a_person(store: StorePort) {
    let team = some_team(&store).await;
    let role = some_role(&store, &team, "Night shift").await;
    let expected = names(&["chat:read", "reports:export"]);
    grant(&store, &team, &role, &expected).await;
    let user = team.join(&store, &role).await;
    for scope in [Scope::Person(user.id), Scope::System] {
        let mut unit = store.read(scope).await.unwrap();
        let found = unit.roles().granted(role.id).await.unwrap();
        assert_eq!(found, expected, "{scope:?}");
    }
}

/// Twenty at once: all succeed, and it is granted once.
pub async fn parallel_grants_of_one_permission_all_succeed(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    let role = some_role(&store, &team, "Night shift").await;
    let expected = names(&["chat:read"]);
    let done = at_once((0..20).map(|_| {
        let (store, team, role) = (Arc::clone(&store), Arc::clone(&team), role.id);
        let name = expected.clone();
        async move {
            let mut unit = team.begin(&store).await;
            unit.roles().grant(role, &name).await?;
            unit.commit().await
        }
    }))
    .await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(granted(&store, &team, role.id).await, expected);
}
