//! Explaining why a caller may do something, or why not.

use kogents_domain::access::{PermissionSet, Role, SystemRole};
use kogents_domain::workspace::MembershipStatus;
use kogents_testkit::builders::a_permission_name;
use kogents_usecases::access::{
    ExplainPermission, ExplainPermissionCommand, ExplainPermissionError, Explanation,
};
use kogents_usecases::auth::Caller;
use kogents_usecases::workspace::Member;

use crate::support::{Bench, Tenants, client_ip, lost};

/// A caller of whom the cache says nothing: the database is asked.
fn command(member: Member, permission: &str) -> ExplainPermissionCommand {
    ExplainPermissionCommand {
        caller: Caller {
            user_id: member.user_id,
            session_id: member.session_id,
            workspace_id: Some(member.workspace_id),
            held: PermissionSet::EMPTY,
            ip_address: client_ip(),
        },
        permission: a_permission_name(permission),
    }
}

async fn explain(
    world: &Tenants,
    command: ExplainPermissionCommand,
) -> Result<Explanation, ExplainPermissionError> {
    let explain_permission = ExplainPermission {
        store: world.store(),
    };
    explain_permission.run(command).await
}

#[tokio::test]
async fn the_role_that_includes_a_permission_or_does_not_is_named() {
    let world = Tenants::new().await;
    world.own_permission(&world.acme, "reports:export").await;
    world.own_permission(&world.acme, "reports:read").await;
    let names = ["reports:export", "chat:edit"];
    let role: Role = world.role(&world.acme, "Night shift", &names).await;
    let member = world.join(&role).await;
    for (who, permission, allowed, named) in [
        (world.admin, "users:delete", true, "admin"),
        (world.admin, "reports:export", true, "admin"),
        (world.agent, "users:read", true, "agent"),
        (world.agent, "users:delete", false, "agent"),
        (world.manager, "reports:export", false, "manager"),
        (member, "chat:update", true, "Night shift"),
        (member, "reports:export", true, "Night shift"),
        (member, "reports:read", false, "Night shift"),
        (member, "users:read", false, "Night shift"),
    ] {
        let told = explain(&world, command(who, permission)).await;
        let (is_allowed, role) = match told {
            Ok(Explanation::Included(role)) => (true, role),
            Ok(Explanation::NotIncluded(role)) => (false, role),
            other => panic!("{permission}: {other:?}"),
        };
        assert_eq!(
            (is_allowed, role.as_str()),
            (allowed, named),
            "{permission}"
        );
    }
}

#[tokio::test]
async fn what_there_is_not_is_held_by_who_holds_everything_only() {
    let world = Tenants::new().await;
    world.own_permission(&world.other, "reports:export").await;
    for permission in ["reports:export", "users:fly"] {
        let told = explain(&world, command(world.manager, permission)).await;
        assert_eq!(told, Ok(Explanation::Unknown));
        let told = explain(&world, command(world.admin, permission)).await;
        assert_eq!(told, Ok(Explanation::Included(SystemRole::Admin.into())));
    }
}

#[tokio::test]
async fn who_has_no_role_holds_nothing() {
    let world = Tenants::new().await;
    let nowhere = ExplainPermissionCommand {
        caller: Caller {
            workspace_id: None,
            ..command(world.admin, "users:read").caller
        },
        ..command(world.admin, "users:read")
    };
    assert_eq!(explain(&world, nowhere).await, Ok(Explanation::NoRole));
    assert_eq!(world.journal.entries(), [""; 0]);

    let role = world
        .role(&world.acme, "Night shift", &["users:read"])
        .await;
    let user = world.put(&role, MembershipStatus::Suspended).await;
    let suspended = world.sign_in(user, world.acme.id()).await;
    for no_member in [
        suspended,
        Member {
            workspace_id: world.other.id(),
            ..world.admin
        },
    ] {
        let told = explain(&world, command(no_member, "users:read")).await;
        assert_eq!(told, Ok(Explanation::NoRole));
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.read_fails(lost());
    let explain_permission = ExplainPermission {
        store: bench.store(),
    };
    let refused = explain_permission
        .run(command(world.admin, "users:read"))
        .await;
    assert_eq!(refused, Err(ExplainPermissionError::Store(lost())));
    bench.finish();
}
