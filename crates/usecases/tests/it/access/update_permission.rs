//! Changing permissions of a workspace's own.

use kogents_domain::access::{BuiltInPermission, Permission};
use kogents_domain::ids::PermissionId;
use kogents_testkit::builders::{a_permission_name, unique_id};
use kogents_usecases::access::{UpdatePermission, UpdatePermissionCommand, UpdatePermissionError};
use kogents_usecases::workspace::Member;

use crate::support::{Bench, Tenants, lost};

fn update_permission(world: &Tenants) -> UpdatePermission {
    UpdatePermission {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    }
}

fn rename(member: Member, permission_id: PermissionId, name: &str) -> UpdatePermissionCommand {
    UpdatePermissionCommand {
        member,
        permission_id,
        name: Some(a_permission_name(name)),
        description: None,
        category: None,
    }
}

async fn kept(world: &Tenants) -> Vec<Permission> {
    let mut look = world.look().await;
    look.workspace_permissions()
        .list(world.acme.id())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    let command = UpdatePermissionCommand {
        name: None,
        description: Some(String::new()),
        category: Some("Figures".to_owned()),
        ..rename(world.admin, own.id, "reports:export")
    };

    let changed = update_permission(&world).run(command).await;

    let expected = Permission {
        description: "".into(),
        category: "Figures".into(),
        ..own
    };
    assert_eq!(changed, Ok(expected.clone()));
    assert_eq!(kept(&world).await, [expected]);
}

#[tokio::test]
async fn roles_that_hold_a_permission_hold_it_under_its_new_name() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    let names = ["reports:export", "chat:read"];
    let role = world.role(&world.acme, "Night shift", &names).await;

    let command = rename(world.admin, own.id, "figures:export");
    let changed = update_permission(&world).run(command).await;

    let name = a_permission_name("figures:export");
    assert_eq!(changed.map(|changed| changed.name), Ok(name.clone()));
    let mut look = world.look().await;
    let granted = look.roles().granted(role.id).await;
    assert_eq!(granted, Ok(vec![a_permission_name("chat:read"), name]));
}

#[tokio::test]
async fn s23_nobody_grants_what_they_do_not_hold_by_giving_it_another_name() {
    let world = Tenants::new().await;
    let held = world.own_permission(&world.acme, "reports:export").await;
    let free = world.own_permission(&world.acme, "reports:read").await;
    let names = ["permissions:edit", "reports:export"];
    let editor = world.role(&world.acme, "Editor", &names).await;
    let editor = world.join(&editor).await;

    let command = rename(editor, held.id, "payments:refund");
    let refused = update_permission(&world).run(command).await;
    assert_eq!(refused, Err(UpdatePermissionError::CannotGrant));
    assert_eq!(kept(&world).await, [held.clone(), free.clone()]);

    // The name that it has, and the name of one that no role holds, grant nothing.
    for (id, name) in [(held.id, "reports:export"), (free.id, "payments:refund")] {
        let changed = update_permission(&world)
            .run(rename(editor, id, name))
            .await;
        assert!(changed.is_ok(), "{name} {changed:?}");
    }
}

#[tokio::test]
async fn s28_a_name_that_is_taken_or_built_in_is_refused() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    world.own_permission(&world.acme, "reports:edit").await;
    for taken in [
        "reports:edit",
        "reports:update",
        "users:read",
        "chat:update",
    ] {
        let refused = update_permission(&world)
            .run(rename(world.admin, own.id, taken))
            .await;
        assert_eq!(refused, Err(UpdatePermissionError::NameTaken), "{taken}");
    }
    // The name that it has is its own.
    let same = rename(world.admin, own.id, "reports:export");
    assert_eq!(update_permission(&world).run(same).await, Ok(own));
}

#[tokio::test]
async fn built_in_permissions_do_not_change() {
    let world = Tenants::new().await;
    for built_in in BuiltInPermission::all() {
        let command = rename(world.admin, built_in.id(), "reports:export");
        let refused = update_permission(&world).run(command).await;
        assert_eq!(refused, Err(UpdatePermissionError::SystemPermission));
    }
}

#[tokio::test]
async fn s22_the_permissions_of_other_workspaces_are_not_there() {
    let world = Tenants::new().await;
    let foreign = world.own_permission(&world.other, "reports:export").await;
    for id in [foreign.id, PermissionId::from_uuid(unique_id())] {
        for name in ["figures:export", "users:read"] {
            let refused = update_permission(&world)
                .run(rename(world.admin, id, name))
                .await;
            assert_eq!(refused, Err(UpdatePermissionError::NotFound));
        }
    }
    let mut look = world.look().await;
    let kept = look.workspace_permissions().list(world.other.id()).await;
    assert_eq!(kept, Ok(vec![foreign]));
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.begin_fails(lost());
    let update = UpdatePermission {
        store: bench.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let id = PermissionId::from_uuid(unique_id());
    let refused = update.run(rename(world.admin, id, "reports:export")).await;
    assert_eq!(refused, Err(UpdatePermissionError::Store(lost())));
    bench.finish();
}
