//! Listing jobs, and finding one.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailEntry, MailFilter, MailState};
use kogents_domain::page::{Page, PageLimit};
use uuid::Uuid;

use super::entry_row::{COLUMNS, EntryRow};
use crate::columns::id_bytes;
use crate::error::Failure;

/// The condition on the state: the constant's name is written out, and no text that comes from
/// outside.
const fn is_in(state: Option<MailState>) -> &'static str {
    match state {
        None => "",
        Some(MailState::Queued) => "AND state = 'queued' ",
        Some(MailState::Sent) => "AND state = 'sent' ",
        Some(MailState::Dead) => "AND state = 'dead' ",
        Some(MailState::Void) => "AND state = 'void' ",
    }
}

/// Ids carry the moment they were made at, so that the newest are the greatest.
pub(super) fn list(
    conn: &mut SqliteConnection,
    filter: MailFilter,
    limit: PageLimit,
    after: Option<MailId>,
) -> Result<Page<MailEntry, MailId>, Failure> {
    let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
    let lane = filter.lane.map_or("", |_| "AND lane = ?3 ");
    let state = is_in(filter.state);
    let query = sql_query(format!(
        "SELECT {COLUMNS} FROM outbox WHERE id < ?1 {state}{lane}ORDER BY id DESC LIMIT ?2"
    ))
    .bind::<Binary, _>(id_bytes(&before))
    // One more, to know whether more follow.
    .bind::<BigInt, _>(i64::from(limit.get()).saturating_add(1));
    let mut rows: Vec<EntryRow> = match filter.lane.map(Lane::as_str) {
        Some(lane) => query.bind::<Text, _>(lane).load(conn)?,
        None => query.load(conn)?,
    };
    let wanted = usize::from(limit.get());
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let items: Vec<MailEntry> = rows
        .into_iter()
        .map(MailEntry::try_from)
        .collect::<Result<_, _>>()?;
    let next = items.last().filter(|_| more).map(|entry| entry.id);
    Ok(Page { items, next })
}

/// The one with an id.
pub(super) fn find(conn: &mut SqliteConnection, id: MailId) -> Result<Option<MailEntry>, Failure> {
    let row: Option<EntryRow> = sql_query(format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"))
        .bind::<Binary, _>(id_bytes(id.as_uuid()))
        .get_result(conn)
        .optional()?;
    Ok(row.map(MailEntry::try_from).transpose()?)
}
