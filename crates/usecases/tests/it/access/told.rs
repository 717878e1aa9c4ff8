//! What the audit log tells of roles and permissions.

use std::sync::Arc;

use kogents_domain::access::{PermissionDraft, Role, SystemRole};
use kogents_domain::audit::{AuditEntry, AuditTarget};
use kogents_domain::ids::PermissionId;
use kogents_domain::store::Store;
use kogents_testkit::builders::{a_permission_name, a_role_name};
use kogents_usecases::access::{
    ChangeRolePermissions, ChangeRolePermissionsCommand, CreatePermission, CreatePermissionCommand,
    CreateRole, CreateRoleCommand, CreateRoleError, DeletePermission, DeletePermissionCommand,
    DeletePermissionError, DeleteRole, DeleteRoleCommand, PermissionChange, UpdatePermission,
    UpdatePermissionCommand, UpdateRole, UpdateRoleCommand,
};
use kogents_usecases::workspace::Member;
use serde_json::{Value, json};

use crate::support::{By, Tenants, lost};

fn create_role(world: &Tenants, store: Arc<dyn Store>) -> CreateRole {
    CreateRole {
        store,
        ids: world.ids(),
        audit: world.audit(),
        clock: world.clock(),
    }
}

async fn update_role(world: &Tenants, role: &Role, name: Option<&str>, description: Option<&str>) {
    let update = UpdateRole {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = UpdateRoleCommand {
        member: world.admin,
        role_id: role.id,
        name: name.map(a_role_name),
        description: description.map(str::to_owned),
    };
    update.run(command).await.unwrap();
}

async fn permit(world: &Tenants, role: &Role, change: PermissionChange, names: &[&str]) {
    let use_case = ChangeRolePermissions {
        store: world.store(),
        gate: world.gate(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let built_in = |name: &&str| a_permission_name(name).built_in().unwrap().id();
    let command = ChangeRolePermissionsCommand {
        member: world.admin,
        role_id: role.id,
        change,
        permissions: names.iter().map(built_in).collect(),
    };
    use_case.run(command).await.unwrap();
}

async fn update_permission(
    world: &Tenants,
    id: PermissionId,
    name: Option<&str>,
    category: Option<&str>,
) {
    let update = UpdatePermission {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = UpdatePermissionCommand {
        member: world.admin,
        permission_id: id,
        name: name.map(a_permission_name),
        description: None,
        category: category.map(str::to_owned),
    };
    update.run(command).await.unwrap();
}

/// The admin did these to one thing, in this order, and the workspace's log tells nothing else.
async fn assert_told<const N: usize>(
    world: &Tenants,
    target: impl Into<AuditTarget>,
    deeds: [(&str, Value); N],
) {
    let target = target.into();
    let by = By::member(world.admin);
    let told: Vec<AuditEntry> = deeds
        .into_iter()
        .map(|(action, details)| by.did(action, target, details))
        .collect();
    assert_eq!(world.log(world.acme.id()).await, told);
    assert_eq!(world.log(world.other.id()).await, []);
}

fn command(member: Member, name: &str) -> CreateRoleCommand {
    CreateRoleCommand {
        member,
        name: a_role_name(name),
        description: "Answers at night.".to_owned(),
    }
}

#[tokio::test]
async fn a_role_that_is_made_and_deleted_is_told_of_by_its_name() {
    let world = Tenants::new().await;
    let create = create_role(&world, world.store());
    let made = create.run(command(world.admin, "Night shift")).await;
    let role = made.unwrap().role;
    let delete_role = DeleteRole {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = DeleteRoleCommand {
        member: world.admin,
        role_id: role.id,
    };
    delete_role.run(command).await.unwrap();

    let name = || json!({ "name": "Night shift" });
    let deeds = [("role.created", name()), ("role.deleted", name())];
    assert_told(&world, role.id, deeds).await;
}

#[tokio::test]
async fn of_a_role_the_names_are_told_and_that_its_description_is_another() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &[]).await;
    update_role(&world, &role, Some("Late shift"), None).await;
    update_role(&world, &role, None, Some("Since May.")).await;
    update_role(&world, &role, Some("Day shift"), Some("")).await;
    // Nothing is another.
    update_role(&world, &role, Some("Day shift"), Some("")).await;
    update_role(&world, &role, None, None).await;

    let deeds = [
        json!({ "nameFrom": "Night shift", "nameTo": "Late shift" }),
        json!({ "name": "Late shift", "changed": ["description"] }),
        json!({ "nameFrom": "Late shift", "nameTo": "Day shift", "changed": ["description"] }),
    ];
    assert_told(
        &world,
        role.id,
        deeds.map(|details| ("role.changed", details)),
    )
    .await;
}

#[tokio::test]
async fn what_a_role_was_given_and_lost_is_told_and_what_it_had_is_not() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &["chat:read"]).await;
    use PermissionChange::{Add, Remove, Replace};
    permit(&world, &role, Add, &["chat:read", "chat:edit", "tags:read"]).await;
    permit(&world, &role, Remove, &["chat:edit", "users:read"]).await;
    permit(&world, &role, Replace, &["chat:read", "users:read"]).await;
    // What comes to nothing.
    permit(&world, &role, Replace, &["users:read", "chat:read"]).await;
    permit(&world, &role, Add, &["chat:read"]).await;
    permit(&world, &role, Remove, &["chat:edit"]).await;

    let name = "Night shift";
    let deeds = [
        json!({ "name": name, "added": ["chat:edit", "tags:read"] }),
        json!({ "name": name, "removed": ["chat:edit"] }),
        json!({ "name": name, "added": ["users:read"], "removed": ["tags:read"] }),
    ];
    assert_told(
        &world,
        role.id,
        deeds.map(|details| ("role.permissions_changed", details)),
    )
    .await;
}

#[tokio::test]
async fn a_permission_of_the_workspaces_own_is_told_of_as_a_role_is() {
    let world = Tenants::new().await;
    let create = CreatePermission {
        store: world.store(),
        ids: world.ids(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let draft = PermissionDraft {
        name: a_permission_name("reports:export"),
        description: String::new(),
        category: "Reports".to_owned(),
    };
    let member = world.admin;
    let made = create.run(CreatePermissionCommand { member, draft }).await;
    let id = made.unwrap().id;
    update_permission(&world, id, Some("reports:print"), None).await;
    update_permission(&world, id, None, Some("Paper")).await;
    update_permission(&world, id, Some("reports:print"), Some("Paper")).await;
    let delete = DeletePermission {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = DeletePermissionCommand {
        member,
        permission_id: id,
    };
    delete.run(command).await.unwrap();

    let renamed = json!({ "nameFrom": "reports:export", "nameTo": "reports:print" });
    let moved = json!({ "name": "reports:print", "changed": ["category"] });
    let deeds = [
        ("permission.created", json!({ "name": "reports:export" })),
        ("permission.changed", renamed),
        ("permission.changed", moved),
        ("permission.deleted", json!({ "name": "reports:print" })),
    ];
    assert_told(&world, id, deeds).await;
}

#[tokio::test]
async fn what_is_refused_or_rolled_back_is_not_told() {
    let world = Tenants::new().await;
    let create = create_role(&world, world.store());
    let taken = command(world.admin, "Agent");
    assert_eq!(create.run(taken).await, Err(CreateRoleError::NameTaken));
    let own = world.own_permission(&world.acme, "reports:export").await;
    let held = world
        .role(&world.acme, "Auditor", &["reports:export"])
        .await;
    let delete = DeletePermission {
        store: world.store(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command_of = |member| DeletePermissionCommand {
        member,
        permission_id: own.id,
    };
    let in_use = delete.run(command_of(world.admin)).await;
    assert_eq!(in_use, Err(DeletePermissionError::InUse));

    let losing = create_role(&world, world.store_that_loses());
    let lost_role = losing.run(command(world.admin, "Night shift")).await;
    assert_eq!(lost_role, Err(CreateRoleError::Store(lost())));
    let permitting = ChangeRolePermissions {
        store: world.store_that_loses(),
        gate: world.gate(),
        audit: world.audit(),
        clock: world.clock(),
    };
    let system = world.acme.role(SystemRole::Agent).id;
    for role_id in [system, held.id] {
        let granting = ChangeRolePermissionsCommand {
            member: world.admin,
            role_id,
            change: PermissionChange::Add,
            permissions: vec![a_permission_name("chat:read").built_in().unwrap().id()],
        };
        assert!(permitting.run(granting).await.is_err());
    }
    assert_eq!(world.log(world.acme.id()).await, []);
}
