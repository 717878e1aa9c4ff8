//! Roles and permissions, as people see them.

use std::borrow::Cow;

use kogents_domain::access::{Permission, PermissionName, Role, RoleName, grant_id};
use kogents_domain::ids::{PermissionId, RoleId};
use kogents_usecases::access::{Explanation, RoleOverview};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleView {
    #[schema(example = "0192f3c0-4444-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "manager")]
    name: String,
    #[schema(example = "Runs the workspace's daily business.")]
    description: String,
    /// Whether every workspace has it and nobody can change it.
    is_system: bool,
    /// Whether it may be given.
    is_active: bool,
}

impl From<&Role> for RoleView {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name.as_str().to_owned(),
            description: role.description.clone(),
            is_system: role.system.is_some(),
            is_active: role.is_active,
        }
    }
}

// It takes no memory of its own where the permission is built in: answers list dozens.
/// A permission.
#[derive(Serialize, ToSchema)]
pub(crate) struct PermissionView {
    #[serde(serialize_with = "as_text")]
    #[schema(value_type = String, example = "00000000-0000-7000-8000-000000000201")]
    id: PermissionId,
    /// The resource and what may be done to it.
    #[serde(serialize_with = "as_name")]
    #[schema(value_type = String, example = "users:read")]
    name: PermissionName,
    #[schema(value_type = String, example = "See the workspace's members.")]
    description: Cow<'static, str>,
    /// A group of permissions.
    #[schema(value_type = String, example = "people")]
    category: Cow<'static, str>,
}

fn as_text<S: Serializer>(id: &PermissionId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

fn as_name<S: Serializer>(name: &PermissionName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name.as_str())
}

impl From<&Permission> for PermissionView {
    fn from(permission: &Permission) -> Self {
        Self {
            id: permission.id,
            name: permission.name.clone(),
            description: permission.description.clone(),
            category: permission.category.clone(),
        }
    }
}

/// A role, and how much there is of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountedRoleView {
    #[schema(example = "0192f3c0-4444-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "manager")]
    name: String,
    #[schema(example = "Runs the workspace's daily business.")]
    description: String,
    /// Whether every workspace has it and nobody can change it.
    is_system: bool,
    /// Whether it may be given.
    is_active: bool,
    #[serde(rename = "_count")]
    count: RoleCountsView,
}

/// How much there is of a role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleCountsView {
    /// Members who have it, of whatever status.
    #[schema(example = 3)]
    users: u64,
    /// Permissions that it holds.
    #[schema(example = 37)]
    role_permissions: u64,
}

impl From<&RoleOverview> for CountedRoleView {
    fn from(overview: &RoleOverview) -> Self {
        let RoleView {
            id,
            name,
            description,
            is_system,
            is_active,
        } = RoleView::from(&overview.role);
        Self {
            id,
            name,
            description,
            is_system,
            is_active,
            count: RoleCountsView {
                users: overview.users,
                role_permissions: overview.permissions,
            },
        }
    }
}

/// A permission that a role holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RolePermissionView {
    /// The same for the same role and permission, and for no others.
    #[schema(example = "0192f3c0-4444-7abc-8def-012345678baa")]
    id: String,
    #[schema(example = "0192f3c0-4444-7abc-8def-0123456789ab")]
    role_id: String,
    #[schema(example = "00000000-0000-7000-8000-000000000201")]
    permission_id: String,
    permission: PermissionView,
}

impl RolePermissionView {
    pub(crate) fn new(role: RoleId, permission: &Permission) -> Self {
        Self {
            id: grant_id(role, permission.id).hyphenated().to_string(),
            role_id: role.to_string(),
            permission_id: permission.id.to_string(),
            permission: PermissionView::from(permission),
        }
    }
}

/// Every permission that there is.
#[derive(Serialize, ToSchema)]
pub(crate) struct PermissionsView {
    /// The built-in ones, then the workspace's own by name.
    permissions: Vec<PermissionView>,
    /// How many there are.
    #[schema(example = 57)]
    total: usize,
}

impl From<&[Permission]> for PermissionsView {
    fn from(permissions: &[Permission]) -> Self {
        Self {
            permissions: permissions.iter().map(PermissionView::from).collect(),
            total: permissions.len(),
        }
    }
}

