//! What a session did since it was opened.

use crate::time::{Span, Timestamp};

/// Counters of a session. They only grow, so that of two readings the greater of each is the later
/// one, and writing an older total does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionActivity {
    /// Authenticated requests, of any status, but `/health*` and the activity beacon.
    pub total_requests: u64,
    /// Pages the frontend counted.
    pub pages_visited: u64,
    /// Actions: the frontend's, and successful changes through the API.
    pub actions_performed: u64,
    /// The sum of the gaps between activities that are at most
    /// [`VISIT_GAP`](SessionActivity::VISIT_GAP), in milliseconds.
    pub engaged_millis: u64,
    /// Visits: one, and one more for every longer gap.
    pub visit_count: u64,
    /// When something was last heard of the session.
    pub last_activity_at: Timestamp,
}

/// What one activity adds to the counters. An activity that adds nothing still moves the last
/// activity and with it the engaged time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ActivityCount {
    /// Requests.
    pub requests: u32,
    /// Pages.
    pub pages: u32,
    /// Actions.
    pub actions: u32,
}

impl ActivityCount {
    /// Something was heard of the session, and nothing is to be added: a refresh.
    pub const NOTHING: Self = Self {
        requests: 0,
        pages: 0,
        actions: 0,
    };

    /// One authenticated request.
    pub const REQUEST: Self = Self {
        requests: 1,
        ..Self::NOTHING
    };

    /// The same without pages and actions.
    #[must_use]
    pub const fn requests_alone(self) -> Self {
        Self {
            requests: self.requests,
            ..Self::NOTHING
        }
    }

    /// One successful change through the API, beside its request.
    pub const ACTION: Self = Self {
        actions: 1,
        ..Self::NOTHING
    };
}

impl SessionActivity {
    /// A longer gap between two activities ends a visit: half an hour, as in web analytics.
    pub const VISIT_GAP: Span = Span::from_secs(1_800);

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

    /// Counts an activity. One that is told of late, after a later one, moves no time.
    pub fn count(&mut self, counted: ActivityCount, now: Timestamp) {
        let gap = now.since(self.last_activity_at);
        if now > self.last_activity_at {
            if gap <= Self::VISIT_GAP {
                let millis = u64::try_from(gap.as_millis()).unwrap_or(0);
                self.engaged_millis = self.engaged_millis.saturating_add(millis);
            } else {
                self.visit_count = self.visit_count.saturating_add(1);
            }
            self.last_activity_at = now;
        }
        let add = |total: &mut u64, count: u32| *total = total.saturating_add(u64::from(count));
        add(&mut self.total_requests, counted.requests);
        add(&mut self.pages_visited, counted.pages);
        add(&mut self.actions_performed, counted.actions);
    }

    /// The later of two readings of the same counters: of each the greater.
    #[must_use]
    pub fn latest(self, other: Self) -> Self {
        Self {
            total_requests: self.total_requests.max(other.total_requests),
            pages_visited: self.pages_visited.max(other.pages_visited),
            actions_performed: self.actions_performed.max(other.actions_performed),
            engaged_millis: self.engaged_millis.max(other.engaged_millis),
            visit_count: self.visit_count.max(other.visit_count),
            last_activity_at: self.last_activity_at.max(other.last_activity_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_767_225_600_000);

    fn after(secs: i64) -> Timestamp {
        START.plus(Span::from_secs(secs))
    }

    #[test]
    fn gaps_of_half_an_hour_are_engaged_time_and_longer_ones_are_visits() {
        let mut activity = SessionActivity::starting(START);
        activity.count(ActivityCount::REQUEST, after(1_800));
        assert_eq!(
            (activity.engaged_millis, activity.visit_count),
            (1_800_000, 1)
        );
        let next = after(3_600).plus(Span::from_millis(1));
        activity.count(ActivityCount::REQUEST, next);
        assert_eq!(
            (activity.engaged_millis, activity.visit_count),
            (1_800_000, 2)
        );
        activity.count(ActivityCount::NOTHING, next.plus(Span::from_millis(5)));
        assert_eq!(
            (activity.engaged_millis, activity.visit_count),
            (1_800_005, 2)
        );
        assert_eq!(activity.total_requests, 2);
    }

    #[test]
    fn what_is_told_late_is_counted_and_moves_no_time() {
        let mut activity = SessionActivity::starting(START);
        activity.count(ActivityCount::REQUEST, after(60));
        let late = ActivityCount {
            requests: 0,
            pages: 3,
            actions: 2,
        };
        activity.count(late, after(10));
        let expected = SessionActivity {
            total_requests: 1,
            pages_visited: 3,
            actions_performed: 2,
            engaged_millis: 60_000,
            visit_count: 1,
            last_activity_at: after(60),
        };
        assert_eq!(activity, expected);
    }

    #[test]
    fn of_two_readings_the_greater_counts() {
        let mut early = SessionActivity::starting(START);
        early.count(ActivityCount::REQUEST, after(1));
        let mut later = early;
        later.count(ActivityCount::ACTION, after(2));
        assert_eq!(early.latest(later), later);
        assert_eq!(later.latest(early), later);
    }
}
