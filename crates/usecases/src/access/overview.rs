//! A role with its figures.

use kogents_domain::access::{Role, RoleSummary};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::{StoreError, UnitOfWork};

/// A role, how many have it, and how much it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleOverview {
    /// The role.
    pub role: Role,
    /// How many members have it, of whatever status.
    pub users: u64,
    /// How many permissions it holds, be they granted to it or a system role's own.
    pub permissions: u64,
}

/// The roles of a workspace, the oldest first.
pub(super) async fn overviews(
    unit: &mut dyn UnitOfWork,
    workspace: WorkspaceId,
) -> Result<Vec<RoleOverview>, StoreError> {
    let own = unit.workspace_permissions().list(workspace).await?;
    let overview = |summary: RoleSummary| {
        let permissions = match summary.role.system {
            // What is granted to a system role is nothing: the domain's table says what it holds.
            Some(_) => count(summary.role.permissions(&[], &own).len()),
            None => summary.granted,
        };
        RoleOverview {
            role: summary.role,
            users: summary.users,
            permissions,
        }
    };
    let summaries = unit.roles().list(workspace).await?;
    Ok(summaries.into_iter().map(overview).collect())
}

/// One role of a workspace, if it has it.
pub(super) async fn overview(
    unit: &mut dyn UnitOfWork,
    workspace: WorkspaceId,
    id: RoleId,
) -> Result<Option<RoleOverview>, StoreError> {
    let all = overviews(unit, workspace).await?;
    Ok(all.into_iter().find(|overview| overview.role.id == id))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
