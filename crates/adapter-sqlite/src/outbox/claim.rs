//! Claiming jobs that are due, lane by lane.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::mail::{ClaimDue, QueuedMail, Template};
use uuid::Uuid;

use super::row::ClaimedRow;
use crate::error::{Failure, InvalidRow};

/// `?1` until when and `?2` in whose lease, `?3` the lane, `?4` now, `?5` the most.
///
/// One lane after the other, because the index orders jobs within a lane: a backlog in one costs
/// the claim nothing. Jobs whose template this release does not know are left to one that does; the
/// names that are written out are the domain's constants.
fn claim_statement() -> String {
    let known = Template::ALL.map(|template| format!("'{}'", template.as_str()));
    format!(
        "UPDATE outbox SET attempts = attempts + 1, lease_until = ?1, lease_token = ?2 \
         WHERE id IN (SELECT id FROM outbox \
             WHERE state = 'queued' AND lane = ?3 AND run_at <= ?4 \
             AND template IN ({}) \
             AND (lease_until IS NULL OR lease_until <= ?4) \
             AND (expires_at IS NULL OR expires_at > ?4) \
             ORDER BY run_at, id LIMIT ?5) \
         RETURNING id, lane, template, language, recipient, payload, run_at, expires_at, \
             attempts, created_at",
        known.join(", ")
    )
}

/// Claims up to the limit.
pub(super) fn claim_due(
    conn: &mut SqliteConnection,
    claim: &ClaimDue,
) -> Result<Vec<QueuedMail>, Failure> {
    let statement = claim_statement();
    let mut claimed = Vec::new();
    for lane in &claim.lanes {
        let left = usize::from(claim.limit).saturating_sub(claimed.len());
        if left == 0 {
            break;
        }
        let left = i64::try_from(left).unwrap_or(i64::MAX);
        let mut rows: Vec<ClaimedRow> = sql_query(statement.as_str())
            .bind::<BigInt, _>(claim.lease_until.as_millis())
            .bind::<BigInt, _>(claim.lease_token)
            .bind::<Text, _>(lane.as_str())
            .bind::<BigInt, _>(claim.now.as_millis())
            .bind::<BigInt, _>(left)
            .load(conn)?;
        // RETURNING gives them in no particular order.
        rows.sort_by_cached_key(ClaimedRow::order);
        for row in rows {
            let id = row.id().to_vec();
            match QueuedMail::try_from(row) {
                Ok(mail) => claimed.push(mail),
                Err(unreadable) => bury(conn, &id, claim, unreadable)?,
            }
        }
    }
    Ok(claimed)
}

/// Makes a dead letter of a job that cannot be read, so that it does not stop the queue. It keeps
/// what it has: another release may be able to read it.
fn bury(
    conn: &mut SqliteConnection,
    id: &[u8],
    claim: &ClaimDue,
    InvalidRow(column): InvalidRow,
) -> Result<(), Failure> {
    let mail = Uuid::from_slice(id).unwrap_or_default();
    tracing::error!(%mail, column, "a queued mail cannot be read and is given up");
    sql_query(
        "UPDATE outbox SET state = 'dead', finished_at = ?1, last_error = ?2, \
         lease_until = NULL, lease_token = NULL WHERE id = ?3",
    )
    .bind::<BigInt, _>(claim.now.as_millis())
    .bind::<Text, _>(format!("a value of {column} does not read back"))
    .bind::<Binary, _>(id)
    .execute(conn)?;
    Ok(())
}
