//! The ports that render and deliver mail.

use async_trait::async_trait;

use super::{Letter, Template};
use crate::auth::{EmailAddress, Language};
use crate::ids::MailId;
use crate::secret::SecretText;
use crate::signup::OtpCode;
use crate::time::Timestamp;

/// A rendered mail to one recipient.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// The left part of the Message-ID, the same on every try.
    pub id: MailId,
    /// To whom.
    pub to: EmailAddress,
    /// Which template made it.
    pub template: Template,
    /// The sender's name, where it is not the product's; on one line.
    pub from_name: Option<String>,
    /// Not to be handed over from this moment on.
    pub send_before: Option<Timestamp>,
    /// The subject: never a code.
    pub subject: String,
    /// The text part, complete by itself. Redacted in debug output: it may carry a code.
    pub text: SecretText,
    /// The HTML part.
    pub html: SecretText,
    /// The code in it, for the development mailbox.
    pub otp: Option<OtpCode>,
}

/// Why a mail was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailerError {
    /// The server takes no mail of ours at all for now: it is not reachable, or refuses the
    /// sign-in or the sender.
    #[error("no mail is taken: {0}")]
    Unavailable(String),
    /// This mail may work later: refused for now, or cut short.
    #[error("not delivered yet: {0}")]
    Temporary(String),
    /// Its end came before it could be handed over.
    #[error("it expired before it could be sent")]
    TooLate,
    /// It never will: refused for good, or not writable as a mail.
    #[error("not deliverable: {0}")]
    Permanent(String),
}

/// Delivers mail.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one mail over. Returning means it was accepted.
    ///
    /// # Errors
    /// See [`MailerError`].
    async fn deliver(&self, mail: &OutgoingMail) -> Result<(), MailerError>;
}

/// Renders letters.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait MailRenderer: Send + Sync {
    /// Renders a letter in the nearest language there is, with links to the product's own
    /// addresses only.
    ///
    /// # Errors
    /// [`MailerError::Permanent`] when a template fails.
    fn render(
        &self,
        id: MailId,
        to: &EmailAddress,
        language: &Language,
        letter: &Letter,
    ) -> Result<OutgoingMail, MailerError>;
}
