//! Drops what has expired and removes what was finished long ago.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::{QUEUED, VOID, Wiped};
use crate::schema::outbox;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// The most rows of each kind in one sweep.
const BATCH: i64 = 1_000;

/// See [`OutboxRepository::sweep`](kogents_domain::mail::OutboxRepository::sweep).
pub(super) async fn sweep(
    unit: &mut PgUnitOfWork,
    now: Timestamp,
    finished_before: Timestamp,
) -> Result<u64, StoreError> {
    // A job that a worker holds is left to it: the worker looks at the expiry itself.
    let query = outbox::table
        .filter(outbox::state.eq(QUEUED))
        .filter(outbox::expires_at.le(now.as_millis()))
        .filter(
            outbox::lease_until
                .is_null()
                .or(outbox::lease_until.le(now.as_millis())),
        )
        .order(outbox::expires_at.asc())
        .limit(BATCH)
        .for_update()
        .skip_locked()
        .select(outbox::id);
    let expired: Vec<Uuid> = ask!(unit, connection => query.load(connection))?;
    let drop_expired = diesel::update(outbox::table)
        .filter(outbox::id.eq_any(expired))
        .set(Wiped::new(VOID, now));
    let dropped = ask!(unit, connection => drop_expired.execute(connection))?;

    let query = outbox::table
        .filter(outbox::state.ne(QUEUED))
        .filter(outbox::finished_at.lt(finished_before.as_millis()))
        .filter(
            outbox::dedupe_until
                .is_null()
                .or(outbox::dedupe_until.le(now.as_millis())),
        )
        .order(outbox::finished_at.asc())
        .limit(BATCH)
        .for_update()
        .skip_locked()
        .select(outbox::id);
    let finished: Vec<Uuid> = ask!(unit, connection => query.load(connection))?;
    let remove = diesel::delete(outbox::table.filter(outbox::id.eq_any(finished)));
    let removed = ask!(unit, connection => remove.execute(connection))?;
    Ok(u64::try_from(dropped + removed).unwrap_or(u64::MAX))
}
