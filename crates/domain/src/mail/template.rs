//! The templates that mails are made of.

use super::Lane;

/// The name of a template. What each says: [`MailMessage`](super::MailMessage).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each is named after its message, which is documented"
)]
pub enum Template {
    VerificationCode,
    AccountExists,
    Welcome,
    PasswordReset,
    PasswordChanged,
    ConfirmEmail,
    EmailChanged,
    NewDevice,
    RefreshTokenReused,
    Invitation,
    AccountDeleted,
    Test,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 12] = [
        Self::VerificationCode,
        Self::AccountExists,
        Self::Welcome,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::ConfirmEmail,
        Self::EmailChanged,
        Self::NewDevice,
        Self::RefreshTokenReused,
        Self::Invitation,
        Self::AccountDeleted,
        Self::Test,
    ];

    /// The name in stores and in the development mailbox.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerificationCode => "verification_code",
            Self::AccountExists => "account_exists",
            Self::Welcome => "welcome",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::ConfirmEmail => "confirm_email",
            Self::EmailChanged => "email_changed",
            Self::NewDevice => "new_device",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::Invitation => "invitation",
            Self::AccountDeleted => "account_deleted",
            Self::Test => "test",
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
            Self::VerificationCode | Self::PasswordReset | Self::ConfirmEmail => Lane::Code,
            Self::PasswordChanged
            | Self::EmailChanged
            | Self::NewDevice
            | Self::RefreshTokenReused
            | Self::AccountDeleted => Lane::Security,
            Self::Invitation => Lane::Invitation,
            Self::AccountExists | Self::Welcome | Self::Test => Lane::Other,
        }
    }
}
