//! The mail queue as operators see it.

mod depths;
mod entry_row;
mod listing;

use async_trait::async_trait;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{LaneDepth, MailEntry, MailFilter, OutboxAdministration};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` the job, `$2` now.
const REVIVE: &str = "UPDATE outbox SET state = 'queued', attempts = 0, created_at = $2, \
        run_at = $2, lease_until = NULL, lease_token = NULL, finished_at = NULL \
    WHERE id = $1 AND state = 'dead' AND payload IS NOT NULL \
        AND (expires_at IS NULL OR expires_at > $2)";

/// `$1` now, `$2` the most. Rows that somebody else is changing at this moment are passed over.
const REVIVE_DEAD: &str = "WITH oldest AS MATERIALIZED ( \
        SELECT id FROM outbox WHERE state = 'dead' AND finished_at < $1 \
            AND payload IS NOT NULL AND (expires_at IS NULL OR expires_at > $1) \
        ORDER BY finished_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
    UPDATE outbox AS o SET state = 'queued', attempts = 0, created_at = $1, \
        run_at = $1, lease_until = NULL, lease_token = NULL, finished_at = NULL \
    FROM oldest WHERE o.id = oldest.id";

/// `$1` the job, `$2` now.
const VOID: &str = "UPDATE outbox SET state = 'void', finished_at = $2, recipient = NULL, \
        payload = NULL, lease_until = NULL, lease_token = NULL \
    WHERE id = $1 AND state IN ('queued', 'dead')";

/// `$1` before when, `$2` the most.
const REMOVE_DEAD: &str = "WITH oldest AS MATERIALIZED ( \
        SELECT id FROM outbox WHERE state = 'dead' AND finished_at < $1 \
        ORDER BY finished_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
    DELETE FROM outbox AS o USING oldest WHERE o.id = oldest.id";

impl PgUnitOfWork {
    /// Changes one job.
    async fn change(
        &mut self,
        statement: &'static str,
        id: MailId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let change = sql_query(statement)
            .bind::<SqlUuid, _>(*id.as_uuid())
            .bind::<BigInt, _>(now.as_millis());
        Ok(ask!(self, connection => change.execute(connection))? == 1)
    }

    /// Changes some jobs.
    async fn change_some(
        &mut self,
        statement: &'static str,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let change = sql_query(statement)
            .bind::<BigInt, _>(moment.as_millis())
            .bind::<BigInt, _>(i64::from(limit));
        let changed = ask!(self, connection => change.execute(connection))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }
}

#[async_trait]
impl OutboxAdministration for PgUnitOfWork {
    async fn list(
        &mut self,
        filter: MailFilter,
        limit: PageLimit,
        after: Option<MailId>,
    ) -> Result<Page<MailEntry, MailId>, StoreError> {
        listing::list(self, filter, limit, after).await
    }

    async fn find(&mut self, id: MailId) -> Result<Option<MailEntry>, StoreError> {
        listing::find(self, id).await
    }

    async fn revive(&mut self, id: MailId, now: Timestamp) -> Result<bool, StoreError> {
        self.change(REVIVE, id, now).await
    }

    async fn revive_dead(&mut self, limit: u32, now: Timestamp) -> Result<u64, StoreError> {
        self.change_some(REVIVE_DEAD, now, limit).await
    }

    async fn void(&mut self, id: MailId, now: Timestamp) -> Result<bool, StoreError> {
        self.change(VOID, id, now).await
    }

    async fn remove_dead(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.change_some(REMOVE_DEAD, before, limit).await
    }

    async fn depths(&mut self, now: Timestamp) -> Result<Vec<LaneDepth>, StoreError> {
        depths::depths(self, now).await
    }
}
