//! Works off what is due in the mail queue.

use std::sync::Arc;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use kogents_domain::mail::{ClaimDue, MailRenderer, Mailer, MailerError, QueuedMail, RetryPlan};
use kogents_domain::random::SecureRandom;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

use super::MailDesk;

/// Why the queue could not be worked off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliverMailError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is written down of a job whose end came first.
const EXPIRED: &str = "it expired before it could be sent";

/// Claims due jobs, delivers them side by side, and writes down what came of each as it comes.
///
/// A mail goes out at least once: a worker that dies between delivery and writing it down leaves
/// a job whose lease runs out, and the next try carries the same Message-ID.
pub struct DeliverMail {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Opens messages.
    pub desk: Arc<MailDesk>,
    /// Renders them.
    pub renderer: Arc<dyn MailRenderer>,
    /// Delivers them.
    pub mailer: Arc<dyn Mailer>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Jitter and lease tokens.
    pub random: Arc<dyn SecureRandom>,
}

impl DeliverMail {
    /// Jobs claimed at once.
    pub const BATCH: u16 = 8;
    /// How long claimed jobs are this worker's: longer than a mailer may take over one.
    pub const LEASE: Span = Span::from_secs(60);

    /// Works off one batch and says how many jobs it had; less than [`Self::BATCH`] means that
    /// nothing more is due.
    ///
    /// # Errors
    /// See [`DeliverMailError`].
    pub async fn run(&self) -> Result<u16, DeliverMailError> {
        let now = self.clock.now();
        let lease_token = self.lease_token();
        let claim = ClaimDue {
            now,
            lease_until: now.plus(Self::LEASE),
            lease_token,
            limit: Self::BATCH,
        };
        let mut unit = self.store.begin(Scope::System).await?;
        let due = unit.outbox().claim_due(claim).await?;
        unit.commit().await?;
        let count = u16::try_from(due.len()).unwrap_or(u16::MAX);
        let mut under_way: FuturesUnordered<_> = due
            .iter()
            .map(|mail| async move { (mail, self.deliver(mail).await) })
            .collect();
        let mut written = Ok(());
        while let Some((mail, outcome)) = under_way.next().await {
            // One outcome that is lost must not cut the other deliveries short.
            written = written.and(self.write_down(mail, lease_token, outcome).await);
        }
        written?;
        Ok(count)
    }

    fn lease_token(&self) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.random.bytes_32();
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    async fn deliver(&self, mail: &QueuedMail) -> Result<(), MailerError> {
        let message = self
            .desk
            .open(mail)
            .map_err(|error| MailerError::Permanent(error.to_string()))?;
        let outgoing = self
            .renderer
            .render(mail.id, &mail.recipient, &mail.language, &message)?;
        if mail.expires_at.is_some_and(|end| end <= self.clock.now()) {
            return Err(MailerError::Permanent(EXPIRED.to_owned()));
        }
        self.mailer.deliver(&outgoing).await
    }

    async fn write_down(
        &self,
        mail: &QueuedMail,
        lease_token: i64,
        outcome: Result<(), MailerError>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut unit = self.store.begin(Scope::System).await?;
        let outbox = unit.outbox();
        let held = match outcome {
            Ok(()) => outbox.mark_sent(mail.id, lease_token, now).await?,
            Err(MailerError::Permanent(error)) if error == EXPIRED => {
                tracing::info!(mail = %mail.id, template = mail.template.as_str(),
                    "a mail expired before it could be sent");
                outbox.mark_dead(mail.id, lease_token, now, &error).await?
            }
            Err(MailerError::Permanent(error)) => {
                tracing::error!(mail = %mail.id, template = mail.template.as_str(), error,
                    "a mail is given up");
                outbox.mark_dead(mail.id, lease_token, now, &error).await?
            }
            Err(MailerError::Temporary(error)) => {
                let next =
                    RetryPlan::of(mail.lane).next(mail.attempts, self.random.below(1_001), now);
                tracing::warn!(mail = %mail.id, template = mail.template.as_str(), error,
                    attempts = mail.attempts, again = next.is_some(), "a mail was not delivered");
                match next {
                    Some(run_at) => {
                        outbox
                            .mark_retry(mail.id, lease_token, run_at, &error)
                            .await?
                    }
                    None => outbox.mark_dead(mail.id, lease_token, now, &error).await?,
                }
            }
        };
        unit.commit().await?;
        if !held {
            tracing::warn!(mail = %mail.id,
                "a mail was replaced, or its lease ran out, while it was being delivered");
        }
        Ok(())
    }
}
