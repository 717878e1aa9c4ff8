//! Ending sessions that have timed out.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{Session, SessionActivity, TimedOut};
use kogents_domain::time::Timestamp;

use crate::columns::id_bytes;
use crate::error::Failure;
use crate::schema::{session_activity, sessions};
use crate::sessions::{ActivityRow, SessionRow, greater, lesser, with_activity};

pub(super) fn list_idle(
    conn: &mut SqliteConnection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<(Session, SessionActivity)>, Failure> {
    let rows: Vec<(SessionRow, ActivityRow)> = sessions::table
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::idle_expires_at.le(now.as_millis()))
        .order(sessions::idle_expires_at.asc())
        .limit(i64::from(limit))
        .select((SessionRow::as_select(), ActivityRow::as_select()))
        .load(conn)?;
    let mut idle = Vec::with_capacity(rows.len());
    for row in rows {
        idle.push(with_activity(row)?);
    }
    Ok(idle)
}

pub(super) fn move_idle_ends(
    conn: &mut SqliteConnection,
    moved: &[(SessionId, Timestamp)],
) -> Result<(), Failure> {
    for (id, end) in moved {
        diesel::update(sessions::table.find(id_bytes(id.as_uuid())))
            .filter(sessions::ended_at.is_null())
            .set(sessions::idle_expires_at.eq(greater(
                sessions::idle_expires_at,
                lesser(end.as_millis(), sessions::absolute_expires_at),
            )))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn end_timed_out(
    conn: &mut SqliteConnection,
    timed_out: &[TimedOut],
    now: Timestamp,
) -> Result<Vec<Session>, Failure> {
    let mut ended = Vec::new();
    for session in timed_out {
        let row = diesel::update(sessions::table.find(id_bytes(session.session_id.as_uuid())))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::idle_expires_at.le(now.as_millis()))
            .set((
                sessions::ended_at.eq(session.at.as_millis()),
                sessions::end_reason.eq(session.reason.as_str()),
            ))
            .returning(SessionRow::as_returning())
            .get_result(conn)
            .optional()?;
        ended.extend(row.map(Session::try_from).transpose()?);
    }
    Ok(ended)
}
