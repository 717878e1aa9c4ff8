//! Lists jobs, and finds one.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{MailEntry, MailFilter};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use uuid::Uuid;

use super::entry_row::EntryRow;
use crate::schema::outbox;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// Ids carry the moment they were made at, so that the newest are the greatest.
pub(super) async fn list(
    unit: &mut PgUnitOfWork,
    filter: MailFilter,
    limit: PageLimit,
    after: Option<MailId>,
) -> Result<Page<MailEntry, MailId>, StoreError> {
    let before = after.map_or(Uuid::max(), |id| *id.as_uuid());
    let mut query = outbox::table
        .filter(outbox::id.lt(before))
        .order(outbox::id.desc())
        // One more, to know whether more follow.
        .limit(i64::from(limit.get()) + 1)
        .select(EntryRow::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(outbox::state.eq(state.as_str()));
    }
    if let Some(lane) = filter.lane {
        query = query.filter(outbox::lane.eq(lane.as_str()));
    }
    let mut rows: Vec<EntryRow> = ask!(unit, connection => query.load(connection))?;
    let most = usize::from(limit.get());
    let more = rows.len() > most;
    rows.truncate(most);
    let items: Vec<MailEntry> = rows
        .into_iter()
        .map(MailEntry::try_from)
        .collect::<Result<_, _>>()?;
    let next = items.last().filter(|_| more).map(|entry| entry.id);
    Ok(Page { items, next })
}

/// The one with an id.
pub(super) async fn find(
    unit: &mut PgUnitOfWork,
    id: MailId,
) -> Result<Option<MailEntry>, StoreError> {
    let query = outbox::table
        .find(*id.as_uuid())
        .select(EntryRow::as_select());
    let rows: Vec<EntryRow> = ask!(unit, connection => query.load(connection))?;
    rows.into_iter().next().map(MailEntry::try_from).transpose()
}
