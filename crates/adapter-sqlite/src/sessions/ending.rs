//! Ending sessions.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{EndReason, Session, SessionQuota};
use kogents_domain::time::Timestamp;

use super::row::SessionRow;
use crate::columns::id_bytes;
use crate::error::Failure;
use crate::fixed::FixedText as _;
use crate::schema::sessions;

/// Everything live but the kept one and the most recently active beside it, up to the limit.
///
/// `?1` person, `?2` now, `?3` the session to keep, `?4` limit, `?5` reason,
/// `?6` the moment since which something was heard of a session that is not idle, `?7` the other
/// session to keep, or the same.
const END_SURPLUS: &str = "UPDATE sessions SET ended_at = ?2, end_reason = ?5 \
    WHERE id IN (SELECT live.id FROM sessions AS live \
        JOIN session_activity AS activity ON activity.id = live.id \
        WHERE live.user_id = ?1 AND live.ended_at IS NULL \
        AND (live.idle_expires_at > ?2 OR activity.last_activity_at > ?6) \
        AND live.absolute_expires_at > ?2 \
        ORDER BY live.id IN (?3, ?7) DESC, activity.last_activity_at DESC, live.id DESC \
        LIMIT -1 OFFSET ?4) \
    RETURNING *";

pub(super) fn end(
    conn: &mut SqliteConnection,
    id: SessionId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Option<Session>, Failure> {
    let open = sessions::table
        .find(id_bytes(id.as_uuid()))
        .filter(sessions::ended_at.is_null());
    let row = diesel::update(open)
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed()
        .get_result(conn)
        .optional()?;
    Ok(row.map(Session::try_from).transpose()?)
}

pub(super) fn end_others(
    conn: &mut SqliteConnection,
    user: UserId,
    except: Option<SessionId>,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<Session>, Failure> {
    let others = sessions::table
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .filter(sessions::ended_at.is_null())
        // No id is empty: without an exception this keeps nothing.
        .filter(sessions::id.ne(except.map_or_else(Vec::new, |id| id_bytes(id.as_uuid()))));
    let rows: Vec<SessionRow> = diesel::update(others)
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed()
        .get_results(conn)?;
    oldest_first(rows)
}

pub(super) fn end_in_workspace(
    conn: &mut SqliteConnection,
    user: UserId,
    workspace: WorkspaceId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<Session>, Failure> {
    let there = sessions::table
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .filter(sessions::workspace_id.eq(id_bytes(workspace.as_uuid())))
        .filter(sessions::ended_at.is_null());
    let rows: Vec<SessionRow> = diesel::update(there)
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed()
        .get_results(conn)?;
    oldest_first(rows)
}

pub(super) fn end_all_in_workspace(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
    except: SessionId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<Session>, Failure> {
    let others = sessions::table
        .filter(sessions::workspace_id.eq(id_bytes(workspace.as_uuid())))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(id_bytes(except.as_uuid())));
    let rows: Vec<SessionRow> = diesel::update(others)
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed()
        .get_results(conn)?;
    oldest_first(rows)
}

pub(super) fn end_surplus(
    conn: &mut SqliteConnection,
    user: UserId,
    quota: SessionQuota,
) -> Result<Vec<Session>, Failure> {
    let SessionQuota {
        keep,
        also_keep,
        limit,
        session_idle,
        at,
    } = quota;
    let rows: Vec<SessionRow> = sql_query(END_SURPLUS)
        .bind::<Binary, _>(id_bytes(user.as_uuid()))
        .bind::<BigInt, _>(at.as_millis())
        .bind::<Binary, _>(id_bytes(keep.as_uuid()))
        // Those to keep stay, whatever the limit.
        .bind::<BigInt, _>(i64::from(limit.max(if also_keep.is_some() { 2 } else { 1 })))
        .bind::<Text, _>(EndReason::Replaced.as_str())
        .bind::<BigInt, _>(at.minus(session_idle).as_millis())
        .bind::<Binary, _>(id_bytes(also_keep.unwrap_or(keep).as_uuid())).fixed()
        .load(conn)?;
    oldest_first(rows)
}

/// RETURNING gives rows in no particular order; ids carry the moment they were made at.
fn oldest_first(rows: Vec<SessionRow>) -> Result<Vec<Session>, Failure> {
    let mut sessions = Vec::with_capacity(rows.len());
    for row in rows {
        sessions.push(Session::try_from(row)?);
    }
    sessions.sort_unstable_by_key(|session| session.id);
    Ok(sessions)
}
