//! The port that answers, without the database, whether a session is alive.

use async_trait::async_trait;

use crate::cache::CacheError;
use crate::ids::{SessionId, UserId, WorkspaceId};
use crate::limits::{Charge, LimitRule, LimitRules, LimitSubject, Taken};
use crate::session::Session;
use crate::time::{Span, Timestamp};

/// What an authenticated request needs to know of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSnapshot {
    /// The session.
    pub session_id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its current workspace.
    pub workspace_id: Option<WorkspaceId>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl SessionSnapshot {
    /// The longest a snapshot may be believed.
    pub const MAX_AGE: Span = Span::from_secs(60);

    /// How long a fence holds when nobody lifts it.
    pub const FENCE: Span = Span::from_secs(10);

    /// The snapshot of a live session.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            session_id: session.id,
            user_id: session.user_id,
            workspace_id: session.workspace_id,
            expires_at: session.expires_at(),
        }
    }
}

/// What the cache knows of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// The session was live when the snapshot was made, and nothing has been said since.
    Known(SessionSnapshot),
    /// Nothing is known. Ask the database, then put what it says under this version.
    Unknown {
        /// The version of the person's entries; it moves with every fence.
        version: u64,
    },
    /// Somebody is about to change this person's sessions: ask the database, and put nothing.
    Fenced,
}

/// A request of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touching {
    /// Whose session.
    pub user_id: UserId,
    /// Which.
    pub session_id: SessionId,
    /// What the request counts against.
    pub charge: Charge,
    /// The present moment.
    pub now: Timestamp,
}

impl Touching {
    /// A request that counts against the session's own limit.
    #[must_use]
    pub fn new(user_id: UserId, session_id: SessionId, rules: &LimitRules, now: Timestamp) -> Self {
        Self {
            user_id,
            session_id,
            charge: Charge {
                rule: LimitRule::GeneralSession,
                subject: LimitSubject::Session(session_id),
                limits: rules.of(LimitRule::GeneralSession),
            },
            now,
        }
    }
}

/// What came of a request of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// What is known of the session.
    pub touch: Touch,
    /// What its limit says; None when there was no room to count.
    pub taken: Option<Taken>,
}

/// One fence on one person, to lift it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence(pub u64);

/// Keeps snapshots of sessions, tagged by person.
///
/// Whoever ends, suspends or demotes first *fences* the person, then commits, then lifts the
/// fence, which drops the person's snapshots and moves their version. A crash in between heals
/// itself when the fence runs out; a snapshot read before the commit cannot be put after it.
///
/// Growth: bounded by the adapter's number of persons; snapshots live
/// [`SessionSnapshot::MAX_AGE`], fences [`SessionSnapshot::FENCE`].
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionStates: Send + Sync {
    /// Asks for a session's snapshot, and counts the request against the session's limit, whatever
    /// is known of it. One round trip, one atomic step. The counters are those of the
    /// [`RateLimiter`](crate::limits::RateLimiter) beside this port.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError>;

    /// Puts a snapshot, unless the person is fenced or the version has moved.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn put(
        &self,
        snapshot: &SessionSnapshot,
        version: u64,
        now: Timestamp,
    ) -> Result<(), CacheError>;

    /// Fences a person for [`SessionSnapshot::FENCE`] from `now`: nothing cached is believed and
    /// nothing is put until every fence on the person is lifted or has run out. What was cached
    /// before is not believed again, also when nobody lifts the fence.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn fence(&self, user: UserId, now: Timestamp) -> Result<Fence, CacheError>;

    /// Drops the person's snapshots, moves their version, and lifts this one fence.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn lift(&self, user: UserId, fence: Fence, now: Timestamp) -> Result<(), CacheError>;
}
