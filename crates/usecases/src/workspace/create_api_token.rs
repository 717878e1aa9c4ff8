//! Makes a workspace's API token.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::digest::Digester;
use kogents_domain::ids::{ApiTokenId, IdGenerator, WorkspaceId};
use kogents_domain::random::SecureRandom;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{API_TOKEN_PERMISSIONS, ApiToken, ApiTokenSecret};

use super::{Member, hold_workspace};
use crate::access::rights_in;
use crate::audit::{AuditDesk, Deed};

/// Of which workspace, and who makes it.
#[derive(Debug, Clone, Copy)]
pub struct CreateApiTokenCommand {
    /// Who makes it.
    pub member: Member,
    /// The workspace.
    pub id: WorkspaceId,
}

/// Why none was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateApiTokenError {
    /// Another workspace than the one the member is in, or none, or the right to this is gone.
    #[error("no such workspace")]
    NotFound,
    /// The token would let its bearer do what the member may not.
    #[error("beyond what the caller holds")]
    CannotGrant,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an API token for the member's current workspace. The one before it is good for nothing
/// from then on.
pub struct CreateApiToken {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes the digest that is kept of it.
    pub digester: Arc<dyn Digester>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Makes the token.
    pub random: Arc<dyn SecureRandom>,
    /// Writes the audit log.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CreateApiToken {
    /// Makes it and gives it, this once.
    ///
    /// # Errors
    /// See [`CreateApiTokenError`].
    pub async fn run(
        &self,
        command: CreateApiTokenCommand,
    ) -> Result<ApiTokenSecret, CreateApiTokenError> {
        let CreateApiTokenCommand { member, id } = command;
        if id != member.workspace_id {
            return Err(CreateApiTokenError::NotFound);
        }
        let now = self.clock.now();
        let secret = ApiTokenSecret::generate(self.random.as_ref());
        let token = ApiToken {
            id: ApiTokenId::from_uuid(self.ids.next()),
            workspace_id: id,
            prefix: secret.prefix(),
            digest: self.digester.random_secret(secret.secret()),
            created_at: now,
            revoked_at: None,
        };

        let mut unit = self.store.begin(member.scope()).await?;
        let needs = (Resource::Workspace, Action::Create);
        let found = hold_workspace(unit.as_mut(), member, needs).await?;
        found.ok_or(CreateApiTokenError::NotFound)?;
        let rights = rights_in(unit.as_mut(), id, member.user_id).await?;
        let mut lent = API_TOKEN_PERMISSIONS.iter();
        if !lent.all(|permission| rights.allow(&permission.name())) {
            return Err(CreateApiTokenError::CannotGrant);
        }
        unit.api_tokens().revoke(id, now).await?;
        unit.api_tokens().insert(&token).await?;
        let deed = Deed::to(AuditAction::ApiTokenCreated, token.id).with("prefix", token.prefix);
        self.audit.record(unit.as_mut(), member, deed, now).await?;
        unit.commit().await?;
        Ok(secret)
    }
}
