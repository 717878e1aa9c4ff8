//! What a session did since it was opened.

use crate::time::Timestamp;

/// Counters of a session. They only grow, so that writing an older total does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionActivity {
    /// Authenticated requests, of any status, but `/health*` and the activity beacon.
    pub total_requests: u64,
    /// Pages the frontend counted.
    pub pages_visited: u64,
    /// Actions: the frontend's, and successful changes through the API.
    pub actions_performed: u64,
    /// The sum of the gaps between requests that are at most 1,800 s, in milliseconds.
    pub engaged_millis: u64,
    /// Visits: one, and one more for every longer gap.
    pub visit_count: u64,
    /// When something was last heard of the session.
    pub last_activity_at: Timestamp,
}

impl SessionActivity {
    /// The counters of a session that opens now.
    #[must_use]
    pub const fn starting(now: Timestamp) -> Self {
        Self {
            total_requests: 0,
            pages_visited: 0,
            actions_performed: 0,
            engaged_millis: 0,
            visit_count: 1,
            last_activity_at: now,
        }
    }
}
