//! A workspace itself.

use super::{Branding, Slug, WorkspaceName};
use crate::auth::Language;
use crate::ids::WorkspaceId;
use crate::signup::WorkspaceDraft;
use crate::time::Timestamp;

/// A workspace, the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Identity.
    pub id: WorkspaceId,
    /// The name.
    pub name: WorkspaceName,
    /// The slug, unique.
    pub slug: Slug,
    /// How it looks.
    pub branding: Branding,
    /// The language of its mails; None: the reader's.
    pub language: Option<Language>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Workspace {
    /// The workspace a draft becomes.
    #[must_use]
    pub fn from_draft(id: WorkspaceId, draft: WorkspaceDraft, now: Timestamp) -> Self {
        Self {
            id,
            name: draft.name,
            slug: draft.slug,
            branding: draft.branding,
            language: None,
            created_at: now,
            updated_at: now,
        }
    }
}
