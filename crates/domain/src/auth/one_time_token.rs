//! What is kept of a mailed token.

use crate::digest::Digest;
use crate::ids::{OneTimeTokenId, UserId, WorkspaceId};
use crate::time::{Span, Timestamp};

/// What a mailed token is good for. A token of one purpose is none of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// To choose a new password.
    PasswordReset,
    /// To confirm a new address.
    ConfirmEmail,
    /// To say that a sign-in was somebody else's.
    NotMe,
}

impl TokenPurpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::PasswordReset, Self::ConfirmEmail, Self::NotMe];

    /// The name in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::ConfirmEmail => "confirm_email",
            Self::NotMe => "not_me",
        }
    }

    /// The purpose with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == name)
    }

    /// How long a token lives: an hour to reset, a day to confirm, a week to object.
    #[must_use]
    pub const fn lifetime(self) -> Span {
        match self {
            Self::PasswordReset => Span::from_secs(3_600),
            Self::ConfirmEmail => Span::from_secs(24 * 3_600),
            Self::NotMe => Span::from_secs(7 * 24 * 3_600),
        }
    }
}

/// What is kept of a mailed token: its digest, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Identity.
    pub id: OneTimeTokenId,
    /// What it is good for.
    pub purpose: TokenPurpose,
    /// SHA-256 of the token.
    pub digest: Digest,
    /// Whose it is; None: nobody's, and it is good for nothing.
    pub user_id: Option<UserId>,
    /// The workspace it is about.
    pub workspace_id: Option<WorkspaceId>,
    /// What else it is about, sealed.
    pub payload: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good for nothing.
    pub expires_at: Timestamp,
}
