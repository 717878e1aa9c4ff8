//! A session's counters: read alone or beside the session's own row, written in batches.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{Session, SessionActivity};
use kogents_domain::store::StoreError;
use uuid::Uuid;

use super::activity_row::ActivityRow;
use super::session_row::SessionRow;
use crate::rows::stored_counter;
use crate::schema::{session_activity, sessions};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` ids, and in their order the totals, a column each.
const RECORD: &str = "UPDATE session_activity AS a SET \
    total_requests = greatest(a.total_requests, ($2)[g.place]), \
    pages_visited = greatest(a.pages_visited, ($3)[g.place]), \
    actions_performed = greatest(a.actions_performed, ($4)[g.place]), \
    engaged_millis = greatest(a.engaged_millis, ($5)[g.place]), \
    visit_count = greatest(a.visit_count, ($6)[g.place]), \
    last_activity_at = greatest(a.last_activity_at, ($7)[g.place]) \
    FROM kogents_given($1) AS g WHERE a.id = g.id";

/// The counters of one session.
pub(super) async fn find(
    unit: &mut PgUnitOfWork,
    id: SessionId,
) -> Result<Option<SessionActivity>, StoreError> {
    let query = session_activity::table
        .find(*id.as_uuid())
        .select(ActivityRow::as_select());
    let rows = ask!(unit, connection => query.load(connection))?;
    rows.into_iter()
        .next()
        .map(SessionActivity::try_from)
        .transpose()
}

/// One session's own row with its counters.
pub(super) async fn find_with_session(
    unit: &mut PgUnitOfWork,
    user: UserId,
    id: SessionId,
) -> Result<Option<(Session, SessionActivity)>, StoreError> {
    let query = sessions::table
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
        .filter(sessions::id.eq(*id.as_uuid()))
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .select((SessionRow::as_select(), ActivityRow::as_select()));
    let rows: Vec<(SessionRow, ActivityRow)> = ask!(unit, connection => query.load(connection))?;
    rows.into_iter().next().map(with_activity).transpose()
}

/// The domain's values of two rows.
pub(crate) fn with_activity(
    (session, activity): (SessionRow, ActivityRow),
) -> Result<(Session, SessionActivity), StoreError> {
    Ok((session.try_into()?, activity.try_into()?))
}

/// See [`SessionRepository::record_activity`](kogents_domain::session::SessionRepository).
///
/// Rows are looked up, and so locked, in the order of their ids: two that write the same rows at
/// once follow each other.
pub(super) async fn record(
    unit: &mut PgUnitOfWork,
    activities: &[(SessionId, SessionActivity)],
) -> Result<(), StoreError> {
    let totals = latest(activities);
    if totals.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&SessionActivity) -> i64| totals.values().map(of).collect::<Vec<i64>>();
    let update = sql_query(RECORD)
        .bind::<Array<SqlUuid>, _>(totals.keys().copied().collect::<Vec<Uuid>>())
        .bind::<Array<BigInt>, _>(column(|of| stored_counter(of.total_requests)))
        .bind::<Array<BigInt>, _>(column(|of| stored_counter(of.pages_visited)))
        .bind::<Array<BigInt>, _>(column(|of| stored_counter(of.actions_performed)))
        .bind::<Array<BigInt>, _>(column(|of| stored_counter(of.engaged_millis)))
        .bind::<Array<BigInt>, _>(column(|of| stored_counter(of.visit_count)))
        .bind::<Array<BigInt>, _>(column(|of| of.last_activity_at.as_millis()));
    ask!(unit, connection => update.execute(connection))?;
    Ok(())
}

/// One reading per session, in the order of their ids: a statement changes a row once only.
fn latest(activities: &[(SessionId, SessionActivity)]) -> BTreeMap<Uuid, SessionActivity> {
    let mut totals = BTreeMap::new();
    for (id, activity) in activities {
        totals
            .entry(*id.as_uuid())
            .and_modify(|known: &mut SessionActivity| *known = known.latest(*activity))
            .or_insert(*activity);
    }
    totals
}
