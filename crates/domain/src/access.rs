//! Who may do what: roles and permissions. What nobody was given, nobody may do.

mod action;
mod permission;
mod permission_name;
mod resource;
mod role;
mod system_role_permissions;

pub use action::Action;
pub use permission::{BuiltInPermission, Permission};
pub use permission_name::PermissionName;
pub use resource::{Category, Resource};
pub use role::{Role, RoleRepository, SystemRole};

#[cfg(feature = "mock")]
pub use role::MockRoleRepository;
