//! What of a message is secret: the bodies get it, the texts and the subject never do.

use kogents_domain::mail::MailMessage;
use kogents_domain::signup::OtpCode;

use super::links::Page;

/// A message's secret.
pub(super) enum Secret {
    /// A code to type in.
    Code(OtpCode),
    /// The address of a page, with a token.
    Link(String),
    /// There is none.
    None,
}

impl Secret {
    /// The secret of a message whose links begin with `base`.
    pub(super) fn of(message: &MailMessage, base: &str) -> Self {
        match message {
            MailMessage::VerificationCode { code, .. } => Self::Code(code.clone()),
            MailMessage::PasswordReset { token, .. } => {
                Self::Link(Page::ResetPassword.with(base, token))
            }
            MailMessage::ConfirmEmail { token, .. } => {
                Self::Link(Page::ConfirmEmail.with(base, token))
            }
            MailMessage::NewDevice { token, .. } => Self::Link(Page::NotMe.with(base, token)),
            MailMessage::Invitation { token, .. } => {
                Self::Link(Page::AcceptInvitation.with(base, token))
            }
            MailMessage::AccountExists { .. }
            | MailMessage::Welcome { .. }
            | MailMessage::PasswordChanged { .. }
            | MailMessage::EmailChanged { .. }
            | MailMessage::RefreshTokenReused { .. }
            | MailMessage::AccountDeleted { .. }
            | MailMessage::Test { .. } => Self::None,
        }
    }

    /// The code.
    pub(super) const fn code(&self) -> Option<&OtpCode> {
        match self {
            Self::Code(code) => Some(code),
            Self::Link(_) | Self::None => None,
        }
    }

    /// The link.
    pub(super) const fn link(&self) -> Option<&str> {
        match self {
            Self::Link(link) => Some(link.as_str()),
            Self::Code(_) | Self::None => None,
        }
    }
}
