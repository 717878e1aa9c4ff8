//! What a mail says, as typed parameters of a template.

use serde::{Deserialize, Serialize};

use crate::signup::OtpCode;
use crate::time::Timestamp;

/// A message to render. It is sealed while it waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum MailMessage {
    /// The code that proves an address.
    VerificationCode {
        /// The code. Never in a header.
        code: OtpCode,
        /// The person's name.
        name: String,
        /// The name of the workspace to be made.
        workspace: String,
        /// How long the code is good, in minutes.
        minutes: u32,
    },
    /// Somebody tried to sign up with an address that has an account.
    AccountExists {
        /// The name the account has.
        name: String,
    },
    /// The account and its workspace exist.
    Welcome {
        /// The person's name.
        name: String,
        /// The workspace's name.
        workspace: String,
        /// The workspace's slug.
        slug: String,
    },
    /// A refresh token was used a second time, and its session was ended.
    RefreshTokenReused {
        /// The person's name.
        name: String,
        /// The device of the session, where it is known.
        device: Option<String>,
        /// The address the reused token came from.
        ip_address: String,
        /// When it was presented.
        at: Timestamp,
    },
}

/// The name of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// See [`MailMessage::VerificationCode`].
    VerificationCode,
    /// See [`MailMessage::AccountExists`].
    AccountExists,
    /// See [`MailMessage::Welcome`].
    Welcome,
    /// See [`MailMessage::RefreshTokenReused`].
    RefreshTokenReused,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 4] = [
        Self::VerificationCode,
        Self::AccountExists,
        Self::Welcome,
        Self::RefreshTokenReused,
    ];

    /// The name in stores and in the development mailbox.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerificationCode => "verification_code",
            Self::AccountExists => "account_exists",
            Self::Welcome => "welcome",
            Self::RefreshTokenReused => "refresh_token_reused",
        }
    }

    /// The template with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|template| template.as_str() == name)
    }

    /// The lane its mails go in.
    #[must_use]
    pub const fn lane(self) -> Lane {
        match self {
            Self::VerificationCode => Lane::Code,
            Self::RefreshTokenReused => Lane::Security,
            Self::AccountExists | Self::Welcome => Lane::Other,
        }
    }
}

impl MailMessage {
    /// The message's template.
    #[must_use]
    pub const fn template(&self) -> Template {
        match self {
            Self::VerificationCode { .. } => Template::VerificationCode,
            Self::AccountExists { .. } => Template::AccountExists,
            Self::Welcome { .. } => Template::Welcome,
            Self::RefreshTokenReused { .. } => Template::RefreshTokenReused,
        }
    }
}

/// A lane of the queue. What is due in a more urgent one is taken first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Codes and resets: somebody waits for them.
    Code,
    /// Notices about an account's safety.
    Security,
    /// Invitations.
    Invitation,
    /// The rest.
    Other,
}

impl Lane {
    /// Every lane, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Code, Self::Security, Self::Invitation, Self::Other];

    /// The name in stores and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Security => "security",
            Self::Invitation => "invitation",
            Self::Other => "other",
        }
    }

    /// The lane with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == name)
    }
}
