//! Lists a person's sessions.

use std::cmp::Reverse;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{MAX_OPEN, SessionRecord};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::record_rows::{RecordRows, record, records};
use crate::rows;
use crate::schema::sessions;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// How many have neither ended nor reached their absolute end.
pub(super) async fn count_open(
    unit: &mut PgUnitOfWork,
    user: UserId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let query = sessions::table
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::absolute_expires_at.gt(now.as_millis()))
        .count();
    let count = ask!(unit, connection => query.first::<i64>(connection))?;
    rows::counter(count, "count of sessions")
}

/// Those that have neither ended nor reached their absolute end.
pub(super) async fn list_open(
    unit: &mut PgUnitOfWork,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionRecord>, StoreError> {
    let query = records()
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::absolute_expires_at.gt(now.as_millis()))
        // Not by id alone: the index of a person's open sessions is to be read, not that of all.
        .order((sessions::started_at.desc(), sessions::id.desc()))
        .limit(i64::from(MAX_OPEN))
        .select(RecordRows::as_select());
    let rows = ask!(unit, connection => query.load(connection))?;
    rows.into_iter().map(record).collect()
}

/// One page of all.
///
/// The ids of the page first, and then the three rows of each, in no order: asked for an order
/// that all three tables have, the planner would rather read one of them from its end until it
/// has met enough of the person's.
pub(super) async fn list_all(
    unit: &mut PgUnitOfWork,
    user: UserId,
    limit: PageLimit,
    after: Option<SessionId>,
) -> Result<Page<SessionRecord, SessionId>, StoreError> {
    let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
    let page = diesel::alias!(sessions as page);
    let ids = page
        .filter(page.field(sessions::user_id).eq(*user.as_uuid()))
        .filter(page.field(sessions::id).lt(before))
        .order(page.field(sessions::id).desc())
        .limit(i64::from(limit.get()) + 1)
        .select(page.field(sessions::id));
    let query = records()
        .filter(sessions::id.eq_any(ids))
        .select(RecordRows::as_select());
    let rows = ask!(unit, connection => query.load(connection))?;
    let mut items: Vec<SessionRecord> = rows.into_iter().map(record).collect::<Result<_, _>>()?;
    items.sort_unstable_by_key(|record| Reverse(record.session.id));
    let most = usize::from(limit.get());
    let more = items.len() > most;
    items.truncate(most);
    let next = items
        .last()
        .filter(|_| more)
        .map(|record| record.session.id);
    Ok(Page { items, next })
}

/// How many there are.
pub(super) async fn count_all(unit: &mut PgUnitOfWork, user: UserId) -> Result<u64, StoreError> {
    let query = sessions::table
        .filter(sessions::user_id.eq(*user.as_uuid()))
        .count();
    let count = ask!(unit, connection => query.get_result::<i64>(connection))?;
    rows::counter(count, "count of sessions")
}
