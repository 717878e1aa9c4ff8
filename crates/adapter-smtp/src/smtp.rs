//! Delivery by SMTP (RFC 5321).

mod connection;
mod failure;
mod message;
mod pool;
mod settings;
mod starttls;
mod trust;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kogents_domain::health::{CheckStatus, Probe};
use kogents_domain::mail::{Mailer, MailerError, OutgoingMail};
use kogents_domain::time::Clock;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};

use connection::Server;
use failure::{Failure, Step};
use message::Sender;
use pool::Pool;
pub use settings::{InvalidSmtpSettings, SmtpSettings, Tls};

/// The longest a delivery takes, whatever the server does, but for the second that a farewell may
/// take. A lease on a mail has to be longer.
const DELIVERY_LIMIT: Duration = Duration::from_secs(30);
/// The longest a greeting takes.
const GREETING_LIMIT: Duration = Duration::from_secs(5);
/// The longest a probe takes: whoever asks how the server is waits for it.
const PROBE_LIMIT: Duration = Duration::from_secs(2);
/// How long a probe that failed is good. Anybody may have the server probed, and to a mail server
/// sign-ins that fail every second look like an attack.
const FAILED_PROBE_KEPT: Duration = Duration::from_secs(15);

/// Delivers to one SMTP server, over connections that are kept for a while.
///
/// Each command is given 10 seconds, a delivery 30.
///
/// - [`MailerError::Unavailable`]: what every mail would meet and the operator can mend, also where
///   the server calls it permanent. There is no connection, the sign-in or the sender is refused, or
///   the server goes away (421) or wants another sign-in at whatever step.
/// - [`MailerError::Temporary`]: the recipient or the content is refused for now, or no answer comes.
/// - [`MailerError::TooLate`]: its end came before the server was given the content.
/// - [`MailerError::Permanent`]: the recipient or the content is refused for good, or the mail cannot
///   be written.
pub struct SmtpMailer {
    server: Server,
    sender: Sender,
    pool: Pool,
    clock: Arc<dyn Clock>,
    delivery_limit: Duration,
    /// When a probe last failed, unless one has succeeded since. Held during a probe.
    probe_failed_at: Mutex<Option<Instant>>,
}

impl SmtpMailer {
    /// A mailer for a server. Nothing is connected yet. The clock dates the mails.
    ///
    /// # Errors
    /// [`InvalidSmtpSettings`] names the setting that cannot be used.
    pub fn new(
        settings: &SmtpSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidSmtpSettings> {
        let sender = Sender::new(settings)?;
        Ok(Self {
            server: Server::new(settings, sender.domain())?,
            sender,
            pool: Pool::default(),
            clock,
            delivery_limit: DELIVERY_LIMIT,
            probe_failed_at: Mutex::default(),
        })
    }

    /// Connects to the server, protects the connection, signs in where there is an account, and
    /// leaves: whether mail could be handed over, as far as can be told without one.
    ///
    /// # Errors
    /// [`MailerError::Unavailable`] says at which step it failed and what the server said.
    pub async fn greet(&self) -> Result<(), MailerError> {
        let connection = timeout(GREETING_LIMIT, self.server.open())
            .await
            .unwrap_or_else(|_| Err(Failure::timed_out(Step::Connection)))
            .map_err(Failure::into_mailer_error)?;
        Server::farewell(connection).await;
        Ok(())
    }

    async fn try_deliver(&self, mail: &OutgoingMail) -> Result<(), Failure> {
        let message = self.sender.write(mail, self.clock.now())?;
        let deadline = Instant::now() + self.delivery_limit;
        let mut connection = timeout_at(deadline, self.connection())
            .await
            .unwrap_or_else(|_| Err(Failure::timed_out(Step::Connection)))?;
        let sending = self
            .server
            .send(&mut connection, &message, self.clock.as_ref());
        let sent = timeout_at(deadline, sending)
            .await
            .unwrap_or_else(|_| Err(Failure::timed_out(Step::Content)));
        match sent {
            Ok(()) => {
                self.pool.park(connection);
                Ok(())
            }
            Err(failure) => {
                // A connection is not used again after anything went wrong on it.
                Server::leave(connection, &failure).await;
                Err(failure)
            }
        }
    }

    async fn connection(&self) -> Result<connection::Connection, Failure> {
        match self.pool.take().await {
            Some(connection) => Ok(connection),
            None => self.server.open().await,
        }
    }
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMailer")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn deliver(&self, mail: &OutgoingMail) -> Result<(), MailerError> {
        let outcome = self.try_deliver(mail).await;
        outcome.map_err(Failure::into_mailer_error)
    }
}

/// Up when the server takes a connection and the sign-in.
#[async_trait]
impl Probe for SmtpMailer {
    async fn check(&self) -> CheckStatus {
        let mut failed_at = self.probe_failed_at.lock().await;
        if failed_at.is_some_and(|at| at.elapsed() < FAILED_PROBE_KEPT) {
            return CheckStatus::Down;
        }
        let outcome = timeout(PROBE_LIMIT, self.connection())
            .await
            .unwrap_or_else(|_| Err(Failure::timed_out(Step::Connection)));
        match outcome {
            Ok(connection) => {
                self.pool.park(connection);
                *failed_at = None;
                CheckStatus::Up
            }
            Err(failure) => {
                let cause = failure.into_mailer_error();
                tracing::warn!(%cause, "the SMTP server does not answer");
                *failed_at = Some(Instant::now());
                CheckStatus::Down
            }
        }
    }
}

#[cfg(test)]
mod tests;
