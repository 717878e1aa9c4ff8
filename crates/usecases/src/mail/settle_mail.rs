//! Writes down what came of a mail that was taken from the queue.

use std::sync::Arc;

use kogents_domain::mail::{DeliveryObserver, DeliveryOutcome, MailerError, QueuedMail, RetryPlan};
use kogents_domain::random::SecureRandom;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::lane_rests::{LaneRests, Sign};
use super::{ClaimedMail, DeliverMailError};

/// What came of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It came to an end.
    Ended(Result<(), DeliverMailError>),
    /// It was broken off by this worker's end; nobody knows whether a server took it.
    BrokenOff,
}

/// Why nothing was written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettleMailError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down what came of a mail, and hears what that tells of the server.
pub struct SettleMail {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The lanes that rest.
    pub rests: Arc<LaneRests>,
    /// Hears how it went.
    pub observer: Arc<dyn DeliveryObserver>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Jitter.
    pub random: Arc<dyn SecureRandom>,
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    outcome: DeliveryOutcome,
    /// When it is tried again, where it is.
    run_at: Timestamp,
    error: String,
}

impl SettleMail {
    /// Decides what becomes of the mail, once; [`run`](Self::run) writes it down and may be
    /// repeated.
    #[must_use]
    pub fn decide(&self, claimed: &ClaimedMail, delivery: Delivery) -> Settlement {
        let now = self.clock.now();
        let mail = &claimed.mail;
        let settlement = match delivery {
            Delivery::BrokenOff => Settlement {
                outcome: DeliveryOutcome::Postponed,
                run_at: now,
                error: "the server that had it was stopped".to_owned(),
            },
            Delivery::Ended(Ok(())) => {
                self.rests.heard(mail.lane, Sign::Works, now);
                Settlement {
                    outcome: DeliveryOutcome::Sent,
                    run_at: now,
                    error: String::new(),
                }
            }
            Delivery::Ended(Err(error)) => self.failed(mail, &error, now),
        };
        let since_queued = now.since(mail.created_at);
        self.observer
            .tried(mail.lane, settlement.outcome, since_queued);
        settlement
    }

    fn failed(&self, mail: &QueuedMail, error: &DeliverMailError, now: Timestamp) -> Settlement {
        let (outcome, run_at) = match error {
            DeliverMailError::Mailer(MailerError::TooLate) => {
                self.rests.untried(mail.lane, now);
                (DeliveryOutcome::Expired, now)
            }
            DeliverMailError::BrokeOff | DeliverMailError::Unreadable(_) => {
                self.rests.untried(mail.lane, now);
                (DeliveryOutcome::Dead, now)
            }
            DeliverMailError::Mailer(MailerError::Permanent(_)) => {
                self.rests.heard(mail.lane, Sign::Works, now);
                (DeliveryOutcome::Dead, now)
            }
            DeliverMailError::Mailer(MailerError::Temporary(_)) => {
                self.rests.heard(mail.lane, Sign::PutsOff, now);
                let jitter = self.random.below(1_001);
                match RetryPlan::of(mail.lane).next(mail.attempts, jitter, now) {
                    Some(run_at) => (DeliveryOutcome::Retried, run_at),
                    None => (DeliveryOutcome::Dead, now),
                }
            }
            DeliverMailError::Mailer(MailerError::Unavailable(_)) => {
                let rest = self.rests.heard(mail.lane, Sign::TakesNothing, now);
                if mail.created_at.plus(RetryPlan::PATIENCE) <= now {
                    (DeliveryOutcome::Dead, now)
                } else {
                    (DeliveryOutcome::Postponed, rest.unwrap_or(now))
                }
            }
        };
        let (id, template, attempts) = (mail.id, mail.template.as_str(), mail.attempts);
        match outcome {
            DeliveryOutcome::Dead => {
                tracing::error!(mail = %id, template, attempts, %error, "a mail is given up");
            }
            DeliveryOutcome::Expired => {
                tracing::info!(mail = %id, template, attempts, "a mail expired before it was sent");
            }
            DeliveryOutcome::Sent | DeliveryOutcome::Retried | DeliveryOutcome::Postponed => {
                tracing::warn!(mail = %id, template, attempts, %error, "a mail was not delivered");
            }
        }
        Settlement {
            outcome,
            run_at,
            error: error.to_string(),
        }
    }

    /// Writes it down. A lease that was lost meanwhile is somebody else's, and nothing is written.
    ///
    /// # Errors
    /// See [`SettleMailError`].
    pub async fn run(
        &self,
        claimed: &ClaimedMail,
        settlement: &Settlement,
    ) -> Result<(), SettleMailError> {
        let now = self.clock.now();
        let (id, token) = (claimed.mail.id, claimed.lease_token);
        let Settlement { run_at, error, .. } = settlement;
        let mut unit = self.store.begin(Scope::System).await?;
        let outbox = unit.outbox();
        let held = match settlement.outcome {
            DeliveryOutcome::Sent => outbox.mark_sent(id, token, now).await?,
            DeliveryOutcome::Retried => outbox.mark_retry(id, token, *run_at, error).await?,
            DeliveryOutcome::Postponed => outbox.give_back(id, token, *run_at, error).await?,
            DeliveryOutcome::Dead | DeliveryOutcome::Expired => {
                outbox.mark_dead(id, token, now, error).await?
            }
        };
        unit.commit().await?;
        if !held {
            tracing::warn!(mail = %id,
                "a mail was replaced, or its lease ran out, while it was being delivered");
        }
        Ok(())
    }
}
