//! Deleting permissions of a workspace's own.

use kogents_domain::access::BuiltInPermission;
use kogents_domain::ids::PermissionId;
use kogents_testkit::builders::unique_id;
use kogents_usecases::access::{DeletePermission, DeletePermissionCommand, DeletePermissionError};

use crate::support::{Bench, Tenants, lost};

async fn delete(world: &Tenants, permission_id: PermissionId) -> Result<(), DeletePermissionError> {
    let delete_permission = DeletePermission {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = DeletePermissionCommand {
        member: world.admin,
        permission_id,
    };
    delete_permission.run(command).await
}

#[tokio::test]
async fn a_permission_that_no_role_holds_goes() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    let stays = world.own_permission(&world.acme, "reports:read").await;
    // A role elsewhere that holds one of the same name holds another one.
    world.own_permission(&world.other, "reports:export").await;
    world
        .role(&world.other, "Foreign", &["reports:export"])
        .await;

    assert_eq!(delete(&world, own.id).await, Ok(()));

    let mut look = world.look().await;
    let kept = look.workspace_permissions().list(world.acme.id()).await;
    assert_eq!(kept, Ok(vec![stays]));
    drop(look);
    let again = delete(&world, own.id).await;
    assert_eq!(again, Err(DeletePermissionError::NotFound));
}

#[tokio::test]
async fn a_permission_that_a_role_holds_stays() {
    let world = Tenants::new().await;
    let own = world.own_permission(&world.acme, "reports:export").await;
    world
        .role(&world.acme, "Night shift", &["reports:export"])
        .await;
    let refused = delete(&world, own.id).await;
    assert_eq!(refused, Err(DeletePermissionError::InUse));
    let mut look = world.look().await;
    let kept = look.workspace_permissions().list(world.acme.id()).await;
    assert_eq!(kept, Ok(vec![own]));
}

#[tokio::test]
async fn built_in_permissions_do_not_go() {
    let world = Tenants::new().await;
    for built_in in BuiltInPermission::all() {
        let refused = delete(&world, built_in.id()).await;
        assert_eq!(refused, Err(DeletePermissionError::SystemPermission));
    }
}

#[tokio::test]
async fn s22_the_permissions_of_other_workspaces_are_not_there() {
    let world = Tenants::new().await;
    let foreign = world.own_permission(&world.other, "reports:export").await;
    for id in [foreign.id, PermissionId::from_uuid(unique_id())] {
        let refused = delete(&world, id).await;
        assert_eq!(refused, Err(DeletePermissionError::NotFound));
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
    let delete_permission = DeletePermission {
        store: bench.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = DeletePermissionCommand {
        member: world.admin,
        permission_id: PermissionId::from_uuid(unique_id()),
    };
    let refused = delete_permission.run(command).await;
    assert_eq!(refused, Err(DeletePermissionError::Store(lost())));
    bench.finish();
}
