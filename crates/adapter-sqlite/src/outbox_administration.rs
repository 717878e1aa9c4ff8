//! The mail queue as operators see it: `OutboxAdministration` on the table `outbox`.
//!
//! As in `outbox`, conditions on the state are written out in the statements.

mod depths;
mod entry_row;
mod listing;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{LaneDepth, MailEntry, MailFilter, OutboxAdministration};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::columns::id_bytes;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` the job, `?2` now.
const REVIVE: &str = "UPDATE outbox SET state = 'queued', attempts = 0, created_at = ?2, \
        run_at = ?2, lease_until = NULL, lease_token = NULL, finished_at = NULL \
    WHERE id = ?1 AND state = 'dead' AND payload IS NOT NULL \
        AND (expires_at IS NULL OR expires_at > ?2)";

/// `?1` now, `?2` the most.
const REVIVE_DEAD: &str = "UPDATE outbox SET state = 'queued', attempts = 0, created_at = ?1, \
        run_at = ?1, lease_until = NULL, lease_token = NULL, finished_at = NULL \
    WHERE id IN (SELECT id FROM outbox \
        WHERE state = 'dead' AND finished_at < ?1 AND payload IS NOT NULL \
        AND (expires_at IS NULL OR expires_at > ?1) \
        ORDER BY finished_at, id LIMIT ?2)";

/// `?1` the job, `?2` now.
const VOID: &str = "UPDATE outbox SET state = 'void', finished_at = ?2, recipient = NULL, \
        payload = NULL, lease_until = NULL, lease_token = NULL \
    WHERE id = ?1 AND state IN ('queued', 'dead')";

/// `?1` before when, `?2` the most.
const REMOVE_DEAD: &str = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox \
    WHERE state = 'dead' AND finished_at < ?1 ORDER BY finished_at, id LIMIT ?2)";

impl SqliteUnitOfWork {
    /// Changes one job.
    async fn change(
        &mut self,
        statement: &'static str,
        id: MailId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let changed = sql_query(statement)
                .bind::<Binary, _>(id_bytes(id.as_uuid()))
                .bind::<BigInt, _>(now.as_millis())
                .execute(conn)?;
            Ok(changed > 0)
        })
        .await
    }

    /// Changes some jobs.
    async fn change_some(
        &mut self,
        statement: &'static str,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let changed = sql_query(statement)
                .bind::<BigInt, _>(moment.as_millis())
                .bind::<BigInt, _>(i64::from(limit))
                .execute(conn)?;
            Ok(u64::try_from(changed).unwrap_or(u64::MAX))
        })
        .await
    }
}

#[async_trait]
impl OutboxAdministration for SqliteUnitOfWork {
    async fn list(
        &mut self,
        filter: MailFilter,
        limit: PageLimit,
        after: Option<MailId>,
    ) -> Result<Page<MailEntry, MailId>, StoreError> {
        self.run(move |conn| listing::list(conn, filter, limit, after))
            .await
    }

    async fn find(&mut self, id: MailId) -> Result<Option<MailEntry>, StoreError> {
        self.run(move |conn| listing::find(conn, id)).await
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
        self.run(move |conn| depths::depths(conn, now)).await
    }
}
