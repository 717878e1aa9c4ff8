//! Sends a mail to try whether mail arrives.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::{IdGenerator, MailId};
use kogents_domain::mail::{Letter, MailMessage, MailRenderer, Mailer, MailerError};
use kogents_domain::time::Clock;

/// Why it was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendTestMailError {
    /// See [`MailerError`].
    #[error(transparent)]
    Mailer(#[from] MailerError),
}

/// Hands a mail to the mail server at once, past the queue, so that the operator sees what the
/// server says.
pub struct SendTestMail {
    /// Renders it.
    pub renderer: Arc<dyn MailRenderer>,
    /// Delivers it.
    pub mailer: Arc<dyn Mailer>,
    /// Makes its id.
    pub ids: Arc<dyn IdGenerator>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SendTestMail {
    /// Sends it and gives its id, the left part of its Message-ID.
    ///
    /// # Errors
    /// See [`SendTestMailError`].
    pub async fn run(&self, to: EmailAddress) -> Result<MailId, SendTestMailError> {
        let id = MailId::from_uuid(self.ids.next());
        let at = self.clock.now();
        let letter = Letter::from(MailMessage::Test { at });
        let mail = self
            .renderer
            .render(id, &to, &Language::english(), &letter)?;
        self.mailer.deliver(&mail).await?;
        Ok(id)
    }
}
