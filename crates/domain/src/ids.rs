//! Typed identifiers: UUIDv7 (RFC 9562), so that they sort by their time of making.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that is not a UUID of version 7 in its canonical, hyphenated form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// An id from a UUID that an [`IdGenerator`] made or a store kept.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Reads the canonical text form.
            ///
            /// # Errors
            /// [`InvalidId`] for anything but 36 characters of a version 7 UUID.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 36 {
                    return Err(InvalidId);
                }
                let uuid = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                if uuid.get_version_num() == 7 {
                    Ok(Self(uuid))
                } else {
                    Err(InvalidId)
                }
            }

            /// The UUID itself.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

id!(
    /// A person, who is global: one address, one account, any number of workspaces.
    UserId
);
id!(
    /// A workspace, the tenant.
    WorkspaceId
);
id!(
    /// A session: one signed-in client of one person.
    SessionId
);
id!(
    /// A role in a workspace.
    RoleId
);
id!(
    /// A permission: a built-in one has the same in every workspace.
    PermissionId
);
id!(
    /// An invitation into a workspace; also the signup id of the person it makes.
    InvitationId
);
id!(
    /// An API token of a workspace.
    ApiTokenId
);
id!(
    /// A job in the outbox; also the left part of the mail's Message-ID, the same on every try.
    MailId
);
id!(
    /// A mailed token.
    OneTimeTokenId
);
id!(
    /// An entry of the audit log.
    AuditId
);
id!(
    /// A notice to servers.
    NoticeId
);
id!(
    /// A pending signup. Kept with the person it becomes, so that a signup commits once.
    SignupId
);

/// Makes identifiers.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A new UUIDv7, later than every earlier one of this process.
    fn next(&self) -> Uuid;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_version_seven_in_canonical_form_is_an_id() {
        assert!(UserId::parse("0192f3c0-1111-7abc-8def-0123456789ab").is_ok());
        for bad in [
            "",
            "0192f3c0-1111-4abc-8def-0123456789ab",
            "0192f3c011117abc8def0123456789ab",
            "{0192f3c0-1111-7abc-8def-0123456789ab}",
            "0192f3c0-1111-7abc-8def-0123456789aZ",
        ] {
            assert_eq!(UserId::parse(bad), Err(InvalidId), "{bad}");
        }
    }
}
