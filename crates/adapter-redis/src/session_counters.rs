//! What sessions do between two writes to the database, in Redis.

mod totals;

use async_trait::async_trait;
use deadpool_redis::redis::{self, Value};
use kogents_domain::cache::CacheError;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, SessionCounters, Unflushed};
use kogents_domain::time::Timestamp;

use crate::link::{SLACK, lifetime};
use crate::session_states::RedisSessionStates;

pub(crate) use totals::{add_counting, add_totals};

#[async_trait]
impl SessionCounters for RedisSessionStates {
    async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        let link = self.link();
        let mut step = link.scripts.count_activity.prepare_invoke();
        step.key(link.keys.activity(session))
            .key(link.keys.unflushed())
            .arg(now.as_millis());
        add_counting(&mut step, session, Some(counted));
        add_totals(&mut step, base);
        link.run(&step).await
    }

    async fn look(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError> {
        if sessions.is_empty() {
            return Ok(Vec::new());
        }
        let link = self.link();
        let mut step = link.scripts.look_at_activities.prepare_invoke();
        for session in sessions {
            step.key(link.keys.activity(*session));
        }
        step.arg(now.as_millis());
        let found: Vec<Option<Vec<Value>>> = link.run(&step).await?;
        let read = |values: Option<Vec<Value>>| values.map(totals::read).transpose();
        found.into_iter().map(read).collect()
    }

    async fn unflushed(&self, limit: u32, now: Timestamp) -> Result<Vec<Unflushed>, CacheError> {
        let link = self.link();
        let mut step = link.scripts.claim_unflushed.prepare_invoke();
        step.key(link.keys.unflushed())
            .arg(now.as_millis())
            .arg(limit)
            .arg(now.plus(Unflushed::CLAIM).as_millis())
            .arg(lifetime(Unflushed::KEEP_UNFLUSHED))
            .arg(link.keys.activities());
        let given: Vec<Vec<Value>> = link.run(&step).await?;
        given.into_iter().map(totals::read_unflushed).collect()
    }

    async fn flushed(&self, flushed: &[Unflushed], now: Timestamp) -> Result<(), CacheError> {
        if flushed.is_empty() {
            return Ok(());
        }
        let link = self.link();
        let mut step = link.scripts.settle_flushed.prepare_invoke();
        step.key(link.keys.unflushed())
            .arg(now.as_millis())
            .arg(lifetime(Unflushed::KEEP_UNFLUSHED))
            .arg(Unflushed::KEEP_FLUSHED.as_millis())
            .arg(SLACK.as_millis());
        for one in flushed {
            step.key(link.keys.activity(one.session_id))
                .arg(one.session_id.to_string())
                .arg(one.revision);
        }
        link.run(&step).await
    }

    async fn waiting(&self) -> Result<u64, CacheError> {
        let link = self.link();
        let mut command = redis::cmd("ZCARD");
        command.arg(link.keys.unflushed());
        link.command(&command).await
    }
}
