//! Lists the permissions that there are.

use std::sync::Arc;

use kogents_domain::access::Permission;
use kogents_domain::store::{Store, StoreError};

use super::known_permissions;
use crate::workspace::Viewer;

/// Why they were not listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListPermissionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the permissions that there are in the viewer's workspace.
pub struct ListPermissions {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListPermissions {
    /// Gives the permissions, the built-in ones first, then the workspace's own by name.
    ///
    /// # Errors
    /// See [`ListPermissionsError`].
    pub async fn run(&self, viewer: Viewer) -> Result<Vec<Permission>, ListPermissionsError> {
        let mut unit = self.store.read(viewer.scope()).await?;
        Ok(known_permissions(unit.as_mut(), viewer.workspace_id()).await?)
    }
}
