//! Builds workspaces and their API tokens.

use kogents_domain::auth::Language;
use kogents_domain::ids::{ApiTokenId, WorkspaceId};
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::workspace::{ApiToken, Branding, Slug, Workspace, WorkspaceName};

use super::{START, branding_with_everything, unique_digest, unique_id, unique_word};

/// Builds a workspace.
#[must_use]
#[derive(Debug, Clone)]
pub struct WorkspaceBuilder(Workspace);

/// Acme, with an id and a slug that no other has.
///
/// # Panics
/// Never.
pub fn a_workspace() -> WorkspaceBuilder {
    let draft = WorkspaceDraft {
        name: WorkspaceName::parse("Acme").unwrap(),
        slug: Slug::parse(&format!("acme-{}", unique_word())).unwrap(),
        branding: Branding::default(),
    };
    let id = WorkspaceId::from_uuid(unique_id());
    WorkspaceBuilder(Workspace::from_draft(id, draft, START))
}

impl WorkspaceBuilder {
    /// Sets every optional member.
    pub fn everything(mut self) -> Self {
        self.0.branding = branding_with_everything();
        self.0.language = Language::parse("fr-CA").ok();
        self
    }

    /// Sets the slug.
    ///
    /// # Panics
    /// When it is none.
    pub fn slug(mut self, text: &str) -> Self {
        self.0.slug = Slug::parse(text).expect("not a slug");
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut Workspace)) -> Self {
        change(&mut self.0);
        self
    }

    /// The workspace.
    #[must_use]
    pub fn build(self) -> Workspace {
        self.0
    }
}

/// Builds what is kept of an API token.
#[must_use]
#[derive(Debug, Clone)]
pub struct ApiTokenBuilder(ApiToken);

/// A token of a workspace, with a digest that no other has.
pub fn an_api_token(workspace: WorkspaceId) -> ApiTokenBuilder {
    ApiTokenBuilder(ApiToken {
        id: ApiTokenId::from_uuid(unique_id()),
        workspace_id: workspace,
        prefix: "kgw_AbC-".to_owned(),
        digest: unique_digest(),
        created_at: START,
        revoked_at: None,
    })
}

impl ApiTokenBuilder {
    /// Changes anything.
    pub fn with(mut self, change: impl FnOnce(&mut ApiToken)) -> Self {
        change(&mut self.0);
        self
    }

    /// The token.
    #[must_use]
    pub fn build(self) -> ApiToken {
        self.0
    }
}
