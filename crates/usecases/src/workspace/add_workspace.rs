//! Makes a further workspace for a person who is signed in.

use std::sync::Arc;

use kogents_domain::digest::Digester;
use kogents_domain::ids::{IdGenerator, WorkspaceId};
use kogents_domain::random::SecureRandom;
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::store::{Constraint, Scope, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{ApiTokenSecret, MAX_WORKSPACES, Workspace};

use super::Founder;
use crate::audit::{AuditDesk, Doer};
use crate::auth::Caller;

/// Which workspace, and for whom.
#[derive(Debug, Clone)]
pub struct AddWorkspaceCommand {
    /// Who makes it, and will be its admin.
    pub caller: Caller,
    /// What it is to be.
    pub draft: WorkspaceDraft,
}

/// A workspace that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedWorkspace {
    /// The workspace.
    pub workspace: Workspace,
    /// Its API token, shown this once.
    pub api_token: ApiTokenSecret,
}

/// Why none was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddWorkspaceError {
    /// Another workspace has the slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// The person was suspended, or is gone, at this moment.
    #[error("the session is over")]
    Gone,
    /// The person is a member of as many workspaces as may be.
    #[error("too many workspaces")]
    TooMany,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AddWorkspaceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::WorkspaceSlug) => Self::SlugTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Makes a workspace whose admin is the caller. Their session stays in the workspace it is in.
pub struct AddWorkspace {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes the digest of the API token.
    pub digester: Arc<dyn Digester>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Makes the API token.
    pub random: Arc<dyn SecureRandom>,
    /// Tells of what was made.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl AddWorkspace {
    /// Makes it.
    ///
    /// # Errors
    /// See [`AddWorkspaceError`].
    pub async fn run(
        &self,
        command: AddWorkspaceCommand,
    ) -> Result<AddedWorkspace, AddWorkspaceError> {
        let user = command.caller.user_id;
        let founder = Founder {
            ids: self.ids.as_ref(),
            random: self.random.as_ref(),
            digester: self.digester.as_ref(),
        };
        let id = WorkspaceId::from_uuid(self.ids.next());
        let now = self.clock.now();
        let founding = founder.found(id, command.draft, user, now);
        // Over all of their workspaces, to count them while their row is held.
        let mut unit = self.store.begin(Scope::System).await?;
        let founder = unit.users().find_for_update(user).await?;
        founder
            .filter(|founder| !founder.is_suspended())
            .ok_or(AddWorkspaceError::Gone)?;
        if unit.memberships().count_of_person(user).await? >= MAX_WORKSPACES {
            return Err(AddWorkspaceError::TooMany);
        }
        founding.insert(unit.as_mut()).await?;
        let by = Doer::from(command.caller).in_workspace(Some(id));
        self.audit
            .record_all(unit.as_mut(), by, founding.deeds(), now)
            .await?;
        unit.commit().await?;
        Ok(AddedWorkspace {
            workspace: founding.workspace,
            api_token: founding.api_token_secret,
        })
    }
}
