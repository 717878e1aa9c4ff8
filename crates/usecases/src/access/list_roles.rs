//! Lists the roles of a workspace.

use std::sync::Arc;

use kogents_domain::store::{Store, StoreError};

use super::overview::{RoleOverview, overviews};
use crate::workspace::Viewer;

/// Why they were not listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListRolesError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the roles of the viewer's workspace.
pub struct ListRoles {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListRoles {
    /// Gives the roles, the oldest first.
    ///
    /// # Errors
    /// See [`ListRolesError`].
    pub async fn run(&self, viewer: Viewer) -> Result<Vec<RoleOverview>, ListRolesError> {
        let mut unit = self.store.read(viewer.scope()).await?;
        Ok(overviews(unit.as_mut(), viewer.workspace_id()).await?)
    }
}
