//! Dropping what has expired and removing what was finished long ago.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel::sqlite::SqliteConnection;
use kogents_domain::time::Timestamp;

use super::WIPE;
use crate::error::Failure;

/// `?1` now.
const WIPE_DEAD: &str = "UPDATE outbox SET recipient = NULL, payload = NULL \
    WHERE id IN (SELECT id FROM outbox \
        WHERE state = 'dead' AND payload IS NOT NULL AND expires_at <= ?1 LIMIT 1000)";

/// `?1` before when they finished, `?2` now.
const REMOVE_FINISHED: &str = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox \
    WHERE finished_at IS NOT NULL AND finished_at < ?1 \
    AND (dedupe_until IS NULL OR dedupe_until <= ?2) LIMIT 1000)";

/// See [`OutboxRepository::sweep`](kogents_domain::mail::OutboxRepository::sweep).
pub(super) fn sweep(
    conn: &mut SqliteConnection,
    now: Timestamp,
    finished_before: Timestamp,
) -> Result<u64, Failure> {
    let now = now.as_millis();
    // A job in somebody's lease is theirs to finish; the next sweep drops it otherwise.
    let dropped = sql_query(format!(
        "UPDATE outbox SET state = 'void', finished_at = ?1, last_error = 'expired', \
         {WIPE} WHERE id IN (SELECT id FROM outbox \
         WHERE state = 'queued' AND expires_at IS NOT NULL AND expires_at <= ?1 \
         AND (lease_until IS NULL OR lease_until <= ?1) LIMIT 1000)"
    ))
    .bind::<BigInt, _>(now)
    .execute(conn)?;
    let wiped = sql_query(WIPE_DEAD).bind::<BigInt, _>(now).execute(conn)?;
    let removed = sql_query(REMOVE_FINISHED)
        .bind::<BigInt, _>(finished_before.as_millis())
        .bind::<BigInt, _>(now)
        .execute(conn)?;
    let touched = dropped.saturating_add(wiped).saturating_add(removed);
    Ok(u64::try_from(touched).unwrap_or(u64::MAX))
}
