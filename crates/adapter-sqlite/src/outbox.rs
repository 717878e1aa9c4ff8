//! The mail queue: `OutboxRepository` on the table `outbox`.
//!
//! Conditions on the state are written out in the statements, because SQLite uses a partial index
//! only where it can read the index's condition in the statement itself.

mod addressed;
mod claim;
mod row;
mod sweep;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, MailJob, OutboxRepository, QueuedMail};
use kogents_domain::store::StoreError;
use kogents_domain::text::cut;
use kogents_domain::time::Timestamp;

use self::row::NewRow;
use crate::columns::id_bytes;
use crate::fixed::FixedText as _;
use crate::unit_of_work::SqliteUnitOfWork;

/// The most characters that are kept of an error.
const MAX_ERROR: usize = 500;

/// What sending or voiding a job does to its row, but for the state and the moment.
const WIPE: &str = "recipient = NULL, payload = NULL, lease_until = NULL, lease_token = NULL";

/// `?1` when to try again, `?2` why, `?3` the job, `?4` its lease.
const MARK_RETRY: &str = "UPDATE outbox SET run_at = ?1, last_error = ?2, \
    lease_until = NULL, lease_token = NULL \
    WHERE id = ?3 AND lease_token = ?4 AND state = 'queued'";

/// As [`MARK_RETRY`]; the try does not count.
const GIVE_BACK: &str = "UPDATE outbox SET attempts = max(attempts - 1, 0), run_at = ?1, \
    last_error = ?2, lease_until = NULL, lease_token = NULL \
    WHERE id = ?3 AND lease_token = ?4 AND state = 'queued'";

/// `?1` now, `?2` why, `?3` the job, `?4` its lease. What has expired is of no more use to anybody.
const MARK_DEAD: &str = "UPDATE outbox SET state = 'dead', finished_at = ?1, last_error = ?2, \
    lease_until = NULL, lease_token = NULL, \
    recipient = CASE WHEN expires_at <= ?1 THEN NULL ELSE recipient END, \
    payload = CASE WHEN expires_at <= ?1 THEN NULL ELSE payload END \
    WHERE id = ?3 AND lease_token = ?4 AND state = 'queued'";

/// How a try failed: the job and its lease, a moment and the text that says why.
struct Failed<'a> {
    id: MailId,
    lease_token: i64,
    at: Timestamp,
    error: &'a str,
}

impl SqliteUnitOfWork {
    async fn note_failure(
        &mut self,
        statement: &'static str,
        failed: Failed<'_>,
    ) -> Result<bool, StoreError> {
        let error = cut(failed.error, MAX_ERROR).to_owned();
        let (id, lease_token, at) = (failed.id, failed.lease_token, failed.at);
        self.run(move |conn| {
            let rows = sql_query(statement)
                .bind::<BigInt, _>(at.as_millis())
                .bind::<Text, _>(error)
                .bind::<Binary, _>(id_bytes(id.as_uuid()))
                .bind::<BigInt, _>(lease_token)
                .fixed()
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
                .fixed()
                .execute(conn)?;
            }
            let queued = row.insert(conn)?;
            if let (1.., Some(key)) = (queued, &row.replace_key) {
                sql_query(format!(
                    "UPDATE outbox SET state = 'void', finished_at = ?1, {WIPE} \
                     WHERE replace_key = ?2 AND state IN ('queued', 'dead') AND id <> ?3"
                ))
                .bind::<BigInt, _>(row.created_at)
                .bind::<Binary, _>(key)
                .bind::<Binary, _>(&row.id)
                .fixed()
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
        self.run(move |conn| {
            let rows = sql_query(format!(
                "UPDATE outbox SET state = 'sent', finished_at = ?1, {WIPE} \
                 WHERE id = ?2 AND lease_token = ?3 AND state = 'queued'"
            ))
            .bind::<BigInt, _>(now.as_millis())
            .bind::<Binary, _>(id_bytes(id.as_uuid()))
            .bind::<BigInt, _>(lease_token)
            .fixed()
            .execute(conn)?;
            Ok(rows > 0)
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
        let failed = Failed {
            id,
            lease_token,
            at: run_at,
            error,
        };
        self.note_failure(MARK_RETRY, failed).await
    }

    async fn give_back(
        &mut self,
        id: MailId,
        lease_token: i64,
        run_at: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        let failed = Failed {
            id,
            lease_token,
            at: run_at,
            error,
        };
        self.note_failure(GIVE_BACK, failed).await
    }

    async fn mark_dead(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        let failed = Failed {
            id,
            lease_token,
            at: now,
            error,
        };
        self.note_failure(MARK_DEAD, failed).await
    }

    async fn drop_addressed_to(
        &mut self,
        recipient: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let recipient = recipient.clone();
        self.run(move |conn| addressed::drop_addressed_to(conn, &recipient, now))
            .await
    }

    async fn sweep(
        &mut self,
        now: Timestamp,
        finished_before: Timestamp,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| sweep::sweep(conn, now, finished_before))
            .await
    }
}
