//! Holds a workspace still while a member changes something in it.

use kogents_domain::access::{Action, BuiltInPermission, Resource};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::Workspace;

use super::Member;
use crate::access::rights_in;

/// Locks the row of a member's workspace until the unit of work ends. None: the workspace is gone,
/// or the member may not do this in it any more.
///
/// The right was asked for when the request came in; since then a password may have been compared
/// or a lock waited for, and the right taken away. While the row is held it stays as it is.
pub(crate) async fn hold_workspace(
    unit: &mut dyn UnitOfWork,
    member: Member,
    (resource, action): (Resource, Action),
) -> Result<Option<Workspace>, StoreError> {
    let id = member.workspace_id;
    let Some(workspace) = unit.workspaces().find_for_update(id).await? else {
        return Ok(None);
    };
    let rights = rights_in(unit, id, member.user_id).await?;
    let permission = BuiltInPermission { resource, action };
    Ok(rights.allow(&permission.name()).then_some(workspace))
}
