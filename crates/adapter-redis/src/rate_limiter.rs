//! The counters of rate limits, in Redis.

mod counters;

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_redis::redis::Script;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::UserId;
use kogents_domain::limits::{Charge, LimitStanding, RateLimiter, Taken};
use kogents_domain::time::Timestamp;

use crate::answer::{Answer, unknown};
use crate::cache::Kept;
use crate::keys::hex;
use crate::link::Link;

pub(crate) use counters::{add_counters, read_taken};

/// The [`RateLimiter`] of all instances.
///
/// Growth: every counter has an end. A full server answers [`CacheError::Full`].
#[derive(Clone)]
pub struct RedisRateLimiter(Arc<Kept>);

impl RedisRateLimiter {
    pub(crate) const fn new(kept: Arc<Kept>) -> Self {
        Self(kept)
    }

    fn link(&self) -> &Link {
        &self.0.link
    }

    async fn ask(
        &self,
        script: &Script,
        charges: &[Charge],
        now: Timestamp,
    ) -> Result<Taken, CacheError> {
        let mut step = script.prepare_invoke();
        add_counters(&mut step, &self.link().keys, charges, now);
        let answer = Answer::new(self.link().run(&step).await?);
        read_taken(answer, charges, now)?.ok_or_else(|| unknown("nothing was counted"))
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        self.ask(&self.link().scripts.take_limits, charges, now)
            .await
    }

    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        self.ask(&self.link().scripts.look_at_limits, charges, now)
            .await
    }

    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError> {
        let link = self.link();
        let mut step = link.scripts.give_limits_back.prepare_invoke();
        counters::add_moment(&mut step, now);
        for charge in given_back {
            for (at, limit) in charge.limits.iter().enumerate() {
                step.key(link.keys.counter(charge, at))
                    .arg(limit.interval_micros());
            }
        }
        for charge in cleared {
            for at in 0..charge.limits.len() {
                step.key(link.keys.counter(charge, at)).arg("");
            }
        }
        let answer = link.run::<Vec<String>>(&step).await?;
        let both: Vec<Charge> = given_back.iter().chain(cleared).cloned().collect();
        Ok(counters::standings(&both, &counters::levels(&answer)?, now))
    }

    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError> {
        let link = self.link();
        for subject in [hex(&mailbox), person.to_string()] {
            link.remove_named(&link.keys.counters_of(&subject)).await?;
        }
        Ok(())
    }
}
