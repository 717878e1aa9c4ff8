//! Counters of sessions that know what a test tells them, and remember what they were asked.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, SessionCounters, Unflushed};
use kogents_domain::time::Timestamp;

/// What was asked of [`FakeCounters`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedOfCounters {
    /// To count an activity of a session.
    Count {
        /// The session.
        session: SessionId,
        /// What its counters go on from.
        base: Option<SessionActivity>,
        /// What to add.
        counted: ActivityCount,
        /// The moment.
        now: Timestamp,
    },
    /// For the counters of these.
    Look(Vec<SessionId>),
    /// For so many of those that wait to be flushed.
    Unflushed(u32),
    /// To take these for flushed.
    Flushed(Vec<Unflushed>),
    /// How many wait to be flushed.
    Waiting,
}

/// Counters that count nothing.
#[derive(Debug, Default)]
pub struct FakeCounters {
    asked: Mutex<Vec<AskedOfCounters>>,
    known: Mutex<BTreeMap<SessionId, SessionActivity>>,
    waiting: Mutex<Vec<Unflushed>>,
    away: Mutex<bool>,
}

impl FakeCounters {
    /// From now on they know these of a session.
    pub fn know(&self, session: SessionId, activity: SessionActivity) {
        self.known.lock().unwrap().insert(session, activity);
    }

    /// From now on these wait to be flushed too, after those that wait already.
    pub fn wait(&self, unflushed: impl IntoIterator<Item = Unflushed>) {
        self.waiting.lock().unwrap().extend(unflushed);
    }

    /// From now on they give no answer.
    pub fn go_away(&self) {
        *self.away.lock().unwrap() = true;
    }

    /// What they were asked, in order, also while they were away.
    pub fn asked(&self) -> Vec<AskedOfCounters> {
        self.asked.lock().unwrap().clone()
    }

    /// What they were asked to count, in order, also while they were away.
    pub fn counted(&self) -> Vec<AskedOfCounters> {
        let mut asked = self.asked();
        asked.retain(|asked| matches!(asked, AskedOfCounters::Count { .. }));
        asked
    }

    fn note(&self, asked: AskedOfCounters) -> Result<(), CacheError> {
        self.asked.lock().unwrap().push(asked);
        if *self.away.lock().unwrap() {
            Err(CacheError::Unavailable("away".to_owned()))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl SessionCounters for FakeCounters {
    async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        self.note(AskedOfCounters::Count {
            session,
            base,
            counted,
            now,
        })
    }

    async fn look(
        &self,
        sessions: &[SessionId],
        _now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError> {
        self.note(AskedOfCounters::Look(sessions.to_vec()))?;
        let known = self.known.lock().unwrap();
        Ok(sessions.iter().map(|id| known.get(id).copied()).collect())
    }

    async fn unflushed(&self, limit: u32, _now: Timestamp) -> Result<Vec<Unflushed>, CacheError> {
        self.note(AskedOfCounters::Unflushed(limit))?;
        let mut waiting = self.waiting.lock().unwrap();
        let count = usize::try_from(limit).unwrap().min(waiting.len());
        Ok(waiting.drain(..count).collect())
    }

    async fn flushed(&self, flushed: &[Unflushed], _now: Timestamp) -> Result<(), CacheError> {
        self.note(AskedOfCounters::Flushed(flushed.to_vec()))
    }

    async fn waiting(&self) -> Result<u64, CacheError> {
        self.note(AskedOfCounters::Waiting)?;
        let waiting = self.waiting.lock().unwrap();
        Ok(u64::try_from(waiting.len()).unwrap())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builders::{START, unique_id};

    #[tokio::test]
    async fn they_know_what_they_were_told_and_give_each_of_those_that_wait_once() {
        let counters = FakeCounters::default();
        let [one, other] = [(); 2].map(|()| SessionId::from_uuid(unique_id()));
        let activity = SessionActivity::starting(START);
        counters.know(one, activity);
        let looked = counters.look(&[other, one], START).await;
        assert_eq!(looked, Ok(vec![None, Some(activity)]));

        let waiting = [one, other].map(|session_id| Unflushed {
            session_id,
            activity,
            revision: 1,
        });
        counters.wait(waiting);
        assert_eq!(counters.unflushed(1, START).await, Ok(vec![waiting[0]]));
        assert_eq!(counters.unflushed(9, START).await, Ok(vec![waiting[1]]));
        assert_eq!(counters.unflushed(9, START).await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn what_they_are_asked_while_away_is_remembered_too() {
        let counters = FakeCounters::default();
        counters.go_away();
        let session = SessionId::from_uuid(unique_id());
        let counted = ActivityCount::ACTION;
        let answer = counters.count(session, None, counted, START).await;
        assert!(answer.is_err());
        assert!(counters.look(&[session], START).await.is_err());
        assert!(counters.flushed(&[], START).await.is_err());
        let count = AskedOfCounters::Count {
            session,
            base: None,
            counted,
            now: START,
        };
        let look = AskedOfCounters::Look(vec![session]);
        let flushed = AskedOfCounters::Flushed(Vec::new());
        assert_eq!(counters.counted(), std::slice::from_ref(&count));
        assert_eq!(counters.asked(), [count, look, flushed]);
    }
}
