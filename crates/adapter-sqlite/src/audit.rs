//! The audit log: `AuditRepository` on the table `audit`, which itself sees to it that it is only
//! ever added to, and cleared of what is past keeping.

mod list;
mod row;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use kogents_domain::audit::{
    AuditEntry, AuditFilter, AuditKey, AuditRecord, AuditRepository, AuditTarget,
};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use self::row::NewRow;
use crate::columns::{id_bytes, touched};
use crate::error::InvalidRow;
use crate::schema::audit;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` the actor. Here and in the lists the index is named: with statistics, another would be read
/// from its beginning to its end.
const FORGET: &str = "UPDATE audit INDEXED BY audit_actor_id_at_idx \
    SET actor_id = NULL, ip_address = NULL, session_id = NULL WHERE actor_id = ?1";

/// `?1` the person as a target: what was tried in their name by whoever it was.
const FORGET_TRIES: &str = "UPDATE audit INDEXED BY audit_unproven_target_idx \
    SET ip_address = NULL, session_id = NULL \
    WHERE target = ?1 AND actor_id IS NULL AND ip_address IS NOT NULL";

/// `?1` moment, `?2` the most. What is kept yet, by the database's clock, is left.
const SWEEP: &str = "DELETE FROM audit WHERE id IN ( \
    SELECT id FROM audit INDEXED BY audit_at_idx \
    WHERE at < min(?1, CAST(unixepoch('subsec') * 1000 AS INTEGER) - 13 * 31 * 24 * 3600 * 1000) \
    ORDER BY at LIMIT ?2)";

#[async_trait]
impl AuditRepository for SqliteUnitOfWork {
    async fn append(&mut self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let rows: Result<Vec<NewRow>, InvalidRow> = entries.iter().map(NewRow::of).collect();
        self.run(move |conn| {
            // One by one: the statement is prepared once.
            for row in rows? {
                diesel::insert_into(audit::table)
                    .values(row)
                    .execute(conn)?;
            }
            Ok(())
        })
        .await
    }

    async fn list(
        &mut self,
        workspace: WorkspaceId,
        filter: AuditFilter,
        limit: PageLimit,
        after: Option<AuditKey>,
    ) -> Result<Page<AuditRecord, AuditKey>, StoreError> {
        self.run(move |conn| list::list(conn, workspace, filter, limit, after))
            .await
    }

    async fn list_of_actor(
        &mut self,
        actor: UserId,
        limit: PageLimit,
        after: Option<AuditKey>,
    ) -> Result<Page<AuditEntry, AuditKey>, StoreError> {
        self.run(move |conn| list::list_of_actor(conn, actor, limit, after))
            .await
    }

    async fn forget_actor(&mut self, actor: UserId) -> Result<(), StoreError> {
        self.run(move |conn| {
            sql_query(FORGET)
                .bind::<Binary, _>(id_bytes(actor.as_uuid()))
                .execute(conn)?;
            sql_query(FORGET_TRIES)
                .bind::<Text, _>(AuditTarget::from(actor).to_string())
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn sweep(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let removed = sql_query(SWEEP)
                .bind::<BigInt, _>(before.as_millis())
                .bind::<BigInt, _>(i64::from(limit))
                .execute(conn)?;
            Ok(touched(removed))
        })
        .await
    }
}
