//! A limiter that grants what it is not told to refuse, and remembers what it was asked.

use std::sync::Mutex;

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::UserId;
use kogents_domain::limits::{Charge, LimitRule, LimitStanding, LimitSubject, RateLimiter, Taken};
use kogents_domain::time::{Span, Timestamp};

/// What was asked of a [`FakeLimiter`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedOfLimiter {
    /// To take one for each.
    Take(Vec<(LimitRule, LimitSubject)>),
    /// Whether one could be taken for each.
    Look(Vec<(LimitRule, LimitSubject)>),
    /// To give one back for each.
    GiveBack(Vec<LimitRule>),
    /// To empty these.
    Clear(Vec<LimitRule>),
    /// To empty all of this mailbox and this person.
    Forget(Digest, UserId),
}

/// A limiter without counters.
#[derive(Debug, Default)]
pub struct FakeLimiter {
    asked: Mutex<Vec<AskedOfLimiter>>,
    refused: Mutex<Option<(LimitRule, Span)>>,
    away: Mutex<bool>,
}

impl FakeLimiter {
    /// From now on this rule is used up for so long.
    pub fn refuse(&self, rule: LimitRule, wait: Span) {
        *self.refused.lock().unwrap() = Some((rule, wait));
    }

    /// From now on it gives no answer.
    pub fn go_away(&self) {
        *self.away.lock().unwrap() = true;
    }

    /// What it was asked, in order, also while it was away.
    pub fn asked(&self) -> Vec<AskedOfLimiter> {
        self.asked.lock().unwrap().clone()
    }

    fn note(&self, asked: AskedOfLimiter) -> Result<(), CacheError> {
        self.asked.lock().unwrap().push(asked);
        if *self.away.lock().unwrap() {
            Err(CacheError::Unavailable("away".to_owned()))
        } else {
            Ok(())
        }
    }

    fn judge(&self, charges: &[Charge], now: Timestamp) -> Taken {
        let refused = *self.refused.lock().unwrap();
        let refused_for = refused
            .filter(|(rule, _)| charges.iter().any(|charge| charge.rule == *rule))
            .map(|(_, wait)| wait);
        Taken {
            refused_for,
            standings: standings(charges, now),
        }
    }
}

fn standings(charges: &[Charge], now: Timestamp) -> Vec<LimitStanding> {
    let stand = |charge: &Charge| charge.standings(charge.limits.iter().map(|_| None), now);
    charges.iter().flat_map(stand).collect()
}

fn subjects(charges: &[Charge]) -> Vec<(LimitRule, LimitSubject)> {
    let subject = |charge: &Charge| (charge.rule, charge.subject);
    charges.iter().map(subject).collect()
}

fn rules(charges: &[Charge]) -> Vec<LimitRule> {
    charges.iter().map(|charge| charge.rule).collect()
}

#[async_trait]
impl RateLimiter for FakeLimiter {
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        self.note(AskedOfLimiter::Take(subjects(charges)))?;
        Ok(self.judge(charges, now))
    }

    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        self.note(AskedOfLimiter::Look(subjects(charges)))?;
        Ok(self.judge(charges, now))
    }

    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError> {
        self.note(AskedOfLimiter::GiveBack(rules(given_back)))?;
        if !cleared.is_empty() {
            self.note(AskedOfLimiter::Clear(rules(cleared)))?;
        }
        let both: Vec<Charge> = given_back.iter().chain(cleared).cloned().collect();
        Ok(standings(&both, now))
    }

    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError> {
        self.note(AskedOfLimiter::Forget(mailbox, person))
    }
}
