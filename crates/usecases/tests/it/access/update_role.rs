//! Changing the name and the description of a role.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::ids::RoleId;
use kogents_domain::time::Clock as _;
use kogents_testkit::builders::a_role_name;
use kogents_usecases::access::{RoleOverview, UpdateRole, UpdateRoleCommand, UpdateRoleError};

use crate::support::{Bench, Tenants, lost, secs};

fn update_role(world: &Tenants) -> UpdateRole {
    UpdateRole {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    }
}

fn command(world: &Tenants, role_id: RoleId, name: Option<&str>) -> UpdateRoleCommand {
    UpdateRoleCommand {
        member: world.admin,
        role_id,
        name: name.map(a_role_name),
        description: None,
    }
}

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &["chat:read"]).await;
    let member = world.join(&role).await;
    world.clock.advance(secs(5));

    let renamed = update_role(&world)
        .run(command(&world, role.id, Some("Day shift")))
        .await;

    let expected = Role {
        name: a_role_name("Day shift"),
        updated_at: world.clock.now(),
        ..role.clone()
    };
    let overview = |role: &Role| RoleOverview {
        role: role.clone(),
        users: 1,
        permissions: 1,
    };
    assert_eq!(renamed, Ok(overview(&expected)));
    let described = update_role(&world)
        .run(UpdateRoleCommand {
            description: Some(String::new()),
            ..command(&world, role.id, None)
        })
        .await;
    let expected = Role {
        description: String::new(),
        ..expected
    };
    assert_eq!(described, Ok(overview(&expected)));
    let mut look = world.look().await;
    let kept = look.roles().find(world.acme.id(), role.id).await;
    assert_eq!(kept, Ok(Some(expected)));
    assert!(world.may(member, "chat:read").await);
}

#[tokio::test]
async fn s23_system_roles_do_not_change() {
    let world = Tenants::new().await;
    for system in SystemRole::ALL {
        let role = world.acme.role(system);
        for name in [None, Some("Other"), Some("admin")] {
            let refused = update_role(&world)
                .run(command(&world, role.id, name))
                .await;
            assert_eq!(refused, Err(UpdateRoleError::SystemRole));
        }
        let mut look = world.look().await;
        let kept = look.roles().find(world.acme.id(), role.id).await;
        assert_eq!(kept, Ok(Some(role.clone())));
    }
}

#[tokio::test]
async fn s28_a_name_that_is_taken_or_a_system_roles_is_refused() {
    let world = Tenants::new().await;
    world.role(&world.acme, "Night shift", &[]).await;
    let role = world.role(&world.acme, "Day shift", &[]).await;
    for taken in ["Night shift", "Manager", "agent"] {
        let refused = update_role(&world)
            .run(command(&world, role.id, Some(taken)))
            .await;
        assert_eq!(refused, Err(UpdateRoleError::NameTaken), "{taken}");
    }
    // The name that it has is its own.
    let same = command(&world, role.id, Some("Day shift"));
    assert!(update_role(&world).run(same).await.is_ok());
}

#[tokio::test]
async fn s22_the_roles_of_other_workspaces_are_not_there() {
    let world = Tenants::new().await;
    let foreign = world.role(&world.other, "Foreign", &[]).await;
    for id in [foreign.id, world.other.role(SystemRole::Admin).id] {
        for name in ["Mine", "admin"] {
            let refused = update_role(&world)
                .run(command(&world, id, Some(name)))
                .await;
            assert_eq!(refused, Err(UpdateRoleError::NotFound));
        }
    }
    let mut look = world.look().await;
    let kept = look.roles().find(world.other.id(), foreign.id).await;
    assert_eq!(kept, Ok(Some(foreign)));
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.begin_fails(lost());
    let update = UpdateRole {
        store: bench.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let id = world.acme.role(SystemRole::Agent).id;
    let refused = update.run(command(&world, id, Some("Other"))).await;
    assert_eq!(refused, Err(UpdateRoleError::Store(lost())));
    bench.finish();
}
