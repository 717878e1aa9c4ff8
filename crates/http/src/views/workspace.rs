//! A workspace, as signing in and persons show it.

use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::workspace::{ApiTokenSecret, Workspace};
use serde::Serialize;
use utoipa::ToSchema;

use super::branding::BrandingView;

/// A workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkspaceView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
    branding: BrandingView,
    /// The workspace's API token, shown this once, when the workspace is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    api_token: Option<String>,
}

impl WorkspaceView {
    pub(crate) fn new(workspace: &Workspace, api_token: Option<&ApiTokenSecret>) -> Self {
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
            branding: BrandingView::from(&workspace.branding),
            api_token: api_token.map(|token| token.secret().expose().to_owned()),
        }
    }
}

/// A workspace's API token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiTokenView {
    /// The token, shown this once.
    #[schema(example = "kgw_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c")]
    api_token: String,
}

impl From<&ApiTokenSecret> for ApiTokenView {
    fn from(token: &ApiTokenSecret) -> Self {
        Self {
            api_token: token.secret().expose().to_owned(),
        }
    }
}

/// A workspace that a signup is to make.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspaceDraftView {
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
}

impl From<&WorkspaceDraft> for WorkspaceDraftView {
    fn from(draft: &WorkspaceDraft) -> Self {
        Self {
            name: draft.name.as_str().to_owned(),
            slug: draft.slug.as_str().to_owned(),
        }
    }
}

/// Which workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspaceReferenceView {
    #[schema(example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
}

impl From<&Workspace> for WorkspaceReferenceView {
    fn from(workspace: &Workspace) -> Self {
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
        }
    }
}
