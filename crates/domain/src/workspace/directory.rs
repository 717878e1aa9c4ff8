//! Everybody of a workspace in one list: its members, and those who are invited.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Invitation, Membership, MembershipStatus};
use crate::access::Role;
use crate::auth::User;
use crate::ids::{InvitationId, RoleId, UserId, WorkspaceId};
use crate::page::PageLimit;
use crate::store::StoreError;
use crate::text::search_key;
use crate::time::Timestamp;
use crate::violation::{Violation, ViolationCode};

/// One of the directory.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectoryEntry {
    /// A member.
    Member {
        /// The person.
        user: Box<User>,
        /// Their membership.
        membership: Membership,
        /// Their role.
        role: Role,
        /// When they were last active in the workspace, by what the database knows of their
        /// newest sessions; None: never, as far as is known.
        last_active_at: Option<Timestamp>,
    },
    /// Somebody who is invited.
    Invited {
        /// The invitation.
        invitation: Box<Invitation>,
        /// The role they will have.
        role: Role,
    },
}

impl DirectoryEntry {
    /// The role.
    #[must_use]
    pub const fn role(&self) -> &Role {
        match self {
            Self::Member { role, .. } | Self::Invited { role, .. } => role,
        }
    }
}

/// The id of one of the directory, as it is addressed by: of a person, or of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryId(UserId);

impl DirectoryId {
    /// Reads the text form.
    ///
    /// # Errors
    /// See [`UserId::parse`].
    pub fn parse(text: &str) -> Result<Self, crate::ids::InvalidId> {
        UserId::parse(text).map(Self)
    }

    /// As a person's.
    #[must_use]
    pub const fn as_user(self) -> UserId {
        self.0
    }

    /// As an invitation's.
    #[must_use]
    pub const fn as_invitation(self) -> InvitationId {
        InvitationId::from_uuid(*self.0.as_uuid())
    }

    /// The id itself.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        self.0.as_uuid()
    }
}

impl From<UserId> for DirectoryId {
    fn from(id: UserId) -> Self {
        Self(id)
    }
}

/// What a directory is sorted by; who is equal is sorted by id, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DirectorySort {
    /// When they came in or were invited.
    #[default]
    CreatedAt,
    /// When their membership or invitation was last changed.
    UpdatedAt,
    /// The name, without case and accents.
    Name,
    /// The address.
    Email,
    /// The status.
    Status,
}

impl DirectorySort {
    /// Every order.
    pub const ALL: [Self; 5] = [
        Self::CreatedAt,
        Self::UpdatedAt,
        Self::Name,
        Self::Email,
        Self::Status,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "createdAt",
            Self::UpdatedAt => "updatedAt",
            Self::Name => "name",
            Self::Email => "email",
            Self::Status => "status",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `INVALID_ENUM_VALUE`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|sort| sort.as_str() == text)
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::as_str).join(", ");
                let message = format!("must be one of {names}");
                Violation::new(ViolationCode::InvalidEnumValue, message)
            })
    }
}

/// The beginning of a name or of an address to look for, without case and accents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPrefix(String);

impl SearchPrefix {
    /// Reads a prefix, trimmed, of at most 100 characters; None: there is nothing to look for.
    ///
    /// # Errors
    /// `INVALID_LENGTH`.
    pub fn parse(text: &str) -> Result<Option<Self>, Violation> {
        let text = text.trim();
        if text.chars().count() > 100 {
            return Err(Violation::too_long(100));
        }
        // A store may not take NUL, and no name has one.
        let key = search_key(text).replace('\0', "\u{fffd}");
        Ok((!key.is_empty()).then_some(Self(key)))
    }

    /// The prefix, which is the least text that has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The least text, by code points, that is above all that have the prefix; None: there is
    /// none.
    #[must_use]
    pub fn end(&self) -> Option<String> {
        let mut characters: Vec<char> = self.0.chars().collect();
        while let Some(last) = characters.pop() {
            // Ranges of characters step over what is none.
            if let Some(next) = (last..=char::MAX).nth(1) {
                characters.push(next);
                return Some(characters.into_iter().collect());
            }
        }
        None
    }
}

/// Which part of a directory to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Whose name or address begins so.
    pub search: Option<SearchPrefix>,
    /// Of this status; whoever is invited is pending.
    pub status: Option<MembershipStatus>,
    /// With this role.
    pub role_id: Option<RoleId>,
    /// In which order.
    pub sort: DirectorySort,
    /// The greatest first.
    pub descending: bool,
    /// How many to pass over.
    pub offset: u64,
    /// How many to give.
    pub limit: PageLimit,
}

/// One page of a directory.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectoryPage {
    /// Those on it, in order.
    pub entries: Vec<DirectoryEntry>,
    /// How many there are over all pages.
    pub total: u64,
}

/// Reads members and invitations as one list.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait DirectoryRepository: Send {
    /// One page. The store cuts it out by its indexes, and only then looks up who they are.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(&mut self, query: &DirectoryQuery) -> Result<DirectoryPage, StoreError>;

    /// One of the workspace's directory.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: DirectoryId,
    ) -> Result<Option<DirectoryEntry>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_the_next_one_begins() {
        let end = |text: &str| SearchPrefix::parse(text).unwrap().unwrap().end();
        assert_eq!(end(" Äda ").as_deref(), Some("adb"));
        assert_eq!(end("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(end("\u{10FFFF}"), None);
        assert_eq!(end("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(SearchPrefix::parse("  "), Ok(None));
        assert!(SearchPrefix::parse(&"x".repeat(101)).is_err());
    }

    #[test]
    fn orders_have_their_names() {
        for sort in DirectorySort::ALL {
            assert_eq!(DirectorySort::parse(sort.as_str()), Ok(sort));
        }
        let code = DirectorySort::parse("password").unwrap_err().code;
        assert_eq!(code, ViolationCode::InvalidEnumValue);
    }
}
