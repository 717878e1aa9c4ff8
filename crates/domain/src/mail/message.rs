//! What a mail says, as typed parameters of a template.

use serde::{Deserialize, Serialize};

use super::{MailBrand, MailedToken, Template};
use crate::signup::OtpCode;
use crate::time::Timestamp;

/// A message and whose name it is sent in. It is sealed while it waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The workspace that the mail is about, for its name and colours; None: the product itself.
    #[serde(default)]
    pub brand: Option<MailBrand>,
    /// What it says.
    #[serde(flatten)]
    pub message: MailMessage,
}

impl From<MailMessage> for Letter {
    /// A letter of the product itself.
    fn from(message: MailMessage) -> Self {
        Self {
            brand: None,
            message,
        }
    }
}

/// A message to render.
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
    /// A link by which a new password is chosen.
    PasswordReset {
        /// The person's name.
        name: String,
        /// What the link carries.
        token: MailedToken,
        /// How long the link is good, in minutes.
        minutes: u32,
    },
    /// The password was changed.
    PasswordChanged {
        /// The person's name.
        name: String,
        /// The address it was changed from.
        ip_address: String,
        /// When.
        at: Timestamp,
    },
    /// To a new address: a link by which it is confirmed.
    ConfirmEmail {
        /// The person's name.
        name: String,
        /// What the link carries.
        token: MailedToken,
        /// How long the link is good, in hours.
        hours: u32,
    },
    /// To the old address: the account has another one now.
    EmailChanged {
        /// The person's name.
        name: String,
        /// The new address, all but the first character before the `@` left out.
        new_address: String,
        /// When.
        at: Timestamp,
    },
    /// Somebody signed in on a device that the person was not seen on before.
    NewDevice {
        /// The person's name.
        name: String,
        /// The device, where it is known.
        device: Option<String>,
        /// Where the client's address is, where that is known.
        place: Option<String>,
        /// The client's address.
        ip_address: String,
        /// When.
        at: Timestamp,
        /// What the link carries by which the person says that it was somebody else.
        token: MailedToken,
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
    /// Somebody asks the recipient into a workspace.
    Invitation {
        /// The recipient's name, as the inviter wrote it.
        name: String,
        /// Who invites.
        inviter: String,
        /// The workspace's name.
        workspace: String,
        /// What the link carries.
        token: MailedToken,
        /// How long the link is good, in days.
        days: u32,
    },
    /// The account was deleted, by its owner.
    AccountDeleted {
        /// The person's name.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// An operator tries whether mail arrives.
    Test {
        /// When.
        at: Timestamp,
    },
}

impl MailMessage {
    /// The message's template.
    #[must_use]
    pub const fn template(&self) -> Template {
        match self {
            Self::VerificationCode { .. } => Template::VerificationCode,
            Self::AccountExists { .. } => Template::AccountExists,
            Self::Welcome { .. } => Template::Welcome,
            Self::PasswordReset { .. } => Template::PasswordReset,
            Self::PasswordChanged { .. } => Template::PasswordChanged,
            Self::ConfirmEmail { .. } => Template::ConfirmEmail,
            Self::EmailChanged { .. } => Template::EmailChanged,
            Self::NewDevice { .. } => Template::NewDevice,
            Self::RefreshTokenReused { .. } => Template::RefreshTokenReused,
            Self::Invitation { .. } => Template::Invitation,
            Self::AccountDeleted { .. } => Template::AccountDeleted,
            Self::Test { .. } => Template::Test,
        }
    }
}
