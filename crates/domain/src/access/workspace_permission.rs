//! A workspace's own permissions, which other services of the product check.

use async_trait::async_trait;

use super::{Permission, PermissionName};
use crate::ids::{PermissionId, WorkspaceId};
use crate::store::StoreError;
use crate::text::{parse_description, parse_name};
use crate::time::Timestamp;
use crate::violation::Violation;

/// The most permissions of its own that a workspace may have.
pub const MAX_OWN_PERMISSIONS: u64 = 200;

/// What a permission of a workspace's own is: everything about it but its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionDraft {
    /// The name, by which it is checked: none that is built in.
    pub name: PermissionName,
    /// What it permits, 0 to 200 characters.
    pub description: String,
    /// Its group, 2 to 50 characters.
    pub category: String,
}

impl PermissionDraft {
    /// Reads a description.
    ///
    /// # Errors
    /// See [`parse_description`].
    pub fn parse_description(text: &str) -> Result<String, Violation> {
        parse_description(text, 200)
    }

    /// Reads a category.
    ///
    /// # Errors
    /// See [`parse_name`].
    pub fn parse_category(text: &str) -> Result<String, Violation> {
        parse_name(text, 2, 50)
    }

    /// The permission it is under an id.
    #[must_use]
    pub fn under(self, id: PermissionId) -> Permission {
        Permission {
            id,
            name: self.name,
            description: self.description.into(),
            category: self.category.into(),
        }
    }
}

/// Keeps the permissions that workspaces define themselves. Whoever changes them holds the
/// workspace's row.
///
/// Growth: [`MAX_OWN_PERMISSIONS`] per workspace.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait WorkspacePermissionRepository: Send {
    /// Adds a permission.
    ///
    /// # Errors
    /// `Conflict(PermissionName)` when the workspace has one of the name, else [`StoreError`].
    async fn insert(
        &mut self,
        workspace: WorkspaceId,
        permission: &Permission,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The workspace's own permissions, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(&mut self, workspace: WorkspaceId) -> Result<Vec<Permission>, StoreError>;

    /// The workspace's own permission with an id.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: PermissionId,
    ) -> Result<Option<Permission>, StoreError>;

    /// Writes a permission. Roles that hold it under its old name hold it under the new one.
    ///
    /// # Errors
    /// `Conflict(PermissionName)` when another of the workspace has the name, else [`StoreError`].
    async fn update(
        &mut self,
        workspace: WorkspaceId,
        permission: &Permission,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Removes a permission, unless a role of the workspace holds it. Says whether it is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn delete(
        &mut self,
        workspace: WorkspaceId,
        id: PermissionId,
    ) -> Result<bool, StoreError>;
}
