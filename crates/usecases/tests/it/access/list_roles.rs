//! Listing roles, and reading one.

use kogents_domain::access::{BuiltInPermission, SystemRole};
use kogents_domain::store::Scope;
use kogents_domain::workspace::MembershipStatus;
use kogents_usecases::access::{
    ListRoles, ListRolesError, ReadRole, ReadRoleCommand, ReadRoleError, RoleOverview,
};

use crate::support::{Bench, Tenants, lost};

fn count(system: SystemRole) -> u64 {
    u64::try_from(system.permissions().len()).unwrap()
}

#[tokio::test]
async fn every_role_is_listed_with_who_has_it_and_what_it_holds() {
    let world = Tenants::new().await;
    let own = world
        .role(&world.acme, "Night shift", &["chat:read", "chat:edit"])
        .await;
    world.put(&own, MembershipStatus::Active).await;
    world.put(&own, MembershipStatus::Suspended).await;
    world.own_permission(&world.acme, "reports:export").await;
    world.own_permission(&world.other, "reports:read").await;
    world.role(&world.other, "Foreign", &["chat:read"]).await;

    let list = ListRoles {
        store: world.store(),
    };
    let listed = list.run(world.viewer.into()).await.unwrap();

    let everything = u64::try_from(BuiltInPermission::all().len()).unwrap() + 1;
    let expected = [
        (world.acme.role(SystemRole::Admin), 1, everything),
        (
            world.acme.role(SystemRole::Manager),
            1,
            count(SystemRole::Manager),
        ),
        (
            world.acme.role(SystemRole::Agent),
            1,
            count(SystemRole::Agent),
        ),
        (
            world.acme.role(SystemRole::Viewer),
            1,
            count(SystemRole::Viewer),
        ),
        (&own, 2, 2),
    ];
    let expected = expected.map(|(role, users, permissions)| RoleOverview {
        role: role.clone(),
        users,
        permissions,
    });
    assert_eq!(listed, expected);
    assert_eq!(world.journal.entries(), ["read Member", "close"]);
}

#[tokio::test]
async fn one_role_is_read_as_it_is_listed() {
    let world = Tenants::new().await;
    let own = world.role(&world.acme, "Night shift", &["chat:read"]).await;
    let foreign = world.role(&world.other, "Foreign", &[]).await;
    let read = ReadRole {
        store: world.store(),
    };
    let ask = |role_id| {
        read.run(ReadRoleCommand {
            member: world.viewer,
            role_id,
        })
    };

    let expected = RoleOverview {
        role: own.clone(),
        users: 0,
        permissions: 1,
    };
    assert_eq!(ask(own.id).await, Ok(expected));
    // Another workspace's role is as good as none.
    for missing in [foreign.id, world.other.role(SystemRole::Admin).id] {
        assert_eq!(ask(missing).await, Err(ReadRoleError::NotFound));
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.read_fails(lost());
    bench.read_fails(lost());
    let list = ListRoles {
        store: bench.store(),
    };
    let refused = list.run(world.viewer.into()).await;
    assert_eq!(refused, Err(ListRolesError::Store(lost())));
    let read = ReadRole {
        store: bench.store(),
    };
    let command = ReadRoleCommand {
        member: world.viewer,
        role_id: world.acme.role(SystemRole::Admin).id,
    };
    let refused = read.run(command).await;
    assert_eq!(refused, Err(ReadRoleError::Store(lost())));
    bench.finish();
}

#[tokio::test]
async fn s22_roles_are_read_on_behalf_of_the_member_alone() {
    let world = Tenants::new().await;
    let member = world.viewer;
    let bench = Bench::new();
    let scope = Scope::Member(member.workspace_id, member.user_id);
    bench.reads(scope, |unit| {
        let permissions = &mut unit.workspace_permissions;
        permissions.expect_list().returning(|_| Ok(Vec::new()));
        unit.roles.expect_list().returning(|_| Ok(Vec::new()));
    });
    let list = ListRoles {
        store: bench.store(),
    };
    assert_eq!(list.run(member.into()).await, Ok(Vec::new()));
    bench.finish();
}
