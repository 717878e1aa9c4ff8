//! Revokes a workspace's API token.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::Clock;

use super::{Member, hold_workspace};
use crate::audit::{AuditDesk, Deed};

/// Of which workspace, and who revokes it.
#[derive(Debug, Clone, Copy)]
pub struct RevokeApiTokenCommand {
    /// Who revokes it.
    pub member: Member,
    /// The workspace.
    pub id: WorkspaceId,
}

/// Why it may still be good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevokeApiTokenError {
    /// Another workspace than the one the member is in, or none, or the right to this is gone.
    #[error("no such workspace")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Revokes the API token of the member's current workspace, which has none then.
pub struct RevokeApiToken {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Writes the audit log.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl RevokeApiToken {
    /// Revokes it, if there is one.
    ///
    /// # Errors
    /// See [`RevokeApiTokenError`].
    pub async fn run(&self, command: RevokeApiTokenCommand) -> Result<(), RevokeApiTokenError> {
        let RevokeApiTokenCommand { member, id } = command;
        if id != member.workspace_id {
            return Err(RevokeApiTokenError::NotFound);
        }
        let now = self.clock.now();
        let mut unit = self.store.begin(member.scope()).await?;
        let needs = (Resource::Workspace, Action::Delete);
        let found = hold_workspace(unit.as_mut(), member, needs).await?;
        found.ok_or(RevokeApiTokenError::NotFound)?;
        let Some(token) = unit.api_tokens().revoke(id, now).await? else {
            return Ok(());
        };
        let deed = Deed::to(AuditAction::ApiTokenRevoked, token);
        self.audit.record(unit.as_mut(), member, deed, now).await?;
        unit.commit().await?;
        Ok(())
    }
}
