//! Ends sessions that have timed out.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{Session, SessionActivity, TimedOut};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::rows;
use crate::schema::{session_activity, sessions};
use crate::sessions::{ActivityRow, SessionRow, with_activity};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` ids, `$2` their idle ends.
///
/// Rows that somebody else is changing at this moment are passed over, not waited for: so this
/// and an ending of several sessions of a person never wait for each other, and the next sweep
/// looks at them again. OFFSET 0 keeps the conditions out of the look-up, which is by id whatever
/// other index might answer them.
const MOVE_IDLE_ENDS: &str = "WITH held AS MATERIALIZED ( \
        SELECT g.id, ($2)[g.place] AS idle_end FROM kogents_given($1) AS g \
        CROSS JOIN LATERAL (SELECT s.ended_at FROM sessions AS s \
            WHERE s.id = g.id OFFSET 0 FOR UPDATE SKIP LOCKED) AS found \
        WHERE found.ended_at IS NULL) \
    UPDATE sessions AS s SET idle_expires_at = \
        greatest(s.idle_expires_at, least(held.idle_end, s.absolute_expires_at)) \
    FROM held WHERE s.id = held.id";

/// `$1` ids, `$2` when and `$3` why they ended, `$4` now. Looks up and passes over as the above.
///
/// What is judged is the row as it is when it is locked, and it stays so.
const END_TIMED_OUT: &str = "WITH held AS MATERIALIZED ( \
        SELECT g.id, ($2)[g.place] AS at, ($3)[g.place] AS reason FROM kogents_given($1) AS g \
        CROSS JOIN LATERAL (SELECT s.ended_at, s.idle_expires_at FROM sessions AS s \
            WHERE s.id = g.id OFFSET 0 FOR UPDATE SKIP LOCKED) AS found \
        WHERE found.ended_at IS NULL AND found.idle_expires_at <= $4) \
    UPDATE sessions AS s SET ended_at = held.at, end_reason = held.reason \
    FROM held WHERE s.id = held.id \
    RETURNING s.id, s.user_id, s.workspace_id, s.session_type, s.started_at, s.idle_expires_at, \
        s.absolute_expires_at, s.ended_at, s.end_reason, s.refresh_generation, s.refresh_digest, \
        s.refresh_rotated_at, s.refresh_spent";

/// Those whose idle end has passed.
pub(super) async fn list_idle(
    unit: &mut PgUnitOfWork,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<(Session, SessionActivity)>, StoreError> {
    let query = sessions::table
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::idle_expires_at.le(now.as_millis()))
        .order(sessions::idle_expires_at.asc())
        .limit(i64::from(limit))
        .select((SessionRow::as_select(), ActivityRow::as_select()));
    let rows: Vec<(SessionRow, ActivityRow)> = ask!(unit, connection => query.load(connection))?;
    rows.into_iter().map(with_activity).collect()
}

/// Moves idle ends of sessions that are open.
pub(super) async fn move_idle_ends(
    unit: &mut PgUnitOfWork,
    moved: &[(SessionId, Timestamp)],
) -> Result<(), StoreError> {
    if moved.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = moved.iter().map(|(id, _)| *id.as_uuid()).collect();
    let ends: Vec<i64> = moved.iter().map(|(_, end)| end.as_millis()).collect();
    let update = sql_query(MOVE_IDLE_ENDS)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<BigInt>, _>(ends);
    ask!(unit, connection => update.execute(connection))?;
    Ok(())
}

/// Ends those that are still open and idle.
pub(super) async fn end_timed_out(
    unit: &mut PgUnitOfWork,
    timed_out: &[TimedOut],
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    if timed_out.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = timed_out.iter().map(|s| *s.session_id.as_uuid()).collect();
    let times: Vec<i64> = timed_out.iter().map(|s| s.at.as_millis()).collect();
    let reasons: Vec<&str> = timed_out.iter().map(|s| s.reason.as_str()).collect();
    let update = sql_query(END_TIMED_OUT)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<BigInt>, _>(times)
        .bind::<Array<Text>, _>(reasons)
        .bind::<BigInt, _>(now.as_millis());
    let ended: Vec<SessionRow> = ask!(unit, connection => update.get_results(connection))?;
    rows::all(ended)
}
