//! Reading sessions with their facts and counters.

use diesel::dsl::{AsSelect, auto_type, count_star};
use diesel::prelude::*;
use diesel::sqlite::{Sqlite, SqliteConnection};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{MAX_OPEN, SessionRecord};
use kogents_domain::time::Timestamp;

use super::activity::ActivityRow;
use super::facts::FactsRow;
use super::row::SessionRow;
use crate::columns::id_bytes;
use crate::error::{Failure, InvalidRow};
use crate::schema::{session_activity, session_facts, sessions};

type Rows = (SessionRow, FactsRow, ActivityRow);

/// The three rows of each id.
#[auto_type(no_type_alias)]
fn records() -> _ {
    let rows: AsSelect<Rows, Sqlite> = Rows::as_select();
    sessions::table
        .inner_join(session_facts::table.on(session_facts::id.eq(sessions::id)))
        .inner_join(session_activity::table.on(session_activity::id.eq(sessions::id)))
        .select(rows)
}

fn record((session, facts, activity): Rows) -> Result<SessionRecord, InvalidRow> {
    Ok(SessionRecord {
        session: session.try_into()?,
        facts: facts.try_into()?,
        activity: activity.try_into()?,
    })
}

fn collect(rows: Vec<Rows>) -> Result<Vec<SessionRecord>, InvalidRow> {
    rows.into_iter().map(record).collect()
}

pub(super) fn find_record(
    conn: &mut SqliteConnection,
    user: UserId,
    id: SessionId,
) -> Result<Option<SessionRecord>, Failure> {
    let rows = records()
        .filter(sessions::id.eq(id_bytes(id.as_uuid())))
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .first::<Rows>(conn)
        .optional()?;
    Ok(rows.map(record).transpose()?)
}

/// Neither ended nor past their absolute end.
pub(super) fn count_open(
    conn: &mut SqliteConnection,
    user: UserId,
    now: Timestamp,
) -> Result<u64, Failure> {
    let count: i64 = sessions::table
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::absolute_expires_at.gt(now.as_millis()))
        .select(count_star())
        .first(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Neither ended nor past their absolute end.
pub(super) fn list_open(
    conn: &mut SqliteConnection,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionRecord>, Failure> {
    let rows = records()
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::absolute_expires_at.gt(now.as_millis()))
        // Not by id alone: the index of a person's open sessions is to be read, not that of all.
        .order((sessions::started_at.desc(), sessions::id.desc()))
        .limit(i64::from(MAX_OPEN))
        .load::<Rows>(conn)?;
    Ok(collect(rows)?)
}

/// Ids carry the moment they were made at, so that the newest started are the greatest.
pub(super) fn list_all(
    conn: &mut SqliteConnection,
    user: UserId,
    limit: PageLimit,
    after: Option<SessionId>,
) -> Result<Page<SessionRecord, SessionId>, Failure> {
    let wanted = usize::from(limit.get());
    let mut query = records()
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .order(sessions::id.desc())
        // One more, to know whether more follow.
        .limit(i64::from(limit.get()).saturating_add(1))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(sessions::id.lt(id_bytes(after.as_uuid())));
    }
    let mut items = collect(query.load::<Rows>(conn)?)?;
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = items
        .last()
        .filter(|_| more)
        .map(|record| record.session.id);
    Ok(Page { items, next })
}

pub(super) fn count_all(conn: &mut SqliteConnection, user: UserId) -> Result<u64, Failure> {
    let count: i64 = sessions::table
        .filter(sessions::user_id.eq(id_bytes(user.as_uuid())))
        .select(count_star())
        .first(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
