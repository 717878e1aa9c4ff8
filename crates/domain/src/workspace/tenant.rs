//! A workspace itself.

use super::{Branding, BrandingChange, Slug, WorkspaceName};
use crate::auth::Language;
use crate::ids::WorkspaceId;
use crate::signup::WorkspaceDraft;
use crate::time::{Span, Timestamp};

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

    /// The workspace with something changed. It is later than before, also by a clock that stands
    /// still: readers tell versions apart by that moment.
    #[must_use]
    pub fn changed(self, change: WorkspaceChange, now: Timestamp) -> Self {
        Self {
            name: change.name.unwrap_or(self.name),
            slug: change.slug.unwrap_or(self.slug),
            branding: match change.branding {
                Some(change) => {
                    change.map_or_else(Branding::default, |change| self.branding.changed(change))
                }
                None => self.branding,
            },
            language: change.language.unwrap_or(self.language),
            updated_at: now.max(self.updated_at.plus(Span::from_millis(1))),
            ..self
        }
    }
}

/// What is to be changed of a workspace; what is None stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkspaceChange {
    /// The name.
    pub name: Option<WorkspaceName>,
    /// The slug.
    pub slug: Option<Slug>,
    /// The branding; Some(None): all of it goes.
    pub branding: Option<Option<BrandingChange>>,
    /// The language of its mails; Some(None): the reader's.
    pub language: Option<Option<Language>>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn workspace() -> Workspace {
        let draft = WorkspaceDraft {
            name: WorkspaceName::parse("Acme").unwrap(),
            slug: Slug::parse("acme").unwrap(),
            branding: Branding {
                industry: Some("Retail".to_owned()),
                ..Branding::default()
            },
        };
        let now = Timestamp::from_millis(1_000);
        Workspace::from_draft(WorkspaceId::from_uuid(Uuid::from_u128(1)), draft, now)
    }

    #[test]
    fn a_change_leaves_what_it_does_not_name_and_is_later_than_what_was() {
        let change = WorkspaceChange {
            slug: Slug::parse("acme-2").ok(),
            language: Some(Language::parse("de").ok()),
            ..WorkspaceChange::default()
        };
        let changed = workspace().changed(change, Timestamp::from_millis(1_000));
        let expected = Workspace {
            slug: Slug::parse("acme-2").unwrap(),
            language: Language::parse("de").ok(),
            updated_at: Timestamp::from_millis(1_001),
            ..workspace()
        };
        assert_eq!(changed, expected);
    }

    #[test]
    fn the_branding_may_go_as_a_whole() {
        let change = WorkspaceChange {
            branding: Some(None),
            ..WorkspaceChange::default()
        };
        let changed = workspace().changed(change, Timestamp::from_millis(5_000));
        assert_eq!(changed.branding, Branding::default());
        assert_eq!(changed.updated_at, Timestamp::from_millis(5_000));
    }
}
