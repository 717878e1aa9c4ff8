//! Deleting roles.

use kogents_domain::access::SystemRole;
use kogents_domain::ids::RoleId;
use kogents_domain::workspace::MembershipStatus;
use kogents_testkit::builders::an_invitation;
use kogents_usecases::access::{DeleteRole, DeleteRoleCommand, DeleteRoleError};

use crate::support::{Bench, Tenants, lost};

async fn delete(world: &Tenants, role_id: RoleId) -> Result<(), DeleteRoleError> {
    let delete_role = DeleteRole {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let member = world.admin;
    delete_role.run(DeleteRoleCommand { member, role_id }).await
}

#[tokio::test]
async fn a_role_that_nobody_has_goes_with_what_was_granted_to_it() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &["chat:read"]).await;
    let stays = world.role(&world.acme, "Day shift", &["chat:read"]).await;

    assert_eq!(delete(&world, role.id).await, Ok(()));

    let mut look = world.look().await;
    let kept = look.roles().find(world.acme.id(), role.id).await;
    assert_eq!(kept, Ok(None));
    let granted = look.roles().granted_in(world.acme.id()).await.unwrap();
    let holders: Vec<RoleId> = granted.into_iter().map(|(holder, _)| holder).collect();
    assert_eq!(holders, [stays.id]);
    drop(look);
    assert_eq!(
        delete(&world, role.id).await,
        Err(DeleteRoleError::NotFound)
    );
}

#[tokio::test]
async fn a_role_that_somebody_has_or_is_invited_to_stays() {
    let world = Tenants::new().await;
    let had = world.role(&world.acme, "Night shift", &[]).await;
    world.put(&had, MembershipStatus::Suspended).await;
    let offered = world.role(&world.acme, "Day shift", &[]).await;
    let invitation = an_invitation(&offered, world.admin.user_id).build();
    let mut unit = world.change().await;
    unit.invitations().insert(&invitation).await.unwrap();
    unit.commit().await.unwrap();
    for role in [had, offered] {
        assert_eq!(delete(&world, role.id).await, Err(DeleteRoleError::InUse));
        let mut look = world.look().await;
        let kept = look.roles().find(world.acme.id(), role.id).await;
        assert_eq!(kept, Ok(Some(role)));
    }
}

#[tokio::test]
async fn s23_system_roles_do_not_go() {
    let world = Tenants::new().await;
    let mut unit = world.change().await;
    // Also one that nobody has.
    let (workspace, user) = (world.acme.id(), world.agent.user_id);
    assert_eq!(unit.memberships().delete(workspace, user).await, Ok(true));
    unit.commit().await.unwrap();
    for system in SystemRole::ALL {
        let role = world.acme.role(system);
        assert_eq!(
            delete(&world, role.id).await,
            Err(DeleteRoleError::SystemRole)
        );
        let mut look = world.look().await;
        let kept = look.roles().find(workspace, role.id).await;
        assert_eq!(kept, Ok(Some(role.clone())));
    }
}

#[tokio::test]
async fn s22_the_roles_of_other_workspaces_are_not_there() {
    let world = Tenants::new().await;
    let foreign = world.role(&world.other, "Foreign", &[]).await;
    for id in [foreign.id, world.other.role(SystemRole::Viewer).id] {
        assert_eq!(delete(&world, id).await, Err(DeleteRoleError::NotFound));
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
    let delete_role = DeleteRole {
        store: bench.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = DeleteRoleCommand {
        member: world.admin,
        role_id: world.acme.role(SystemRole::Agent).id,
    };
    let refused = delete_role.run(command).await;
    assert_eq!(refused, Err(DeleteRoleError::Store(lost())));
    bench.finish();
}
