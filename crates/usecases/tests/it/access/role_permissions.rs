//! Listing what a role permits.

use kogents_domain::access::{BuiltInPermission, Permission, SystemRole};
use kogents_domain::ids::RoleId;
use kogents_usecases::access::{
    ListRolePermissions, ListRolePermissionsCommand, ListRolePermissionsError,
};

use crate::support::{Bench, Tenants, lost};

async fn list(
    world: &Tenants,
    role_id: RoleId,
) -> Result<Vec<Permission>, ListRolePermissionsError> {
    let list = ListRolePermissions {
        store: world.store(),
    };
    let member = world.viewer;
    list.run(ListRolePermissionsCommand { member, role_id })
        .await
}

#[tokio::test]
async fn a_system_role_holds_what_the_table_says_and_the_admin_also_what_is_the_workspaces_own() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    world.own_permission(&world.other, "reports:read").await;
    for system in SystemRole::ALL {
        let mut expected: Vec<Permission> =
            system.permissions().into_iter().map(Into::into).collect();
        expected.extend((system == SystemRole::Admin).then(|| own.clone()));
        let held = list(&world, world.acme.role(system).id).await;
        assert_eq!(held, Ok(expected), "{system:?}");
    }
}

#[tokio::test]
async fn a_role_of_the_workspaces_own_holds_what_was_granted_the_built_in_first() {
    let world = Tenants::new().await;
    let names = ["widget:edit", "b:b", "users:read", "a:a"];
    let (last, first) = (
        world.own_permission(&world.acme, "b:b").await,
        world.own_permission(&world.acme, "a:a").await,
    );
    let role = world.role(&world.acme, "Night shift", &names).await;
    let built_in = |name: &str| {
        let mut all = BuiltInPermission::all().into_iter().map(Permission::from);
        all.find(|known| known.name.as_str() == name).unwrap()
    };
    let expected = vec![built_in("users:read"), built_in("widget:edit"), first, last];
    assert_eq!(list(&world, role.id).await, Ok(expected));
}

#[tokio::test]
async fn s22_the_roles_of_other_workspaces_are_not_there() {
    let world = Tenants::new().await;
    let foreign = world.other.role(SystemRole::Admin).id;
    let refused = list(&world, foreign).await;
    assert_eq!(refused, Err(ListRolePermissionsError::NotFound));
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.read_fails(lost());
    let list = ListRolePermissions {
        store: bench.store(),
    };
    let command = ListRolePermissionsCommand {
        member: world.viewer,
        role_id: world.acme.role(SystemRole::Admin).id,
    };
    let refused = list.run(command).await;
    assert_eq!(refused, Err(ListRolePermissionsError::Store(lost())));
    bench.finish();
}
