//! How a person is written to: in whose name, and in which language.

use kogents_domain::auth::{Language, User};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::mail::MailBrand;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::Workspace;

/// How a person is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// The workspace they are in.
    pub(crate) workspace_id: Option<WorkspaceId>,
    /// The looks of the workspace they are in.
    pub(crate) brand: Option<MailBrand>,
    /// The person's language, else the workspace's, else the one that was asked for.
    pub(crate) language: Language,
}

impl Addressee {
    /// Of a person in the workspace they used last, else the one they have been in longest.
    pub(crate) async fn load(
        unit: &mut dyn UnitOfWork,
        user: &User,
        requested: Option<&Language>,
    ) -> Result<Self, StoreError> {
        let standing = unit
            .memberships()
            .find_standing(user.id, user.last_workspace_id)
            .await?;
        let workspace = standing.as_ref().map(|standing| &standing.workspace);
        Ok(Self::of(user, workspace, requested))
    }

    /// Of a person in a workspace.
    pub(crate) fn of(
        user: &User,
        workspace: Option<&Workspace>,
        requested: Option<&Language>,
    ) -> Self {
        let set = user.language.as_ref();
        let language = set
            .or_else(|| workspace.and_then(|workspace| workspace.language.as_ref()))
            .or(requested)
            .cloned();
        Self {
            workspace_id: workspace.map(|workspace| workspace.id),
            brand: workspace.map(|workspace| MailBrand::of(&workspace.name, &workspace.branding)),
            language: language.unwrap_or_else(Language::english),
        }
    }
}
