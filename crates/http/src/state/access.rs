//! Roles and permissions: what the product does.

use std::sync::Arc;

use kogents_usecases::access::{
    ChangeRolePermissions, CreatePermission, CreateRole, DeletePermission, DeleteRole,
    ExplainPermission, ListPermissionCategories, ListPermissions, ListRolePermissions, ListRoles,
    ReadRole, UpdatePermission, UpdateRole,
};

/// Roles and permissions, one field a use case.
#[expect(
    missing_docs,
    reason = "each field is named after its use case, which is documented"
)]
pub struct AccessUseCases {
    pub list_roles: Arc<ListRoles>,
    pub read_role: Arc<ReadRole>,
    pub create_role: Arc<CreateRole>,
    pub update_role: Arc<UpdateRole>,
    pub delete_role: Arc<DeleteRole>,
    pub list_role_permissions: Arc<ListRolePermissions>,
    pub change_role_permissions: Arc<ChangeRolePermissions>,
    pub list_permissions: Arc<ListPermissions>,
    pub list_permission_categories: Arc<ListPermissionCategories>,
    pub create_permission: Arc<CreatePermission>,
    pub update_permission: Arc<UpdatePermission>,
    pub delete_permission: Arc<DeletePermission>,
    pub explain_permission: Arc<ExplainPermission>,
}
