//! The port that keeps workspaces.

use async_trait::async_trait;

use super::{Slug, Workspace};
use crate::ids::WorkspaceId;
use crate::store::StoreError;

/// The most workspaces that a person may be a member of and still make another.
pub const MAX_WORKSPACES: u64 = 100;

/// Keeps workspaces. Growth: one row per confirmed signup, and [`MAX_WORKSPACES`] per person.
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

    /// Locks the workspace's row until the unit of work ends and gives the workspace: whoever
    /// changes its members, roles, permissions or invitations does this first, so that what was
    /// counted and looked at stays true.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_for_update(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, StoreError>;

    /// Writes name, slug, branding and language, and when it was changed.
    ///
    /// # Errors
    /// `Conflict(WorkspaceSlug)` when the slug is taken, else [`StoreError`].
    async fn update(&mut self, workspace: &Workspace) -> Result<(), StoreError>;

    /// Removes a workspace with everything that is its: members, roles, permissions, invitations,
    /// API tokens. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete(&mut self, id: WorkspaceId) -> Result<bool, StoreError>;
}
