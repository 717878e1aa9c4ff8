//! Tells why a caller may do something, or why not.

use std::sync::Arc;

use kogents_domain::access::{PermissionName, RoleName};
use kogents_domain::store::{Store, StoreError, UnitOfWork};

use super::rights_of;
use crate::auth::Caller;
use crate::workspace::Member;

/// Whose permission to explain.
#[derive(Debug, Clone)]
pub struct ExplainPermissionCommand {
    /// Who asks.
    pub caller: Caller,
    /// The permission.
    pub permission: PermissionName,
}

/// Why a caller may do something, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explanation {
    /// Their role includes it.
    Included(RoleName),
    /// Their role does not include it.
    NotIncluded(RoleName),
    /// There is no such permission, neither built in nor of the workspace's own, so that nobody
    /// holds it but who holds everything.
    Unknown,
    /// Their session is in no workspace, or they are no active member of it any more: they have no
    /// role.
    NoRole,
}

/// Why nothing was explained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExplainPermissionError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Explains a permission in the current workspace of the caller's session, as the database has it.
pub struct ExplainPermission {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ExplainPermission {
    /// Explains the permission.
    ///
    /// # Errors
    /// See [`ExplainPermissionError`].
    pub async fn run(
        &self,
        command: ExplainPermissionCommand,
    ) -> Result<Explanation, ExplainPermissionError> {
        let Some(member) = Member::of(command.caller) else {
            return Ok(Explanation::NoRole);
        };
        let (workspace, user) = (member.workspace_id, member.user_id);
        let mut unit = self.store.read(member.scope()).await?;
        let Some(role) = unit.memberships().find_role(workspace, user).await? else {
            return Ok(Explanation::NoRole);
        };
        let rights = rights_of(unit.as_mut(), &role).await?;
        Ok(if rights.allow(&command.permission) {
            Explanation::Included(role.name)
        } else if !is_known(unit.as_mut(), member, &command.permission).await? {
            Explanation::Unknown
        } else {
            Explanation::NotIncluded(role.name)
        })
    }
}

async fn is_known(
    unit: &mut dyn UnitOfWork,
    member: Member,
    permission: &PermissionName,
) -> Result<bool, StoreError> {
    if permission.built_in().is_some() {
        return Ok(true);
    }
    let permissions = unit.workspace_permissions();
    let own = permissions.list(member.workspace_id).await?;
    Ok(own.iter().any(|known| known.name == *permission))
}
