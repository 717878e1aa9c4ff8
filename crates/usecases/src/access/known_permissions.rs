//! Every permission that there is in a workspace.

use kogents_domain::access::{BuiltInPermission, Permission};
use kogents_domain::ids::{PermissionId, WorkspaceId};
use kogents_domain::store::{StoreError, UnitOfWork};

/// The built-in permissions, by resource, then by action, and then the workspace's own by name.
pub(super) async fn known_permissions(
    unit: &mut dyn UnitOfWork,
    workspace: WorkspaceId,
) -> Result<Vec<Permission>, StoreError> {
    let own = unit.workspace_permissions().list(workspace).await?;
    let built_in = BuiltInPermission::all().into_iter().map(Permission::from);
    Ok(built_in.chain(own).collect())
}

/// Whether an id is that of a built-in permission, which every workspace has.
pub(super) fn is_built_in(id: PermissionId) -> bool {
    let all = BuiltInPermission::all();
    all.into_iter().any(|built_in| built_in.id() == id)
}
