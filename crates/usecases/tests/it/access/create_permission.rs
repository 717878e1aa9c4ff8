//! Making permissions of a workspace's own.

use kogents_domain::access::{MAX_OWN_PERMISSIONS, PermissionDraft};
use kogents_testkit::builders::{a_permission_name, an_own_permission};
use kogents_usecases::access::{CreatePermission, CreatePermissionCommand, CreatePermissionError};
use kogents_usecases::workspace::Member;

use crate::support::{Bench, T0, Tenants, lost};

fn create_permission(world: &Tenants) -> CreatePermission {
    CreatePermission {
        store: world.store(),
        ids: world.ids(),
        audit: world.audit(),
        clock: world.clock(),
    }
}

fn command(member: Member, name: &str) -> CreatePermissionCommand {
    let draft = PermissionDraft {
        name: a_permission_name(name),
        description: "Export reports.".to_owned(),
        category: "Reports".to_owned(),
    };
    CreatePermissionCommand { member, draft }
}

#[tokio::test]
async fn a_new_permission_is_the_workspaces_own() {
    let world = Tenants::new().await;
    let command = command(world.admin, "reports:export");
    let draft = command.draft.clone();

    let made = create_permission(&world).run(command).await.unwrap();

    assert_eq!(made, draft.under(made.id));
    let mut look = world.look().await;
    let kept = look.workspace_permissions().list(world.acme.id()).await;
    assert_eq!(kept, Ok(vec![made]));
    assert_eq!(world.journal.entries(), ["begin Member", "commit"]);
}

#[tokio::test]
async fn s28_a_name_that_is_taken_or_built_in_is_refused() {
    let world = Tenants::new().await;
    world.own_permission(&world.acme, "reports:edit").await;
    // An update is an edit, of what is built in and of what is not.
    for taken in [
        "reports:edit",
        "reports:update",
        "users:read",
        "chat:update",
    ] {
        let refused = create_permission(&world)
            .run(command(world.admin, taken))
            .await;
        assert_eq!(refused, Err(CreatePermissionError::NameTaken), "{taken}");
    }
    // In another workspace the name is free.
    let made = create_permission(&world)
        .run(command(world.stranger, "reports:edit"))
        .await;
    assert!(made.is_ok(), "{made:?}");
}

#[tokio::test]
async fn there_are_so_many_permissions_and_no_more() {
    let world = Tenants::new().await;
    let mut unit = world.change().await;
    for number in 1..MAX_OWN_PERMISSIONS {
        let permission = an_own_permission(&format!("reports:export-{number}"));
        let permissions = unit.workspace_permissions();
        permissions
            .insert(world.acme.id(), &permission, T0)
            .await
            .unwrap();
    }
    unit.commit().await.unwrap();

    let last = create_permission(&world)
        .run(command(world.admin, "reports:last"))
        .await;
    assert!(last.is_ok(), "{last:?}");
    let refused = create_permission(&world)
        .run(command(world.admin, "reports:more"))
        .await;
    assert_eq!(refused, Err(CreatePermissionError::TooMany));
}

#[tokio::test]
async fn in_a_workspace_that_is_gone_nothing_is_made() {
    let world = Tenants::new().await;
    let mut unit = world.change().await;
    unit.workspaces().delete(world.acme.id()).await.unwrap();
    unit.commit().await.unwrap();
    let refused = create_permission(&world)
        .run(command(world.admin, "reports:export"))
        .await;
    assert_eq!(refused, Err(CreatePermissionError::NotFound));
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.begin_fails(lost());
    let create = CreatePermission {
        store: bench.store(),
        ..create_permission(&world)
    };
    let refused = create.run(command(world.admin, "reports:export")).await;
    assert_eq!(refused, Err(CreatePermissionError::Store(lost())));
    bench.finish();
}
