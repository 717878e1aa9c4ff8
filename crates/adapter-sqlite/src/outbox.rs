//! The mail queue: `OutboxRepository` on the table `outbox`.
//!
//! Conditions on the state are written out in the statements, because SQLite uses a partial index
//! only where it can read the index's condition in the statement itself.

mod claim;
mod row;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, MailJob, OutboxRepository, QueuedMail};
use kogents_domain::store::StoreError;
use kogents_domain::text::cut;
use kogents_domain::time::Timestamp;

use self::row::NewRow;
use crate::columns::id_bytes;
use crate::unit_of_work::SqliteUnitOfWork;

/// The most characters that are kept of an error.
const MAX_ERROR: usize = 500;

/// What finishing a job does to its row, but for the state and the moment.
const WIPE: &str = "recipient = NULL, payload = NULL, lease_until = NULL, lease_token = NULL";

/// What a state gives up: the name and the text that says why.
struct Finish {
    id: MailId,
    lease_token: i64,
    state: &'static str,
    now: Timestamp,
    error: Option<String>,
}

impl SqliteUnitOfWork {
    async fn finish(&mut self, finish: Finish) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let rows = sql_query(format!(
                "UPDATE outbox SET state = ?1, finished_at = ?2, \
                 last_error = coalesce(?3, last_error), {WIPE} \
                 WHERE id = ?4 AND lease_token = ?5 AND state = 'queued'"
            ))
            .bind::<Text, _>(finish.state)
            .bind::<BigInt, _>(finish.now.as_millis())
            .bind::<Nullable<Text>, _>(finish.error)
            .bind::<Binary, _>(id_bytes(finish.id.as_uuid()))
            .bind::<BigInt, _>(finish.lease_token)
            .execute(conn)?;
            Ok(rows > 0)
        })
        .await
    }
}

#[async_trait]
impl OutboxRepository for SqliteUnitOfWork {
    async fn enqueue(&mut self, job: &MailJob) -> Result<bool, StoreError> {
        let row = NewRow::of(job);
        self.run(move |conn| {
            if let Some(key) = &row.dedupe_key {
                // A window that is over holds nobody up; its job may stay.
                sql_query(
                    "UPDATE outbox SET dedupe_key = NULL, dedupe_until = NULL \
                     WHERE dedupe_key = ?1 AND dedupe_until <= ?2",
                )
                .bind::<Binary, _>(key)
                .bind::<BigInt, _>(row.created_at)
                .execute(conn)?;
            }
            let queued = row.insert(conn)?;
            if let (1.., Some(key)) = (queued, &row.replace_key) {
                sql_query(format!(
                    "UPDATE outbox SET state = 'void', finished_at = ?1, {WIPE} \
                     WHERE replace_key = ?2 AND state = 'queued' AND id <> ?3"
                ))
                .bind::<BigInt, _>(row.created_at)
                .bind::<Binary, _>(key)
                .bind::<Binary, _>(&row.id)
                .execute(conn)?;
            }
            Ok(queued > 0)
        })
        .await
    }

    async fn claim_due(&mut self, claim: ClaimDue) -> Result<Vec<QueuedMail>, StoreError> {
        self.run(move |conn| claim::claim_due(conn, &claim)).await
    }

    async fn mark_sent(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.finish(Finish {
            id,
            lease_token,
            state: "sent",
            now,
            error: None,
        })
        .await
    }

    async fn mark_retry(
        &mut self,
        id: MailId,
        lease_token: i64,
        run_at: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        let error = cut(error, MAX_ERROR).to_owned();
        self.run(move |conn| {
            let rows = sql_query(
                "UPDATE outbox SET run_at = ?1, last_error = ?2, \
                 lease_until = NULL, lease_token = NULL \
                 WHERE id = ?3 AND lease_token = ?4 AND state = 'queued'",
            )
            .bind::<BigInt, _>(run_at.as_millis())
            .bind::<Text, _>(error)
            .bind::<Binary, _>(id_bytes(id.as_uuid()))
            .bind::<BigInt, _>(lease_token)
            .execute(conn)?;
            Ok(rows > 0)
        })
        .await
    }

    async fn mark_dead(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        self.finish(Finish {
            id,
            lease_token,
            state: "dead",
            now,
            error: Some(cut(error, MAX_ERROR).to_owned()),
        })
        .await
    }

    async fn sweep(
        &mut self,
        now: Timestamp,
        finished_before: Timestamp,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| {
            // A job in somebody's lease is theirs to finish; the next sweep drops it otherwise.
            let expired = sql_query(format!(
                "UPDATE outbox SET state = 'void', finished_at = ?1, last_error = 'expired', \
                 {WIPE} WHERE id IN (SELECT id FROM outbox \
                 WHERE state = 'queued' AND expires_at IS NOT NULL AND expires_at <= ?1 \
                 AND (lease_until IS NULL OR lease_until <= ?1) LIMIT 1000)"
            ))
            .bind::<BigInt, _>(now.as_millis())
            .execute(conn)?;
            let removed = sql_query(
                "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox \
                 WHERE finished_at IS NOT NULL AND finished_at < ?1 \
                 AND (dedupe_until IS NULL OR dedupe_until <= ?2) LIMIT 1000)",
            )
            .bind::<BigInt, _>(finished_before.as_millis())
            .bind::<BigInt, _>(now.as_millis())
            .execute(conn)?;
            Ok(u64::try_from(expired.saturating_add(removed)).unwrap_or(u64::MAX))
        })
        .await
    }
}
