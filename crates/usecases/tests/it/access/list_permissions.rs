//! Listing permissions and their categories.

use kogents_domain::access::{BuiltInPermission, Permission};
use kogents_domain::ids::WorkspaceId;
use kogents_testkit::builders::an_own_permission;
use kogents_usecases::access::{
    ListPermissionCategories, ListPermissionCategoriesError, ListPermissions, ListPermissionsError,
};

use crate::support::{Bench, T0, Tenants, lost};

async fn add(world: &Tenants, workspace: WorkspaceId, name: &str, category: &str) -> Permission {
    let permission = Permission {
        category: category.to_owned().into(),
        ..an_own_permission(name)
    };
    let mut unit = world.change().await;
    let permissions = unit.workspace_permissions();
    permissions
        .insert(workspace, &permission, T0)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    permission
}

#[tokio::test]
async fn built_in_permissions_come_first_then_the_workspaces_own_by_name() {
    let world = Tenants::new().await;
    let last = add(&world, world.acme.id(), "b:b", "chat").await;
    let first = add(&world, world.acme.id(), "a:a", "Reports").await;
    add(&world, world.other.id(), "c:c", "Foreign").await;
    let list = ListPermissions {
        store: world.store(),
    };

    let listed = list.run(world.viewer.into()).await.unwrap();

    let built_in = BuiltInPermission::all().into_iter().map(Permission::from);
    let expected: Vec<_> = built_in.chain([first, last]).collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn every_category_is_listed_once_the_built_in_ones_first() {
    let world = Tenants::new().await;
    for (name, category) in [
        ("c:c", "Reports"),
        ("b:b", "chat"),
        ("a:a", "Audits"),
        ("d:d", "Reports"),
    ] {
        add(&world, world.acme.id(), name, category).await;
    }
    add(&world, world.other.id(), "a:a", "Foreign").await;
    let list = ListPermissionCategories {
        store: world.store(),
    };

    let listed = list.run(world.viewer).await.unwrap();

    let expected = "workspace people access insight chat Audits Reports";
    assert_eq!(listed.join(" "), expected);
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.read_fails(lost());
    bench.read_fails(lost());
    let list = ListPermissions {
        store: bench.store(),
    };
    let refused = list.run(world.viewer.into()).await;
    assert_eq!(refused, Err(ListPermissionsError::Store(lost())));
    let list = ListPermissionCategories {
        store: bench.store(),
    };
    let refused = list.run(world.viewer).await;
    assert_eq!(refused, Err(ListPermissionCategoriesError::Store(lost())));
    bench.finish();
}
