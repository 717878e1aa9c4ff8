//! Who may do what: roles and permissions. What nobody was given, nobody may do.

mod action;
mod check;
mod permission;
mod permission_name;
mod permission_set;
mod resource;
mod rights;
mod role;
mod role_name;
mod system_role_permissions;
mod workspace_permission;

pub use action::Action;
pub use check::{AccessCheck, AccessCheckError, RightsSource};
pub use permission::{BuiltInPermission, Permission, grant_id};
pub use permission_name::PermissionName;
pub use permission_set::PermissionSet;
pub use resource::{Category, Resource};
pub use rights::Rights;
pub use role::{MAX_ROLES, Role, RoleRepository, RoleSummary, SystemRole};
pub use role_name::RoleName;
pub use workspace_permission::{
    MAX_OWN_PERMISSIONS, PermissionDraft, WorkspacePermissionRepository,
};

#[cfg(feature = "mock")]
pub use {role::MockRoleRepository, workspace_permission::MockWorkspacePermissionRepository};
