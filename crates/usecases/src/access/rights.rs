//! What somebody may do in a workspace, as the database has it at this moment.

use kogents_domain::access::{Permission, PermissionName, Rights, Role, SystemRole};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::{StoreError, UnitOfWork};

/// What a person may do in a workspace: nothing without an active membership.
pub(crate) async fn rights_in(
    unit: &mut dyn UnitOfWork,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Rights, StoreError> {
    match unit.memberships().find_role(workspace, user).await? {
        Some(role) => rights_of(unit, &role).await,
        None => Ok(Rights::none()),
    }
}

/// What a role lets its holders do.
pub(crate) async fn rights_of(
    unit: &mut dyn UnitOfWork,
    role: &Role,
) -> Result<Rights, StoreError> {
    Ok(Rights::of(role, granted_to(unit, role).await?))
}

/// The permissions that a role holds, as people see them.
pub(crate) async fn permissions_of(
    unit: &mut dyn UnitOfWork,
    role: &Role,
) -> Result<Vec<Permission>, StoreError> {
    let granted = granted_to(unit, role).await?;
    // Of the system roles only the admin holds what a workspace defines itself.
    let own = match role.system {
        Some(SystemRole::Manager | SystemRole::Agent | SystemRole::Viewer) => Vec::new(),
        Some(SystemRole::Admin) | None => {
            unit.workspace_permissions().list(role.workspace_id).await?
        }
    };
    Ok(role.permissions(&granted, &own))
}

/// A system role was granted nothing: it holds what the domain's table says.
async fn granted_to(
    unit: &mut dyn UnitOfWork,
    role: &Role,
) -> Result<Vec<PermissionName>, StoreError> {
    match role.system {
        Some(_) => Ok(Vec::new()),
        None => unit.roles().granted(role.id).await,
    }
}
