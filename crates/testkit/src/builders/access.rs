//! Makes roles, and permissions of a workspace's own.

use kogents_domain::access::{
    Permission, PermissionDraft, PermissionName, Role, RoleName, SystemRole,
};
use kogents_domain::ids::{PermissionId, RoleId, WorkspaceId};

use super::{START, unique_id};

/// A workspace's copy of a system role.
#[must_use]
pub fn a_role(workspace: WorkspaceId, role: SystemRole) -> Role {
    Role::system(RoleId::from_uuid(unique_id()), workspace, role, START)
}

/// The four roles that a new workspace has.
#[must_use]
pub fn system_roles(workspace: WorkspaceId) -> Vec<Role> {
    SystemRole::ALL
        .into_iter()
        .map(|role| a_role(workspace, role))
        .collect()
}

/// A role of a workspace's own, which holds nothing yet.
///
/// # Panics
/// When the name is none.
#[must_use]
pub fn a_custom_role(workspace: WorkspaceId, name: &str) -> Role {
    let id = RoleId::from_uuid(unique_id());
    let description = "Answers at night.".to_owned();
    Role::custom(id, workspace, a_role_name(name), description, START)
}

/// A role's name from its text.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn a_role_name(text: &str) -> RoleName {
    RoleName::parse(text).expect("not a role's name")
}

/// A permission that a workspace defines itself.
///
/// # Panics
/// When the name is none, or of a permission that is built in.
#[must_use]
pub fn an_own_permission(name: &str) -> Permission {
    let name = a_permission_name(name);
    assert_eq!(name.built_in(), None, "a built-in permission");
    let draft = PermissionDraft {
        name,
        description: "Export reports.".to_owned(),
        category: "Reports".to_owned(),
    };
    draft.under(PermissionId::from_uuid(unique_id()))
}

/// A permission's name from its text.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn a_permission_name(text: &str) -> PermissionName {
    PermissionName::parse(text).expect("not a permission's name")
}
