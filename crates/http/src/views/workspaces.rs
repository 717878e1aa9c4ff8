//! Workspaces as their members see them.

use kogents_usecases::workspace::{ListedWorkspace, SwitchedWorkspace, WorkspaceDetails};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::RoleView;
use super::branding::BrandingView;
use super::rfc3339;
use super::signup::SignupWithWorkspaceView;
use super::tokens::TokensView;
use super::workspace::WorkspaceView;

/// Whether a slug may be had.
#[derive(Serialize, ToSchema)]
pub(crate) struct SlugView {
    available: bool,
}

impl SlugView {
    pub(crate) const fn new(available: bool) -> Self {
        Self { available }
    }
}

/// A workspace as its members see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkspaceDetailsView {
    #[schema(example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
    branding: BrandingView,
    /// The language of mails in its name (BCP 47); null: the reader's.
    #[schema(required, example = "de-DE")]
    language: Option<String>,
    /// How many members it has.
    #[schema(example = 12)]
    members: u64,
    /// Its roles, the oldest first.
    roles: Vec<RoleView>,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
}

impl From<&WorkspaceDetails> for WorkspaceDetailsView {
    fn from(details: &WorkspaceDetails) -> Self {
        let workspace = &details.workspace;
        let language = workspace.language.as_ref();
        let roles = details.roles.iter();
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
            branding: BrandingView::from(&workspace.branding),
            language: language.map(|tag| tag.as_str().to_owned()),
            members: details.members,
            roles: roles.map(|summary| RoleView::from(&summary.role)).collect(),
            created_at: rfc3339(workspace.created_at),
        }
    }
}

/// The caller's workspaces.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspacesView {
    workspaces: Vec<ListedWorkspaceView>,
}

impl From<&[ListedWorkspace]> for WorkspacesView {
    fn from(listed: &[ListedWorkspace]) -> Self {
        Self {
            workspaces: listed.iter().map(ListedWorkspaceView::from).collect(),
        }
    }
}

/// A workspace of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedWorkspaceView {
    #[schema(example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
    branding: BrandingView,
    /// The name of the caller's role in it.
    #[schema(example = "manager")]
    role: String,
    /// The names of the permissions that the caller holds in it.
    #[schema(example = json!(["workspace:read", "users:read"]))]
    permissions: Vec<String>,
    /// How many members it has.
    #[schema(example = 12)]
    members: u64,
    /// How many sessions in it are live.
    #[schema(example = 3)]
    active_sessions: u64,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    /// Whether the session of this request is in it.
    is_current: bool,
}

impl From<&ListedWorkspace> for ListedWorkspaceView {
    fn from(listed: &ListedWorkspace) -> Self {
        let standing = &listed.of_person.standing;
        let workspace = &standing.workspace;
        let permissions = listed.permissions.iter();
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
            branding: BrandingView::from(&workspace.branding),
            role: standing.role.name.as_str().to_owned(),
            permissions: permissions.map(|name| name.as_str().to_owned()).collect(),
            members: listed.of_person.members,
            active_sessions: listed.of_person.active_sessions,
            created_at: rfc3339(workspace.created_at),
            is_current: listed.is_current,
        }
    }
}

/// A session that has gone to another workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct SwitchedWorkspaceView {
    #[serde(flatten)]
    tokens: TokensView,
    workspace: WorkspaceView,
}

impl From<&SwitchedWorkspace> for SwitchedWorkspaceView {
    fn from(switched: &SwitchedWorkspace) -> Self {
        Self {
            // The refresh token stays as it is, wherever the client keeps it.
            tokens: TokensView::new(&switched.tokens, false),
            workspace: WorkspaceView::new(&switched.workspace, None),
        }
    }
}

/// What `POST /workspace` answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum NewWorkspaceView {
    /// A signup whose workspace was chosen.
    OfSignup(SignupWithWorkspaceView),
    /// A further workspace, with its API token, shown this once.
    Further(Box<WorkspaceView>),
}
