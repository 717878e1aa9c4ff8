//! Reading and writing a session's counters.

use diesel::define_sql_function;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sqlite::SqliteConnection;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{Session, SessionActivity};

use super::activity::ActivityRow;
use super::row::SessionRow;
use crate::columns::{id_bytes, integer};
use crate::error::{Failure, InvalidRow};
use crate::fixed::FixedText as _;
use crate::schema::{session_activity, sessions};

define_sql_function! {
    /// The greater of two.
    #[sql_name = "max"]
    fn greater(one: BigInt, other: BigInt) -> BigInt;
}
define_sql_function! {
    /// The lesser of two.
    #[sql_name = "min"]
    fn lesser(one: BigInt, other: BigInt) -> BigInt;
}

pub(super) fn find(
    conn: &mut SqliteConnection,
    id: SessionId,
) -> Result<Option<SessionActivity>, Failure> {
    let row = session_activity::table
        .find(id_bytes(id.as_uuid()))
        .select(ActivityRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(SessionActivity::try_from).transpose()?)
}

pub(super) fn find_with_session(
    conn: &mut SqliteConnection,
    user: UserId,
    id: SessionId,
) -> Result<Option<(Session, SessionActivity)>, Failure> {
    let rows = sessions::table
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
        .filter(sessions::id.eq(id_bytes(id.as_uuid())))
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .select((SessionRow::as_select(), ActivityRow::as_select()))
        .first(conn)
        .optional()?;
    Ok(rows.map(with_activity).transpose()?)
}

/// The domain's values of two rows.
pub(crate) fn with_activity(
    (session, activity): (SessionRow, ActivityRow),
) -> Result<(Session, SessionActivity), InvalidRow> {
    Ok((session.try_into()?, activity.try_into()?))
}

/// One statement, prepared once, for every row: only one unit of work writes at a time.
pub(super) fn record(
    conn: &mut SqliteConnection,
    activities: &[(SessionId, SessionActivity)],
) -> Result<(), Failure> {
    use crate::schema::session_activity::dsl;
    for (id, activity) in activities {
        let total = |value, column| integer(value, column);
        let requests = total(activity.total_requests, "session_activity.total_requests")?;
        let pages = total(activity.pages_visited, "session_activity.pages_visited")?;
        let actions = total(
            activity.actions_performed,
            "session_activity.actions_performed",
        )?;
        let engaged = total(activity.engaged_millis, "session_activity.engaged_millis")?;
        let visits = total(activity.visit_count, "session_activity.visit_count")?;
        let heard = activity.last_activity_at.as_millis();
        diesel::update(dsl::session_activity.find(id_bytes(id.as_uuid())))
            .set((
                dsl::total_requests.eq(greater(dsl::total_requests, requests)),
                dsl::pages_visited.eq(greater(dsl::pages_visited, pages)),
                dsl::actions_performed.eq(greater(dsl::actions_performed, actions)),
                dsl::engaged_millis.eq(greater(dsl::engaged_millis, engaged)),
                dsl::visit_count.eq(greater(dsl::visit_count, visits)),
                dsl::last_activity_at.eq(greater(dsl::last_activity_at, heard)),
            ))
            .fixed()
            .execute(conn)?;
    }
    Ok(())
}
