//! Counts what use cases do against the limits, whatever becomes of the cache.

use std::sync::Arc;

use kogents_domain::auth::EmailAddress;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digester;
use kogents_domain::limits::{
    Charge, LimitLedger, LimitRule, LimitRules, LimitSubject, RateLimiter, Taken,
};
use kogents_domain::time::{Span, Timestamp};

/// A limit refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a limit is used up")]
pub struct Limited {
    /// How long until it would not.
    pub wait: Span,
}

/// What was taken, to give it back where it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    charges: Vec<Charge>,
    /// Whether it was taken in this process, because the cache was away.
    locally: bool,
}

/// The limits, and who counts them.
///
/// When the shared counters give no answer, this process counts by itself, with half of each quota,
/// so that an outage of the cache never means that there are no limits. What it counted then is
/// forgotten when the cache is back.
pub struct RateLimits {
    /// Counts.
    pub limiter: Arc<dyn RateLimiter>,
    /// Counts in this process.
    pub local: Arc<dyn RateLimiter>,
    /// How much is allowed.
    pub rules: LimitRules,
    /// How much is allowed while this process counts by itself.
    pub local_rules: LimitRules,
    /// Makes digests of addresses, to count by.
    pub digester: Arc<dyn Digester>,
}

impl RateLimits {
    /// Whom a rule counts that counts a mail address.
    #[must_use]
    pub fn mailbox(&self, email: &EmailAddress) -> LimitSubject {
        LimitSubject::Mailbox(self.digester.address(email))
    }

    /// Takes one from every limit of these rules, or from none. What they say goes into the ledger.
    ///
    /// # Errors
    /// [`Limited`] when one of them is used up.
    pub async fn take(
        &self,
        ledger: &LimitLedger,
        charged: &[(LimitRule, LimitSubject)],
        now: Timestamp,
    ) -> Result<Held, Limited> {
        let charges = charges(&self.rules, charged);
        if charges.is_empty() {
            let locally = false;
            return Ok(Held { charges, locally });
        }
        let (taken, held) = match self.limiter.take(&charges, now).await {
            Ok(taken) => {
                let locally = false;
                (taken, Held { charges, locally })
            }
            Err(error) => {
                told(&error);
                let charges = self::charges(&self.local_rules, charged);
                let taken = self.local.take(&charges, now).await;
                let locally = true;
                (taken.unwrap_or_default(), Held { charges, locally })
            }
        };
        note(ledger, taken).map(|()| held)
    }

    /// Says what [`take`](Self::take) would, and takes nothing.
    ///
    /// # Errors
    /// [`Limited`] when one of the limits is used up.
    pub async fn look(
        &self,
        ledger: &LimitLedger,
        charged: &[(LimitRule, LimitSubject)],
        now: Timestamp,
    ) -> Result<(), Limited> {
        let charges = charges(&self.rules, charged);
        if charges.is_empty() {
            return Ok(());
        }
        let looked = match self.limiter.look(&charges, now).await {
            Ok(looked) => looked,
            Err(error) => {
                told(&error);
                let charges = self::charges(&self.local_rules, charged);
                self.local.look(&charges, now).await.unwrap_or_default()
            }
        };
        note(ledger, looked)
    }

    /// Takes one in this process alone: the cache was asked already and could not count.
    ///
    /// # Errors
    /// [`Limited`] when the limit is used up.
    pub async fn take_locally(
        &self,
        ledger: &LimitLedger,
        charged: (LimitRule, LimitSubject),
        now: Timestamp,
    ) -> Result<(), Limited> {
        let charges = charges(&self.local_rules, &[charged]);
        let taken = self.local.take(&charges, now).await;
        note(ledger, taken.unwrap_or_default())
    }

    /// Gives back what was taken; the counters of the rules in `cleared` are emptied.
    pub async fn give_back(
        &self,
        ledger: &LimitLedger,
        held: Held,
        cleared: &[LimitRule],
        now: Timestamp,
    ) {
        if held.charges.is_empty() {
            return;
        }
        let (cleared, given_back): (Vec<Charge>, Vec<Charge>) = held
            .charges
            .into_iter()
            .partition(|charge| cleared.contains(&charge.rule));
        let limiter = if held.locally {
            &self.local
        } else {
            &self.limiter
        };
        match limiter.give_back(&given_back, &cleared, now).await {
            Ok(standings) => {
                for standing in standings {
                    ledger.note(standing);
                }
            }
            Err(error) => told(&error),
        }
    }
}

fn charges(rules: &LimitRules, charged: &[(LimitRule, LimitSubject)]) -> Vec<Charge> {
    charged
        .iter()
        .map(|(rule, subject)| Charge {
            rule: *rule,
            subject: *subject,
            limits: rules.of(*rule),
        })
        .filter(|charge| !charge.limits.is_empty())
        .collect()
}

/// Writes down what the limits say.
pub(crate) fn note(ledger: &LimitLedger, taken: Taken) -> Result<(), Limited> {
    for standing in taken.standings {
        ledger.note(standing);
    }
    match taken.refused_for {
        Some(wait) => Err(Limited { wait }),
        None => Ok(()),
    }
}

fn told(error: &CacheError) {
    tracing::debug!(%error, "this process counts limits by itself");
}
