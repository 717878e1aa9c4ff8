//! Lists the categories that permissions fall into.

use std::sync::Arc;

use kogents_domain::access::Category;
use kogents_domain::store::{Store, StoreError};

use crate::workspace::Member;

/// Why they were not listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListPermissionCategoriesError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the categories of the permissions that there are in the caller's workspace.
pub struct ListPermissionCategories {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListPermissionCategories {
    /// Gives the categories, each once: those of built-in permissions, then the others that the
    /// workspace gave its own permissions, by the names of those.
    ///
    /// # Errors
    /// See [`ListPermissionCategoriesError`].
    pub async fn run(&self, member: Member) -> Result<Vec<String>, ListPermissionCategoriesError> {
        let mut unit = self.store.read(member.scope()).await?;
        let own = unit
            .workspace_permissions()
            .list(member.workspace_id)
            .await?;
        drop(unit);
        let mut categories = Category::ALL
            .map(|category| category.as_str().to_owned())
            .to_vec();
        for permission in own {
            let category = permission.category.into_owned();
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
        Ok(categories)
    }
}
