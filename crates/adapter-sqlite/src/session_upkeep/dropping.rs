//! Removing sessions of long ago.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};
use diesel::sqlite::SqliteConnection;
use kogents_domain::time::Timestamp;

use crate::columns::least_id;
use crate::error::Failure;

/// The tables of sessions; the one that tells which have ended comes last.
const TABLES: [&str; 3] = ["session_facts", "session_activity", "sessions"];

/// Ids carry the moment they were made at, so that the oldest sessions are the least.
pub(super) fn drop_opened_before(
    conn: &mut SqliteConnection,
    moment: Timestamp,
    limit: u32,
) -> Result<u64, Failure> {
    let mut removed = 0;
    for table in TABLES {
        removed = sql_query(format!(
            "DELETE FROM {table} WHERE id IN (SELECT id FROM sessions \
             WHERE id < ?1 AND ended_at IS NOT NULL ORDER BY id LIMIT ?2)"
        ))
        .bind::<Binary, _>(least_id(moment))
        .bind::<BigInt, _>(i64::from(limit))
        .execute(conn)?;
    }
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}
