//! Short forms that the cases share.

use std::sync::Arc;

use kogents_domain::ids::{SessionId, WorkspaceId};
use kogents_domain::limits::LimitRules;
use kogents_domain::session::{
    ActivityCount, Fence, SessionActivity, SessionSnapshot, Touch, Touched, Touching, Vouched,
};
use kogents_domain::time::{Span, Timestamp};

use super::{SessionCache, a_snapshot, other_permissions, request_of, vouched_for};
use crate::builders::{real_now, unique_id};

/// The adapter under test.
pub type StatesPort = Arc<dyn SessionCache>;

/// One person with one session, and the moment the case began.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) port: StatesPort,
    pub(crate) snapshot: SessionSnapshot,
    pub(crate) start: Timestamp,
}

impl Case {
    /// A session that lives for a week, in a workspace; nothing is put yet.
    pub(crate) fn new(port: &StatesPort) -> Self {
        let start = real_now();
        Self {
            port: Arc::clone(port),
            snapshot: SessionSnapshot {
                workspace_id: Some(WorkspaceId::from_uuid(unique_id())),
                ..a_snapshot(start)
            },
            start,
        }
    }

    /// The same with its snapshot put at the start.
    pub(crate) async fn known(port: &StatesPort) -> Self {
        let case = Self::new(port);
        let version = case.version(case.start).await;
        case.put(version, case.start).await;
        assert_eq!(case.touch(case.start).await, Touch::Known(case.snapshot));
        case
    }

    /// Another session of the same person, who may do other things there.
    pub(crate) fn sibling(&self) -> Self {
        let mut sibling = self.clone();
        sibling.snapshot.session_id = SessionId::from_uuid(unique_id());
        sibling.snapshot.held = other_permissions();
        sibling
    }

    /// The moment so many seconds after the case began.
    pub(crate) fn at(&self, secs: i64) -> Timestamp {
        self.start.plus(Span::from_secs(secs))
    }

    pub(crate) fn request(&self, now: Timestamp) -> Touching {
        request_of(&self.snapshot, &LimitRules::off(), now)
    }

    pub(crate) async fn send(&self, request: &Touching) -> Touched {
        self.port.touch(request).await.unwrap()
    }

    pub(crate) async fn touch(&self, now: Timestamp) -> Touch {
        self.send(&self.request(now)).await.touch
    }

    /// A request that adds nothing.
    pub(crate) async fn touch_uncounted(&self, now: Timestamp) -> Touch {
        let counted = None;
        let request = Touching {
            counted,
            ..self.request(now)
        };
        self.send(&request).await.touch
    }

    /// The version to put under; nothing may be known.
    pub(crate) async fn version(&self, now: Timestamp) -> u64 {
        match self.touch(now).await {
            Touch::Unknown { version } => version,
            other @ (Touch::Known(_) | Touch::Fenced) => panic!("not unknown: {other:?}"),
        }
    }

    pub(crate) async fn put(&self, version: u64, now: Timestamp) {
        let vouched = vouched_for(&self.snapshot, Some(version), now);
        self.port.put(&vouched).await.unwrap();
    }

    /// Puts what the database says, under a version or none.
    pub(crate) async fn vouch(
        &self,
        version: Option<u64>,
        activity: SessionActivity,
        counted: Option<ActivityCount>,
        now: Timestamp,
    ) {
        let vouched = Vouched {
            activity,
            counted,
            ..vouched_for(&self.snapshot, version, now)
        };
        self.port.put(&vouched).await.unwrap();
    }

    /// The session's counters.
    pub(crate) async fn counters(&self, now: Timestamp) -> Option<SessionActivity> {
        let sessions = [self.snapshot.session_id];
        let found = self.port.look(&sessions, now).await.unwrap();
        assert_eq!(found.len(), 1);
        found.first().copied().unwrap()
    }

    /// The sessions whose counters wait for the database.
    pub(crate) async fn waiting(&self, now: Timestamp) -> Vec<SessionId> {
        let waiting = self.port.unflushed(1_000, now).await.unwrap();
        waiting.iter().map(|one| one.session_id).collect()
    }

    pub(crate) async fn fence(&self, now: Timestamp) -> Fence {
        self.port.fence(self.snapshot.user_id, now).await.unwrap()
    }

    pub(crate) async fn lift(&self, fence: Fence, now: Timestamp) {
        let user = self.snapshot.user_id;
        self.port.lift(user, fence, now).await.unwrap();
    }
}

/// Counters of a session that was opened then, and made so many requests at once.
pub(crate) fn requests(opened_at: Timestamp, total_requests: u64) -> SessionActivity {
    SessionActivity {
        total_requests,
        ..SessionActivity::starting(opened_at)
    }
}

pub(crate) const fn is_unknown(touch: &Touch) -> bool {
    matches!(touch, Touch::Unknown { .. })
}

/// The moment just before another.
pub(crate) const fn before(moment: Timestamp) -> Timestamp {
    moment.minus(Span::from_millis(1))
}
