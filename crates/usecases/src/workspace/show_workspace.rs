//! Shows a workspace to everybody, by its slug.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::workspace::{Slug, Workspace};

/// Why there is nothing to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShowWorkspaceError {
    /// No workspace has the slug.
    #[error("no such workspace")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds a workspace by its slug, for its sign-in page.
pub struct ShowWorkspace {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ShowWorkspace {
    /// Finds it. Of what it gives name, slug and branding are everybody's to see.
    ///
    /// # Errors
    /// See [`ShowWorkspaceError`].
    pub async fn run(&self, slug: Slug) -> Result<Workspace, ShowWorkspaceError> {
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit.workspaces().find_by_slug(&slug).await?;
        found.ok_or(ShowWorkspaceError::NotFound)
    }
}
