//! Ends sessions.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{EndReason, Session, SessionQuota};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::session_row::SessionRow;
use crate::fixed::FixedText as _;
use crate::rows::all;
use crate::schema::{session_activity, sessions};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// Ends one session.
pub(super) async fn end(
    unit: &mut PgUnitOfWork,
    id: SessionId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let update = diesel::update(sessions::table.find(*id.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed();
    let rows: Vec<SessionRow> = ask!(unit, connection => update.get_results(connection))?;
    rows.into_iter().next().map(Session::try_from).transpose()
}

/// Ends all of a person's sessions but one.
pub(super) async fn end_others(
    unit: &mut PgUnitOfWork,
    user: UserId,
    except: Option<SessionId>,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let except = except.map(|id| *id.as_uuid());
    let update = diesel::update(sessions::table)
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.nullable().is_distinct_from(except))
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed();
    oldest_first(ask!(unit, connection => update.get_results(connection))?)
}

/// Ends all of a person's sessions in a workspace.
pub(super) async fn end_in_workspace(
    unit: &mut PgUnitOfWork,
    user: UserId,
    workspace: WorkspaceId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let update = diesel::update(sessions::table)
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .filter(sessions::workspace_id.eq(*workspace.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed();
    oldest_first(ask!(unit, connection => update.get_results(connection))?)
}

/// Ends everybody's sessions in a workspace but one.
pub(super) async fn end_all_in_workspace(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    except: SessionId,
    reason: EndReason,
    at: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let update = diesel::update(sessions::table)
        .filter(sessions::workspace_id.eq(*workspace.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::id.ne(*except.as_uuid()))
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(reason.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed();
    oldest_first(ask!(unit, connection => update.get_results(connection))?)
}

/// RETURNING keeps no order; ids carry the moment they were made at.
fn oldest_first(rows: Vec<SessionRow>) -> Result<Vec<Session>, StoreError> {
    let mut sessions: Vec<Session> = all(rows)?;
    sessions.sort_unstable_by_key(|session| session.id);
    Ok(sessions)
}

/// Ends what is more than the limit, idle longest first.
pub(super) async fn end_surplus(
    unit: &mut PgUnitOfWork,
    user: UserId,
    quota: SessionQuota,
) -> Result<Vec<Session>, StoreError> {
    let SessionQuota {
        keep,
        also_keep,
        limit,
        session_idle,
        at,
    } = quota;
    // Those to keep take places, so the others get the rest of them.
    let kept = if also_keep.is_some() { 2 } else { 1 };
    let others = (i64::from(limit) - kept).max(0);
    let also_keep = also_keep.map(|id| *id.as_uuid());
    let query = sessions::table
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .filter(sessions::id.ne(*keep.as_uuid()))
        .filter(sessions::id.nullable().is_distinct_from(also_keep))
        .filter(sessions::ended_at.is_null())
        .filter(
            sessions::idle_expires_at
                .gt(at.as_millis())
                .or(session_activity::last_activity_at.gt(at.minus(session_idle).as_millis())),
        )
        .filter(sessions::absolute_expires_at.gt(at.as_millis()))
        .order((
            session_activity::last_activity_at.desc(),
            sessions::id.desc(),
        ))
        .offset(others)
        .select(sessions::id);
    let surplus: Vec<Uuid> = ask!(unit, connection => query.load(connection))?;
    if surplus.is_empty() {
        return Ok(Vec::new());
    }
    let update = diesel::update(sessions::table)
        .filter(sessions::id.eq_any(surplus))
        .filter(sessions::ended_at.is_null())
        .set((
            sessions::ended_at.eq(at.as_millis()),
            sessions::end_reason.eq(EndReason::Replaced.as_str()),
        ))
        .returning(SessionRow::as_returning())
        .fixed();
    oldest_first(ask!(unit, connection => update.get_results(connection))?)
}
