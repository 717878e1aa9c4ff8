//! Gives one role of a workspace.

use std::sync::Arc;

use kogents_domain::ids::RoleId;
use kogents_domain::store::{Store, StoreError};

use super::overview::{RoleOverview, overview};
use crate::workspace::Member;

/// Which role to give.
#[derive(Debug, Clone, Copy)]
pub struct ReadRoleCommand {
    /// Who asks, and in which workspace.
    pub member: Member,
    /// The role.
    pub role_id: RoleId,
}

/// Why no role was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadRoleError {
    /// The workspace has no such role.
    #[error("no such role")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives a role of the caller's workspace.
pub struct ReadRole {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ReadRole {
    /// Gives the role.
    ///
    /// # Errors
    /// See [`ReadRoleError`].
    pub async fn run(&self, command: ReadRoleCommand) -> Result<RoleOverview, ReadRoleError> {
        let member = command.member;
        let mut unit = self.store.read(member.scope()).await?;
        let found = overview(unit.as_mut(), member.workspace_id, command.role_id).await?;
        found.ok_or(ReadRoleError::NotFound)
    }
}
