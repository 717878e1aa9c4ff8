//! The port to read the development mailbox by.

use crate::ids::MailId;
use crate::mail::Template;
use crate::secret::SecretText;
use crate::signup::OtpCode;
use crate::time::Timestamp;

/// A mail that stayed in the process, for a developer to read.
#[derive(Debug, Clone)]
pub struct MailboxMessage {
    /// The job's id.
    pub id: MailId,
    /// To whom.
    pub to: String,
    /// From whom.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The text part; it may carry a code.
    pub text: SecretText,
    /// The HTML part; it may carry a code.
    pub html: SecretText,
    /// When it was delivered here.
    pub received_at: Timestamp,
    /// Which template made it.
    pub template: Template,
    /// The code in it.
    pub otp: Option<OtpCode>,
}

/// Reads the development mailbox, which exists in development without an SMTP host only.
pub trait MailboxReader: Send + Sync {
    /// The mails, newest first, those to one address (compared without case) if it is given.
    fn list(&self, to: Option<&str>) -> Vec<MailboxMessage>;
}
