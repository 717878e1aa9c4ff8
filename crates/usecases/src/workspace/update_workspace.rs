//! Changes the workspace that a member is in.

use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::Language;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::{Constraint, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{Workspace, WorkspaceChange};

use super::{Member, WorkspaceDetails, hold_workspace};
use crate::audit::{AuditDesk, Deed};

/// What to change.
#[derive(Debug, Clone)]
pub struct UpdateWorkspaceCommand {
    /// Who changes it.
    pub member: Member,
    /// The workspace.
    pub id: WorkspaceId,
    /// The change.
    pub change: WorkspaceChange,
}

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateWorkspaceError {
    /// Another workspace than the one the member is in, or none.
    #[error("no such workspace")]
    NotFound,
    /// Another workspace has the slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for UpdateWorkspaceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::WorkspaceSlug) => Self::SlugTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Changes name, slug, branding and language of the member's current workspace. Its mails and its
/// public page follow at once; links with an old slug lead nowhere.
pub struct UpdateWorkspace {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Tells of the change.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl UpdateWorkspace {
    /// Changes it and gives it as it is then.
    ///
    /// # Errors
    /// See [`UpdateWorkspaceError`].
    pub async fn run(
        &self,
        command: UpdateWorkspaceCommand,
    ) -> Result<WorkspaceDetails, UpdateWorkspaceError> {
        let UpdateWorkspaceCommand { member, id, change } = command;
        if id != member.workspace_id {
            return Err(UpdateWorkspaceError::NotFound);
        }
        let now = self.clock.now();
        let mut unit = self.store.begin(member.scope()).await?;
        let found =
            hold_workspace(unit.as_mut(), member, (Resource::Workspace, Action::Edit)).await?;
        let before = found.ok_or(UpdateWorkspaceError::NotFound)?;
        let after = before.clone().changed(change, now);
        unit.workspaces().update(&after).await?;
        self.audit
            .record_all(unit.as_mut(), member, deeds(&before, &after), now)
            .await?;
        let details = WorkspaceDetails::load(unit.as_mut(), after).await?;
        unit.commit().await?;
        Ok(details)
    }
}

/// What was done, if anything is another now.
fn deeds(before: &Workspace, after: &Workspace) -> impl Iterator<Item = Deed> + use<> {
    let changed = Deed::to(AuditAction::WorkspaceChanged, after.id)
        .with_change("name", before.name.as_str(), after.name.as_str())
        .with_change("slug", before.slug.as_str(), after.slug.as_str())
        .with_optional_change("language", language(before), language(after));
    let members = after.branding.differing(&before.branding);
    let rebranded = Deed::to(AuditAction::BrandingChanged, after.id);
    let rebranded = (!members.is_empty()).then(|| rebranded.with("changed", members));
    changed.if_any().into_iter().chain(rebranded)
}

fn language(workspace: &Workspace) -> Option<&str> {
    workspace.language.as_ref().map(Language::as_str)
}