/// The groups of permissions.
#[derive(Serialize, ToSchema)]
pub(crate) struct PermissionCategoriesView {
    /// Those of built-in permissions, then the others of the workspace's own.
    #[schema(example = json!(["workspace", "people", "access", "insight", "chat"]))]
    categories: Vec<String>,
    /// How many there are.
    #[schema(example = 5)]
    total: usize,
}

impl From<Vec<String>> for PermissionCategoriesView {
    fn from(categories: Vec<String>) -> Self {
        let total = categories.len();
        Self { categories, total }
    }
}

/// Whether the caller may do something, and why.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExplanationView {
    allowed: bool,
    /// A sentence for people.
    #[schema(example = "The role \"agent\" does not include users:delete.")]
    because: String,
}

impl ExplanationView {
    pub(crate) fn new(explanation: &Explanation, permission: &PermissionName) -> Self {
        let permission = permission.as_str();
        let (allowed, because) = match explanation {
            Explanation::Included(role) => (
                true,
                format!("The role {} includes {permission}.", quoted(role)),
            ),
            Explanation::NotIncluded(role) => (
                false,
                format!("The role {} does not include {permission}.", quoted(role)),
            ),
            Explanation::Unknown => (
                false,
                format!("There is no permission {permission} in the workspace."),
            ),
            Explanation::NoRole => (
                false,
                format!("Without a role in a workspace nobody has {permission}."),
            ),
        };
        Self { allowed, because }
    }
}

/// No role has a quotation mark in its name.
fn quoted(role: &RoleName) -> String {
    format!("\"{}\"", role.as_str())
}

#[cfg(test)]
mod tests {
    use kogents_domain::access::{BuiltInPermission, SystemRole};
    use kogents_domain::ids::WorkspaceId;
    use kogents_domain::time::Timestamp;
    use serde_json::json;

    use super::*;

    const ROLE: &str = "0192f3c0-4444-7abc-8def-0123456789ab";

    #[test]
    fn a_role_is_shown_with_its_counts() {
        let (id, workspace) = (
            RoleId::parse(ROLE).unwrap(),
            WorkspaceId::parse(ROLE).unwrap(),
        );
        let now = Timestamp::from_millis(0);
        let overview = RoleOverview {
            role: Role::system(id, workspace, SystemRole::Agent, now),
            users: 3,
            permissions: 10,
        };
        let shown = serde_json::to_value(CountedRoleView::from(&overview)).unwrap();
        let expected = json!({
            "id": ROLE, "name": "agent", "description": "Talks to the workspace's customers.",
            "isSystem": true, "isActive": true, "_count": { "users": 3, "rolePermissions": 10 },
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_permission_of_a_role_has_a_mark_of_its_own() {
        let role = RoleId::parse(ROLE).unwrap();
        let mut marks = std::collections::BTreeSet::new();
        for built_in in BuiltInPermission::all() {
            let permission = Permission::from(built_in);
            let view = RolePermissionView::new(role, &permission);
            let shown = serde_json::to_value(view).unwrap();
            assert!(marks.insert(shown["id"].to_string()));
            assert_eq!(shown["roleId"], ROLE);
            assert_eq!(shown["permissionId"], permission.id.to_string());
            assert_eq!(shown["permission"]["id"], shown["permissionId"]);
            assert_eq!(shown["permission"]["name"], permission.name.as_str());
        }
    }

    #[test]
    fn an_explanation_names_the_role_and_the_permission() {
        let name = PermissionName::parse("users:delete").unwrap();
        let role = || RoleName::parse("Night shift").unwrap();
        for (explanation, allowed, because) in [
            (
                Explanation::Included(role()),
                true,
                "The role \"Night shift\" includes users:delete.",
            ),
            (
                Explanation::NotIncluded(role()),
                false,
                "The role \"Night shift\" does not include users:delete.",
            ),
            (
                Explanation::Unknown,
                false,
                "There is no permission users:delete in the workspace.",
            ),
            (
                Explanation::NoRole,
                false,
                "Without a role in a workspace nobody has users:delete.",
            ),
        ] {
            let shown = serde_json::to_value(ExplanationView::new(&explanation, &name)).unwrap();
            assert_eq!(shown, json!({ "allowed": allowed, "because": because }));
        }
    }
}
