//! Changing what a role permits: what becomes of it, and who may.

use kogents_domain::access::{PermissionName, Role, SystemRole};
use kogents_domain::ids::{PermissionId, RoleId};
use kogents_testkit::builders::{a_permission_name, unique_id};
use kogents_usecases::access::PermissionChange::{Add, Remove, Replace};
use kogents_usecases::access::{
    ChangeRolePermissions, ChangeRolePermissionsCommand, ChangeRolePermissionsError,
    PermissionChange,
};
use kogents_usecases::workspace::Member;

use crate::support::{Bench, Tenants, lost};

type Answer = Result<(), ChangeRolePermissionsError>;

fn built_in(name: &str) -> PermissionId {
    a_permission_name(name).built_in().unwrap().id()
}

async fn change(
    world: &Tenants,
    member: Member,
    (role_id, change): (RoleId, PermissionChange),
    permissions: &[PermissionId],
) -> Answer {
    let change_role_permissions = ChangeRolePermissions {
        store: world.store(),
        gate: world.gate(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = ChangeRolePermissionsCommand {
        member,
        role_id,
        change,
        permissions: permissions.to_vec(),
    };
    let answer = change_role_permissions.run(command).await;
    world.journal.assert_units_are_undisturbed();
    answer
}

async fn granted(world: &Tenants, role: &Role) -> Vec<String> {
    let names = world.look().await.roles().granted(role.id).await.unwrap();
    let text = |name: &PermissionName| name.as_str().to_owned();
    names.iter().map(text).collect()
}

#[tokio::test]
async fn permissions_are_replaced_added_and_removed() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    let role = world
        .role(&world.acme, "Night shift", &["chat:read", "tags:read"])
        .await;
    for (how, named, expected) in [
        // One that it holds, one that it does not, one twice.
        (
            Add,
            vec![built_in("chat:read"), own.id, own.id],
            "chat:read reports:export tags:read",
        ),
        (
            Remove,
            vec![built_in("tags:read"), built_in("users:read")],
            "chat:read reports:export",
        ),
        (
            Replace,
            vec![built_in("users:edit"), built_in("chat:read")],
            "chat:read users:edit",
        ),
        (Add, Vec::new(), "chat:read users:edit"),
        (Replace, Vec::new(), ""),
    ] {
        let answer = change(&world, world.admin, (role.id, how), &named).await;
        assert_eq!(answer, Ok(()), "{how:?}");
        let expected: Vec<_> = expected.split_whitespace().collect();
        assert_eq!(granted(&world, &role).await, expected, "{how:?}");
    }
}

#[tokio::test]
async fn s16_who_has_the_role_may_do_so_from_the_next_request_on_and_then_no_longer() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &["chat:read"]).await;
    let member = world.join(&role).await;
    // Asked twice, so that the cache vouches for it.
    for _ in 0..2 {
        assert!(world.may(member, "chat:read").await);
        assert!(!world.may(member, "chat:edit").await);
    }

    let named = [built_in("chat:edit")];
    let answer = change(&world, world.admin, (role.id, Replace), &named).await;

    assert_eq!(answer, Ok(()));
    for _ in 0..2 {
        assert!(!world.may(member, "chat:read").await);
        assert!(world.may(member, "chat:edit").await);
    }
}

#[tokio::test]
async fn s23_nobody_grants_what_they_do_not_hold() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    world.own_permission(&world.acme, "reports:read").await;
    let editors = ["roles:edit", "chat:read", "reports:read"];
    let editor = world.role(&world.acme, "Editor", &editors).await;
    let editor = world.join(&editor).await;
    let role = world
        .role(&world.acme, "Night shift", &["users:delete"])
        .await;

    for not_held in [built_in("chat:edit"), own.id] {
        for how in [Replace, Add] {
            let named = [built_in("chat:read"), not_held];
            let refused = change(&world, editor, (role.id, how), &named).await;
            let expected = Err(ChangeRolePermissionsError::CannotGrant);
            assert_eq!(refused, expected, "{how:?}");
        }
    }
    assert_eq!(granted(&world, &role).await, ["users:delete"]);

    // What the role holds already is not granted anew.
    let named = [built_in("chat:read"), built_in("users:delete")];
    let answer = change(&world, editor, (role.id, Replace), &named).await;
    assert_eq!(answer, Ok(()));
    assert_eq!(granted(&world, &role).await, ["chat:read", "users:delete"]);
}

#[tokio::test]
async fn s23_who_is_no_active_member_any_more_grants_nothing() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &[]).await;
    let mut unit = world.change().await;
    let (workspace, user) = (world.acme.id(), world.admin.user_id);
    assert_eq!(unit.memberships().delete(workspace, user).await, Ok(true));
    unit.commit().await.unwrap();

    let refused = change(
        &world,
        world.admin,
        (role.id, Add),
        &[built_in("chat:read")],
    )
    .await;

    assert_eq!(refused, Err(ChangeRolePermissionsError::CannotGrant));
    assert_eq!(granted(&world, &role).await, [""; 0]);
}

#[tokio::test]
async fn s23_system_roles_do_not_change() {
    let world = Tenants::new().await;
    let viewer = world.acme.role(SystemRole::Viewer);
    for system in SystemRole::ALL {
        let role = world.acme.role(system);
        for how in [Replace, Add, Remove] {
            let named = [built_in("chat:read")];
            let refused = change(&world, world.admin, (role.id, how), &named).await;
            assert_eq!(refused, Err(ChangeRolePermissionsError::SystemRole));
        }
        assert_eq!(granted(&world, role).await, [""; 0]);
    }
    // What is not there is told first.
    let unknown = [PermissionId::from_uuid(unique_id())];
    let refused = change(&world, world.admin, (viewer.id, Add), &unknown).await;
    assert_eq!(refused, Err(ChangeRolePermissionsError::NotFound));
    // Nobody was fenced for any of it.
    assert_eq!(world.journal.count("fence"), 0);
}

#[tokio::test]
async fn s22_roles_and_permissions_of_other_workspaces_are_not_there() {
    let world = Tenants::new().await;
    let foreign = world.role(&world.other, "Foreign", &["chat:read"]).await;
    let foreign_own = world.own_permission(&world.other, "reports:export").await;
    let role = world.role(&world.acme, "Night shift", &["chat:read"]).await;
    let unknown = PermissionId::from_uuid(unique_id());
    for how in [Replace, Add, Remove] {
        let named = [built_in("chat:edit")];
        let refused = change(&world, world.admin, (foreign.id, how), &named).await;
        assert_eq!(refused, Err(ChangeRolePermissionsError::NotFound));
        for missing in [foreign_own.id, unknown] {
            let named = [built_in("chat:edit"), missing];
            let refused = change(&world, world.admin, (role.id, how), &named).await;
            assert_eq!(refused, Err(ChangeRolePermissionsError::NotFound));
        }
    }
    assert_eq!(granted(&world, &foreign).await, ["chat:read"]);
    assert_eq!(granted(&world, &role).await, ["chat:read"]);
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.read_fails(lost());
    let change_role_permissions = ChangeRolePermissions {
        store: bench.store(),
        gate: world.gate(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = ChangeRolePermissionsCommand {
        member: world.admin,
        role_id: world.acme.role(SystemRole::Agent).id,
        change: Add,
        permissions: Vec::new(),
    };
    let refused = change_role_permissions.run(command).await;
    assert_eq!(refused, Err(ChangeRolePermissionsError::Store(lost())));
    bench.finish();
}
