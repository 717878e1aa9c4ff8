//! Snapshots of sessions and the fences around them, in Redis.

mod snapshot;

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_redis::redis::Value;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::UserId;
use kogents_domain::session::{
    Fence, SessionSnapshot, SessionStates, Touch, Touched, Touching, Vouched,
};
use kogents_domain::time::Timestamp;

use crate::answer::{Answer, unknown};
use crate::cache::Kept;
use crate::failure::Failure;
use crate::keys;
use crate::link::{Link, lifetime};
use crate::rate_limiter::{add_counters, read_taken};
use crate::session_counters::{add_counting, add_totals};

/// The [`SessionStates`] and [`SessionCounters`] of all instances.
///
/// [`SessionCounters`]: kogents_domain::session::SessionCounters
///
/// Whoever wants a fence and does not get one (the cache is away, or full) changes the person all
/// the same. So this process then takes the cache for away, and brings it back with a fence on
/// *everybody* until the one that failed would have run out: nothing that was read before the
/// change can be put after it.
///
/// Counters rest apart from snapshots: neither a fence, nor an outage, nor [`void_all`] drops them.
///
/// A full server counts nothing. A request that would be counted is then of an unknown session, not
/// an error: so the caller still learns when something was last heard of the session, and counts
/// the request against its limit elsewhere; what it puts afterwards is answered by
/// [`CacheError::Full`]. A request that adds nothing is told what is known.
///
/// Growth: a person's entries end [`SessionSnapshot::MAX_AGE`] after anything was last put, asked
/// for in vain, or fenced; a session's counters as their port says, after they were last counted
/// on, put or written back.
///
/// [`void_all`]: Self::void_all
#[derive(Clone)]
pub struct RedisSessionStates(Arc<Kept>);

impl RedisSessionStates {
    pub(crate) const fn new(kept: Arc<Kept>) -> Self {
        Self(kept)
    }

    pub(crate) fn link(&self) -> &Link {
        &self.0.link
    }

    /// Voids all snapshots of everybody, on every instance.
    ///
    /// # Errors
    /// [`CacheError`]; then they are voided when the cache is back.
    pub async fn void_all(&self) -> Result<(), CacheError> {
        let raised = self.link().raise_epoch(None).await;
        raised.map_err(|failure| {
            if let Failure::Away(cause) = &failure {
                self.link().trust.lose_now(cause);
            }
            failure.into()
        })
    }
}

#[async_trait]
impl SessionStates for RedisSessionStates {
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError> {
        let link = self.link();
        let (user, session, now) = (touching.user_id, touching.session_id, touching.now);
        let charges = std::slice::from_ref(&touching.charge);
        let mut step = link.scripts.touch_session.prepare_invoke();
        step.key(link.keys.person(user))
            .key(link.keys.epoch())
            .key(link.keys.distrust())
            .key(link.keys.activity(session))
            .key(link.keys.unflushed())
            .arg(now.as_millis());
        add_counting(&mut step, session, touching.counted);
        step.arg(keys::session_field(session))
            .arg(lifetime(SessionSnapshot::MAX_AGE))
            .arg(touching.session_idle.as_millis());
        add_counters(&mut step, &link.keys, charges, now);
        let mut given = link.ask::<Vec<Value>>(&step).await?;
        let (word, mut rest) = Answer::read(std::mem::take(&mut given.answer))?;
        let (what, heard_at): (String, Option<i64>) = (rest.take()?, rest.take()?);
        let touch = match word.as_str() {
            "fenced" => Touch::Fenced,
            "unknown" => Touch::Unknown {
                version: what.parse().map_err(|_| unknown("no version"))?,
            },
            "known" if !link.is_believed(&given) => {
                return Err(CacheError::Unavailable(
                    "it was lost while it answered".to_owned(),
                ));
            }
            "known" => snapshot::read(user, session, &what)
                .map(Touch::Known)
                .ok_or_else(|| unknown("a snapshot that cannot be read"))?,
            other => return Err(unknown(other)),
        };
        let heard_at = heard_at.map(Timestamp::from_millis);
        let taken = read_taken(rest, charges, now)?;
        Ok(Touched {
            touch,
            heard_at,
            taken,
        })
    }

    async fn put(&self, vouched: &Vouched) -> Result<(), CacheError> {
        let (snapshot, now) = (&vouched.snapshot, vouched.now);
        let session = snapshot.session_id;
        let until = now
            .plus(SessionSnapshot::MAX_AGE)
            .min(snapshot.absolute_expires_at);
        let version = vouched.version.filter(|_| now < until);
        let link = self.link();
        let mut step = link.scripts.put_session.prepare_invoke();
        step.key(link.keys.person(snapshot.user_id))
            .key(link.keys.activity(session))
            .key(link.keys.unflushed())
            .arg(now.as_millis());
        add_counting(&mut step, session, vouched.counted);
        add_totals(&mut step, Some(vouched.activity));
        step.arg(version.map_or_else(String::new, |version| version.to_string()))
            .arg(keys::session_field(session))
            .arg(snapshot::write(snapshot, until))
            .arg(lifetime(SessionSnapshot::MAX_AGE));
        link.run(&step).await
    }

    async fn fence(&self, user: UserId, now: Timestamp) -> Result<Fence, CacheError> {
        let link = self.link();
        let until = now.plus(SessionSnapshot::FENCE);
        let mut step = link.scripts.fence_person.prepare_invoke();
        step.key(link.keys.person(user))
            .arg(now.as_millis())
            .arg(until.as_millis())
            .arg(lifetime(SessionSnapshot::MAX_AGE));
        let fenced = link.run(&step).await;
        fenced.map(Fence).inspect_err(|_| link.distrust(until))
    }

    async fn lift(&self, user: UserId, fence: Fence, _now: Timestamp) -> Result<(), CacheError> {
        let link = self.link();
        let mut step = link.scripts.lift_fence.prepare_invoke();
        step.key(link.keys.person(user)).arg(fence.0);
        link.run(&step).await
    }
}
