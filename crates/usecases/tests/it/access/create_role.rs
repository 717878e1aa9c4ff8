//! Making roles.

use kogents_domain::access::{MAX_ROLES, Role};
use kogents_domain::time::Clock as _;
use kogents_testkit::builders::{a_custom_role, a_role_name};
use kogents_usecases::access::{CreateRole, CreateRoleCommand, CreateRoleError, RoleOverview};
use kogents_usecases::workspace::Member;

use crate::support::{Bench, Tenants, lost, secs};

fn create_role(world: &Tenants) -> CreateRole {
    CreateRole {
        store: world.store(),
        ids: world.ids(),
        audit: world.audit(),
        clock: world.clock(),
    }
}

fn command(member: Member, name: &str) -> CreateRoleCommand {
    CreateRoleCommand {
        member,
        name: a_role_name(name),
        description: "Answers at night.".to_owned(),
    }
}

#[tokio::test]
async fn a_new_role_is_the_workspaces_own_and_permits_nothing() {
    let world = Tenants::new().await;
    world.clock.advance(secs(5));

    let made = create_role(&world)
        .run(command(world.admin, "Night shift"))
        .await;

    let made = made.unwrap();
    let expected = Role::custom(
        made.role.id,
        world.acme.id(),
        a_role_name("Night shift"),
        "Answers at night.".to_owned(),
        world.clock.now(),
    );
    let (users, permissions) = (0, 0);
    assert_eq!(
        made,
        RoleOverview {
            role: expected,
            users,
            permissions
        }
    );
    let mut look = world.look().await;
    let kept = look.roles().find(world.acme.id(), made.role.id).await;
    assert_eq!(kept, Ok(Some(made.role.clone())));
    assert_eq!(look.roles().granted(made.role.id).await, Ok(Vec::new()));
    assert_eq!(world.journal.entries(), ["begin Member", "commit"]);
}

#[tokio::test]
async fn s28_a_name_that_is_taken_or_a_system_roles_is_refused() {
    let world = Tenants::new().await;
    world.role(&world.acme, "Night shift", &[]).await;
    for taken in ["Night shift", "admin", "Admin", "VIEWER"] {
        let refused = create_role(&world).run(command(world.admin, taken)).await;
        assert_eq!(refused, Err(CreateRoleError::NameTaken), "{taken}");
    }
    // In another workspace the name is free.
    let made = create_role(&world)
        .run(command(world.stranger, "Night shift"))
        .await;
    assert_eq!(
        made.map(|made| made.role.workspace_id),
        Ok(world.other.id())
    );
}

#[tokio::test]
async fn s28_of_parallel_attempts_at_a_name_one_succeeds() {
    let world = Tenants::new().await;
    let attempt = || async {
        create_role(&world)
            .run(command(world.admin, "Night shift"))
            .await
    };
    let (first, second) = tokio::join!(attempt(), attempt());
    let refused = [&first, &second].map(|made| *made == Err(CreateRoleError::NameTaken));
    assert_ne!(refused[0], refused[1], "{first:?} {second:?}");
    assert!(first.is_ok() != second.is_ok());
}

#[tokio::test]
async fn there_are_so_many_roles_and_no_more() {
    let world = Tenants::new().await;
    let mut unit = world.change().await;
    for number in 5..MAX_ROLES {
        let role = a_custom_role(world.acme.id(), &format!("Shift {number}"));
        unit.roles().insert(&role).await.unwrap();
    }
    unit.commit().await.unwrap();

    let last = create_role(&world)
        .run(command(world.admin, "The last"))
        .await;
    assert!(last.is_ok(), "{last:?}");
    let refused = create_role(&world)
        .run(command(world.admin, "One more"))
        .await;
    assert_eq!(refused, Err(CreateRoleError::TooMany));
}

#[tokio::test]
async fn in_a_workspace_that_is_gone_nothing_is_made() {
    let world = Tenants::new().await;
    let mut unit = world.change().await;
    unit.workspaces().delete(world.acme.id()).await.unwrap();
    unit.commit().await.unwrap();
    let refused = create_role(&world)
        .run(command(world.admin, "Night shift"))
        .await;
    assert_eq!(refused, Err(CreateRoleError::NotFound));
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.begin_fails(lost());
    let create = CreateRole {
        store: bench.store(),
        ..create_role(&world)
    };
    let refused = create.run(command(world.admin, "Night shift")).await;
    assert_eq!(refused, Err(CreateRoleError::Store(lost())));
    bench.finish();
}

#[tokio::test]
async fn s16_who_may_not_do_so_any_more_when_the_workspace_is_held_makes_nothing() {
    let world = Tenants::new().await;
    // The request came in when they were an admin; they are an agent by now.
    let demoted = world.agent;

    let refused = create_role(&world)
        .run(command(demoted, "Night shift"))
        .await;

    assert_eq!(refused, Err(CreateRoleError::NotFound));
    let mut look = world.look().await;
    let name = a_role_name("Night shift");
    let found = look.roles().find_by_name(world.acme.id(), &name).await;
    assert_eq!(found, Ok(None));
}
