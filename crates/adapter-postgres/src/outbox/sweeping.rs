//! Drops what has expired and removes what was finished long ago.

use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` now. A job that a worker holds is left to it: the worker looks at the expiry itself.
const DROP_EXPIRED: &str = "WITH expired AS MATERIALIZED ( \
        SELECT id FROM outbox WHERE state = 'queued' AND expires_at <= $1 \
            AND (lease_until IS NULL OR lease_until <= $1) \
        ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED) \
    UPDATE outbox AS o SET state = 'void', finished_at = $1, last_error = 'expired', \
        recipient = NULL, payload = NULL, lease_until = NULL, lease_token = NULL \
    FROM expired WHERE o.id = expired.id";

/// `$1` now.
const WIPE_DEAD: &str = "WITH expired AS MATERIALIZED ( \
        SELECT id FROM outbox WHERE state = 'dead' AND payload IS NOT NULL AND expires_at <= $1 \
        ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED) \
    UPDATE outbox AS o SET recipient = NULL, payload = NULL \
    FROM expired WHERE o.id = expired.id";

/// `$1` now, `$2` before when they finished.
const REMOVE_FINISHED: &str = "WITH finished AS MATERIALIZED ( \
        SELECT id FROM outbox WHERE state <> 'queued' AND finished_at < $2 \
            AND (dedupe_until IS NULL OR dedupe_until <= $1) \
        ORDER BY finished_at LIMIT 1000 FOR UPDATE SKIP LOCKED) \
    DELETE FROM outbox AS o USING finished WHERE o.id = finished.id";

/// See [`OutboxRepository::sweep`](kogents_domain::mail::OutboxRepository::sweep).
pub(super) async fn sweep(
    unit: &mut PgUnitOfWork,
    now: Timestamp,
    finished_before: Timestamp,
) -> Result<u64, StoreError> {
    let now = now.as_millis();
    let drop_expired = sql_query(DROP_EXPIRED).bind::<BigInt, _>(now);
    let dropped = ask!(unit, connection => drop_expired.execute(connection))?;
    let wipe_dead = sql_query(WIPE_DEAD).bind::<BigInt, _>(now);
    let wiped = ask!(unit, connection => wipe_dead.execute(connection))?;
    let remove_finished = sql_query(REMOVE_FINISHED)
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(finished_before.as_millis());
    let removed = ask!(unit, connection => remove_finished.execute(connection))?;
    Ok(u64::try_from(dropped + wiped + removed).unwrap_or(u64::MAX))
}
