//! Delivers a mail that was taken from the queue.

use std::error::Error;
use std::sync::Arc;

use kogents_domain::mail::{
    MailRenderer, Mailer, MailerError, OutgoingMail, QueuedMail, RetryPlan,
};
use kogents_domain::time::Clock;

use super::{ClaimedMail, MailDesk};

/// Why a mail was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliverMailError {
    /// It was begun as often as it may be, and no end of it was ever heard of.
    #[error("every try broke off")]
    BrokeOff,
    /// It cannot be read or rendered, so no server was asked.
    #[error("{0}")]
    Unreadable(String),
    /// See [`MailerError`].
    #[error(transparent)]
    Mailer(#[from] MailerError),
}

/// Opens, renders and delivers a mail. What came of it is written down by
/// [`SettleMail`](super::SettleMail), so that a store that is away for a moment makes no second
/// delivery.
pub struct DeliverMail {
    /// Opens letters.
    pub desk: Arc<MailDesk>,
    /// Renders them.
    pub renderer: Arc<dyn MailRenderer>,
    /// Delivers them.
    pub mailer: Arc<dyn Mailer>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DeliverMail {
    /// Delivers it. Returning means that a server took it.
    ///
    /// # Errors
    /// See [`DeliverMailError`].
    pub async fn run(&self, claimed: &ClaimedMail) -> Result<(), DeliverMailError> {
        let mail = &claimed.mail;
        let most = RetryPlan::of(mail.lane).max_attempts;
        if most.is_some_and(|most| mail.attempts > most) {
            return Err(DeliverMailError::BrokeOff);
        }
        let outgoing = OutgoingMail {
            send_before: mail.expires_at,
            ..self.rendered(mail)?
        };
        if mail.expires_at.is_some_and(|end| end <= self.clock.now()) {
            return Err(MailerError::TooLate.into());
        }
        self.mailer.deliver(&outgoing).await?;
        Ok(())
    }

    fn rendered(&self, mail: &QueuedMail) -> Result<OutgoingMail, DeliverMailError> {
        let unreadable = |error: &dyn Error| DeliverMailError::Unreadable(error.to_string());
        let letter = self.desk.open(mail).map_err(|error| unreadable(&error))?;
        self.renderer
            .render(mail.id, &mail.recipient, &mail.language, &letter)
            .map_err(|error| unreadable(&error))
    }
}
