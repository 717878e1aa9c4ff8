//! Asks whether a slug may be had.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::workspace::Slug;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckSlugError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks whether a workspace has a slug. Until one is made with it, somebody else may be faster.
pub struct CheckSlug {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl CheckSlug {
    /// Whether the text is a slug that nobody has and that is not reserved.
    ///
    /// # Errors
    /// See [`CheckSlugError`].
    pub async fn run(&self, text: &str) -> Result<bool, CheckSlugError> {
        let Ok(slug) = Slug::parse(text) else {
            return Ok(false);
        };
        let mut unit = self.store.read(Scope::System).await?;
        let taken = unit.workspaces().find_by_slug(&slug).await?;
        Ok(taken.is_none())
    }
}
