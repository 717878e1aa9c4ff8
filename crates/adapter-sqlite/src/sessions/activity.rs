//! The row of a session's counters.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::ids::SessionId;
use kogents_domain::session::SessionActivity;
use kogents_domain::time::Timestamp;

use crate::columns::{id_bytes, integer, number};
use crate::error::InvalidRow;
use crate::schema::session_activity;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = session_activity, check_for_backend(Sqlite))]
pub(crate) struct ActivityRow {
    id: Vec<u8>,
    total_requests: i64,
    pages_visited: i64,
    actions_performed: i64,
    engaged_millis: i64,
    visit_count: i64,
    last_activity_at: i64,
}

impl ActivityRow {
    pub(super) fn of(id: SessionId, activity: &SessionActivity) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: id_bytes(id.as_uuid()),
            total_requests: integer(activity.total_requests, "session_activity.total_requests")?,
            pages_visited: integer(activity.pages_visited, "session_activity.pages_visited")?,
            actions_performed: integer(
                activity.actions_performed,
                "session_activity.actions_performed",
            )?,
            engaged_millis: integer(activity.engaged_millis, "session_activity.engaged_millis")?,
            visit_count: integer(activity.visit_count, "session_activity.visit_count")?,
            last_activity_at: activity.last_activity_at.as_millis(),
        })
    }
}

impl TryFrom<ActivityRow> for SessionActivity {
    type Error = InvalidRow;

    fn try_from(row: ActivityRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            total_requests: number(row.total_requests, "session_activity.total_requests")?,
            pages_visited: number(row.pages_visited, "session_activity.pages_visited")?,
            actions_performed: number(row.actions_performed, "session_activity.actions_performed")?,
            engaged_millis: number(row.engaged_millis, "session_activity.engaged_millis")?,
            visit_count: number(row.visit_count, "session_activity.visit_count")?,
            last_activity_at: Timestamp::from_millis(row.last_activity_at),
        })
    }
}
