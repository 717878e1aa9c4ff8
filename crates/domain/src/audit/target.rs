//! What something was done to.

use std::fmt;

use uuid::Uuid;

use crate::ids::{ApiTokenId, InvitationId, PermissionId, RoleId, SessionId, UserId, WorkspaceId};

/// What kind of thing something was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// A person.
    Person,
    /// A workspace.
    Workspace,
    /// A session.
    Session,
    /// A role.
    Role,
    /// A permission of the workspace's own.
    Permission,
    /// An invitation.
    Invitation,
    /// An API token.
    ApiToken,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Person,
        Self::Workspace,
        Self::Session,
        Self::Role,
        Self::Permission,
        Self::Invitation,
        Self::ApiToken,
    ];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Workspace => "workspace",
            Self::Session => "session",
            Self::Role => "role",
            Self::Permission => "permission",
            Self::Invitation => "invitation",
            Self::ApiToken => "api_token",
        }
    }
}

/// What something was done to. It may be gone by now: an entry outlives what it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditTarget {
    /// What kind of thing.
    pub kind: AuditKind,
    /// Which one.
    pub id: Uuid,
}

impl AuditTarget {
    /// Reads what [`Display`](fmt::Display) wrote; None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, id) = text.split_once(':')?;
        let kind = AuditKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)?;
        let id = Uuid::try_parse(id).ok()?;
        Some(Self { kind, id })
    }
}

/// As stores keep it: `role:0192f3c0-…`.
impl fmt::Display for AuditTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.id.hyphenated())
    }
}

macro_rules! target {
    ($($id:ident => $kind:ident),* $(,)?) => {
        $(impl From<$id> for AuditTarget {
            fn from(id: $id) -> Self {
                Self { kind: AuditKind::$kind, id: *id.as_uuid() }
            }
        })*
    };
}

target! {
    UserId => Person,
    WorkspaceId => Workspace,
    SessionId => Session,
    RoleId => Role,
    PermissionId => Permission,
    InvitationId => Invitation,
    ApiTokenId => ApiToken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for kind in AuditKind::ALL {
            let target = AuditTarget {
                kind,
                id: Uuid::from_u128(0x0192_f3c0_1111_7abc_8def_0123_4567_89ab),
            };
            assert_eq!(AuditTarget::parse(&target.to_string()), Some(target));
        }
        for bad in [
            "",
            "role",
            "role:",
            "role:1",
            "door:0192f3c0-1111-7abc-8def-0123456789ab",
        ] {
            assert_eq!(AuditTarget::parse(bad), None, "{bad}");
        }
    }
}
