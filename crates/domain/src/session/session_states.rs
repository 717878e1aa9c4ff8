//! The port that answers, without the database, whether a session is alive.

use async_trait::async_trait;

use crate::access::PermissionSet;
use crate::cache::CacheError;
use crate::ids::{SessionId, UserId, WorkspaceId};
use crate::limits::{Charge, Taken};
use crate::session::{ActivityCount, Session, SessionActivity};
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
    /// When it ends unless something is heard of it.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub absolute_expires_at: Timestamp,
    /// What its person may do in its current workspace.
    pub held: PermissionSet,
}

impl SessionSnapshot {
    /// The longest a snapshot may be believed.
    pub const MAX_AGE: Span = Span::from_secs(60);

    /// How long a fence holds when nobody lifts it.
    pub const FENCE: Span = Span::from_secs(10);

    /// The snapshot of a live session whose person holds these permissions in its workspace.
    #[must_use]
    pub const fn of(session: &Session, held: PermissionSet) -> Self {
        Self {
            session_id: session.id,
            user_id: session.user_id,
            workspace_id: session.workspace_id,
            idle_expires_at: session.idle_expires_at,
            absolute_expires_at: session.absolute_expires_at,
            held,
        }
    }

    /// When the session ends by itself, with what was heard of it since.
    #[must_use]
    pub fn expires_at(&self, heard_at: Timestamp, session_idle: Span) -> Timestamp {
        self.idle_expires_at
            .max(heard_at.plus(session_idle))
            .min(self.absolute_expires_at)
    }
}

/// What the cache knows of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// The session was live when the snapshot was made, nothing has been said since, and it has
    /// not timed out since. What the request adds has been counted.
    Known(SessionSnapshot),
    /// Nothing is known, and nothing has been counted. Ask the database, then put what it says
    /// under this version.
    Unknown {
        /// The version of the person's entries; it moves with every fence.
        version: u64,
    },
    /// Somebody is about to change this person's sessions: ask the database, and put what it says
    /// without a version. Nothing has been counted.
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
    /// What it adds to the session's counters; None when it neither counts nor moves anything.
    pub counted: Option<ActivityCount>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// The present moment.
    pub now: Timestamp,
}

/// What came of a request of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// What is known of the session.
    pub touch: Touch,
    /// When something was last heard of it before this request, as far as the cache knows. It may
    /// know this of a session of which it knows nothing else.
    pub heard_at: Option<Timestamp>,
    /// What its limit says; None when there was no room to count.
    pub taken: Option<Taken>,
}

/// What the database says of a live session that made a request, to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vouched {
    /// The session.
    pub snapshot: SessionSnapshot,
    /// The version under which the cache knew nothing; None where no snapshot may be kept.
    pub version: Option<u64>,
    /// The session's counters as the database has them.
    pub activity: SessionActivity,
    /// What the request adds to them; None when it neither counts nor moves anything.
    pub counted: Option<ActivityCount>,
    /// The present moment.
    pub now: Timestamp,
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
    /// Asks for a session's snapshot; counts the request against the session's limit, whatever is
    /// known of it; and adds it to the session's counters if the session is
    /// [`Known`](Touch::Known): the request whatever the limit says, pages and actions only when it
    /// grants, because who is refused tells of them again. One round trip, one atomic step. The limit's counters are those
    /// of the [`RateLimiter`](crate::limits::RateLimiter) beside this port, the session's are those
    /// of the [`SessionCounters`](super::SessionCounters).
    ///
    /// A session is known only where its counters are, and only while it has not timed out: not
    /// after its absolute end, nor after its idle one, which what was heard of it moves.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError>;

    /// Goes on counting from what the database says: of each counter the greater of the two stays,
    /// then the request is added. Puts the snapshot too, if it has a version, unless the person is
    /// fenced or the version has moved. One atomic step.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn put(&self, vouched: &Vouched) -> Result<(), CacheError>;

    /// Fences a person for [`SessionSnapshot::FENCE`] from `now`: nothing cached is believed and
    /// nothing is put until every fence on the person is lifted or has run out. What was cached
    /// before is not believed again, also when nobody lifts the fence. Counters stay.
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
