//! Rotating a session's refresh token.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};
use diesel::sqlite::SqliteConnection;
use kogents_domain::auth::SpentTokens;
use kogents_domain::session::{Rotation, Session};

use super::row::SessionRow;
use crate::columns::{digest_bytes, id_bytes, integer};
use crate::error::Failure;
use crate::fixed::FixedText as _;

/// One statement that judges and changes at once, so that of any number of parallel calls with
/// one token exactly one matches.
///
/// `?1` session, `?2` generation, `?3` digest, `?4` next digest, `?5` now, `?6` grace, `?7` idle
/// lifetime, `?8` the most spent generations within the grace. `'$[#-1]'` is an array's last
/// entry, `'$[#]'` the place after it.
const ROTATE: &str = "UPDATE sessions SET \
    refresh_generation = refresh_generation + 1, \
    refresh_digest = ?4, \
    refresh_rotated_at = ?5, \
    refresh_spent = json_insert( \
        (SELECT json_group_array(value ORDER BY key) \
            FROM json_each(sessions.refresh_spent) WHERE ?5 - value < ?6), \
        '$[#]', max(?5, coalesce(json_extract(refresh_spent, '$[#-1]'), ?5))), \
    idle_expires_at = max(idle_expires_at, min(?5 + ?7, absolute_expires_at)) \
    WHERE id = ?1 AND refresh_generation = ?2 AND refresh_digest = ?3 \
    AND ended_at IS NULL AND idle_expires_at > ?5 AND absolute_expires_at > ?5 \
    AND (SELECT count(*) FROM json_each(sessions.refresh_spent) WHERE ?5 - value < ?6) < ?8 \
    RETURNING *";

pub(super) fn rotate(
    conn: &mut SqliteConnection,
    rotation: &Rotation,
) -> Result<Option<Session>, Failure> {
    let id = id_bytes(rotation.session_id.as_uuid());
    let now = rotation.now.as_millis();
    let row: Option<SessionRow> = sql_query(ROTATE)
        .bind::<Binary, _>(id)
        .bind::<BigInt, _>(i64::from(rotation.generation))
        .bind::<Binary, _>(digest_bytes(&rotation.digest))
        .bind::<Binary, _>(digest_bytes(&rotation.next_digest))
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(rotation.grace.as_millis())
        .bind::<BigInt, _>(rotation.session_idle.as_millis())
        .bind::<BigInt, _>(integer(SpentTokens::MAX, "sessions.refresh_spent")?)
        .fixed()
        .get_result(conn)
        .optional()?;
    Ok(row.map(Session::try_from).transpose()?)
}
