//! Short forms that the cases share.

use std::sync::Arc;

use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, Unflushed};
use kogents_domain::time::{Span, Timestamp};

use super::Instances;
use crate::builders::{real_now, unique_id};
use crate::session_states_contract::SessionCache;

/// The adapter under test.
pub type InstancesPort = Arc<dyn Instances>;

/// Two instances, and the moment the case began.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) first: Arc<dyn SessionCache>,
    pub(crate) second: Arc<dyn SessionCache>,
    pub(crate) start: Timestamp,
}

impl Case {
    pub(crate) fn new(port: &InstancesPort) -> Self {
        let [first, second] = port.both();
        Self {
            first,
            second,
            start: real_now(),
        }
    }

    /// One of them, in turn.
    pub(crate) fn instance(&self, n: i32) -> Arc<dyn SessionCache> {
        let instance = if n % 2 == 0 {
            &self.first
        } else {
            &self.second
        };
        Arc::clone(instance)
    }

    /// The moment so many seconds after the case began.
    pub(crate) fn at(&self, secs: i64) -> Timestamp {
        self.start.plus(Span::from_secs(secs))
    }

    /// Counts a request of a session that was opened when the case began.
    pub(crate) async fn request(&self, session: SessionId, now: Timestamp) {
        let base = Some(SessionActivity::starting(self.start));
        self.count(session, base, ActivityCount::REQUEST, now).await;
    }

    pub(crate) async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) {
        let counting = self.first.count(session, base, counted, now);
        counting.await.unwrap();
    }

    pub(crate) async fn look(&self, session: SessionId, now: Timestamp) -> Option<SessionActivity> {
        let found = self.second.look(&[session], now).await.unwrap();
        assert_eq!(found.len(), 1);
        found.first().copied().unwrap()
    }

    pub(crate) async fn claim(&self, limit: u32, now: Timestamp) -> Vec<Unflushed> {
        self.first.unflushed(limit, now).await.unwrap()
    }

    pub(crate) async fn settle(&self, flushed: &[Unflushed], now: Timestamp) {
        self.first.flushed(flushed, now).await.unwrap();
    }
}

/// Sessions that no other case has.
pub(crate) fn sessions<const N: usize>() -> [SessionId; N] {
    [(); N].map(|()| SessionId::from_uuid(unique_id()))
}

/// Which sessions these are.
pub(crate) fn ids(unflushed: &[Unflushed]) -> Vec<SessionId> {
    unflushed.iter().map(|one| one.session_id).collect()
}

/// The moment just before another.
pub(crate) const fn before(moment: Timestamp) -> Timestamp {
    moment.minus(Span::from_millis(1))
}
