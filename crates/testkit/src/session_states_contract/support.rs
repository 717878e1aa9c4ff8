//! Short forms that the cases share.

use std::sync::Arc;

use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::limits::LimitRules;
use kogents_domain::session::{Fence, SessionSnapshot, SessionStates, Touch, Touching};
use kogents_domain::time::{Span, Timestamp};

use crate::builders::{real_now, unique_id};

/// The adapter under test.
pub type StatesPort = Arc<dyn SessionStates>;

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
                session_id: SessionId::from_uuid(unique_id()),
                user_id: UserId::from_uuid(unique_id()),
                workspace_id: Some(WorkspaceId::from_uuid(unique_id())),
                expires_at: start.plus(Span::from_secs(604_800)),
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

    /// The moment so many seconds after the case began.
    pub(crate) fn at(&self, secs: i64) -> Timestamp {
        self.start.plus(Span::from_secs(secs))
    }

    pub(crate) async fn touch(&self, now: Timestamp) -> Touch {
        let (user, session) = (self.snapshot.user_id, self.snapshot.session_id);
        let touching = Touching::new(user, session, &LimitRules::off(), now);
        self.port.touch(&touching).await.unwrap().touch
    }

    /// The version to put under; nothing may be known.
    pub(crate) async fn version(&self, now: Timestamp) -> u64 {
        match self.touch(now).await {
            Touch::Unknown { version } => version,
            other @ (Touch::Known(_) | Touch::Fenced) => panic!("not unknown: {other:?}"),
        }
    }

    pub(crate) async fn put(&self, version: u64, now: Timestamp) {
        self.port.put(&self.snapshot, version, now).await.unwrap();
    }

    pub(crate) async fn fence(&self, now: Timestamp) -> Fence {
        self.port.fence(self.snapshot.user_id, now).await.unwrap()
    }

    pub(crate) async fn lift(&self, fence: Fence, now: Timestamp) {
        let user = self.snapshot.user_id;
        self.port.lift(user, fence, now).await.unwrap();
    }
}

pub(crate) const fn is_unknown(touch: &Touch) -> bool {
    matches!(touch, Touch::Unknown { .. })
}

/// The moment just before another.
pub(crate) const fn before(moment: Timestamp) -> Timestamp {
    moment.minus(Span::from_millis(1))
}
