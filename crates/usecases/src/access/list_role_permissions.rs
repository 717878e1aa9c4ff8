//! Lists what a role permits.

use std::sync::Arc;

use kogents_domain::access::Permission;
use kogents_domain::ids::RoleId;
use kogents_domain::store::{Store, StoreError};

use super::permissions_of;
use crate::workspace::Member;

/// Of which role.
#[derive(Debug, Clone, Copy)]
pub struct ListRolePermissionsCommand {
    /// Who asks, and in which workspace.
    pub member: Member,
    /// The role.
    pub role_id: RoleId,
}

/// Why they were not listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListRolePermissionsError {
    /// The workspace has no such role.
    #[error("no such role")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the permissions that a role of the caller's workspace holds.
pub struct ListRolePermissions {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListRolePermissions {
    /// Gives the permissions, the built-in ones first, then the workspace's own by name.
    ///
    /// # Errors
    /// See [`ListRolePermissionsError`].
    pub async fn run(
        &self,
        command: ListRolePermissionsCommand,
    ) -> Result<Vec<Permission>, ListRolePermissionsError> {
        let member = command.member;
        let mut unit = self.store.read(member.scope()).await?;
        let role = unit
            .roles()
            .find(member.workspace_id, command.role_id)
            .await?
            .ok_or(ListRolePermissionsError::NotFound)?;
        Ok(permissions_of(unit.as_mut(), &role).await?)
    }
}
