//! The row of a session's counters.

use diesel::prelude::*;
use kogents_domain::session::SessionActivity;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::rows::{counter, stored_counter};
use crate::schema::session_activity;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = session_activity, check_for_backend(diesel::pg::Pg))]
pub(crate) struct ActivityRow {
    id: Uuid,
    total_requests: i64,
    pages_visited: i64,
    actions_performed: i64,
    engaged_millis: i64,
    visit_count: i64,
    last_activity_at: i64,
}

impl ActivityRow {
    /// The row of a session's counters.
    pub(super) fn of(id: Uuid, activity: &SessionActivity) -> Self {
        Self {
            id,
            total_requests: stored_counter(activity.total_requests),
            pages_visited: stored_counter(activity.pages_visited),
            actions_performed: stored_counter(activity.actions_performed),
            engaged_millis: stored_counter(activity.engaged_millis),
            visit_count: stored_counter(activity.visit_count),
            last_activity_at: activity.last_activity_at.as_millis(),
        }
    }
}

impl TryFrom<ActivityRow> for SessionActivity {
    type Error = StoreError;
    fn try_from(row: ActivityRow) -> Result<Self, StoreError> {
        Ok(Self {
            total_requests: counter(row.total_requests, "session_activity.total_requests")?,
            pages_visited: counter(row.pages_visited, "session_activity.pages_visited")?,
            actions_performed: counter(
                row.actions_performed,
                "session_activity.actions_performed",
            )?,
            engaged_millis: counter(row.engaged_millis, "session_activity.engaged_millis")?,
            visit_count: counter(row.visit_count, "session_activity.visit_count")?,
            last_activity_at: Timestamp::from_millis(row.last_activity_at),
        })
    }
}
