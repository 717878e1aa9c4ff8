//! Who may do what: roles, permissions, and the rights that follow from them.

mod change_of_name;
mod change_role_permissions;
mod create_permission;
mod create_role;
mod delete_permission;
mod delete_role;
mod explain_permission;
mod known_permissions;
mod list_permission_categories;
mod list_permissions;
mod list_role_permissions;
mod list_roles;
mod overview;
mod read_role;
mod rights;
mod update_permission;
mod update_role;

use change_of_name::change_of_name;
pub use change_role_permissions::{
    ChangeRolePermissions, ChangeRolePermissionsCommand, ChangeRolePermissionsError,
    PermissionChange,
};
pub use create_permission::{CreatePermission, CreatePermissionCommand, CreatePermissionError};
pub use create_role::{CreateRole, CreateRoleCommand, CreateRoleError};
pub use delete_permission::{DeletePermission, DeletePermissionCommand, DeletePermissionError};
pub use delete_role::{DeleteRole, DeleteRoleCommand, DeleteRoleError};
pub use explain_permission::{
    ExplainPermission, ExplainPermissionCommand, ExplainPermissionError, Explanation,
};
use known_permissions::{is_built_in, known_permissions};
pub use list_permission_categories::{ListPermissionCategories, ListPermissionCategoriesError};
pub use list_permissions::{ListPermissions, ListPermissionsError};
pub use list_role_permissions::{
    ListRolePermissions, ListRolePermissionsCommand, ListRolePermissionsError,
};
pub use list_roles::{ListRoles, ListRolesError};
pub use overview::RoleOverview;
pub use read_role::{ReadRole, ReadRoleCommand, ReadRoleError};
pub(crate) use rights::{permissions_of, rights_in, rights_of};
pub use update_permission::{UpdatePermission, UpdatePermissionCommand, UpdatePermissionError};
pub use update_role::{UpdateRole, UpdateRoleCommand, UpdateRoleError};
