//! The port that keeps workspaces.

use async_trait::async_trait;

use super::{Slug, Workspace};
use crate::ids::WorkspaceId;
use crate::store::StoreError;

/// Keeps workspaces. Growth: one row per confirmed signup or further workspace.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait WorkspaceRepository: Send {
    /// Adds a workspace.
    ///
    /// # Errors
    /// `Conflict(WorkspaceSlug)` when the slug is taken, else [`StoreError`].
    async fn insert(&mut self, workspace: &Workspace) -> Result<(), StoreError>;

    /// The workspace with an id.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, StoreError>;

    /// The workspace with a slug.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Workspace>, StoreError>;
}
