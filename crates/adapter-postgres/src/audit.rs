//! The audit log. That it is only ever added to, and cleared of what is past keeping, is the
//! table's own to see to.

mod appending;
mod entry_row;
mod forgetting;
mod listing;

use async_trait::async_trait;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use kogents_domain::audit::{AuditEntry, AuditFilter, AuditKey, AuditRecord, AuditRepository};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::rows::changed;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` the moment, `$2` the most. What is kept yet, by the server's clock, is left; so are rows that
/// somebody else is removing. The expression is that of the index.
const SWEEP: &str = "DELETE FROM audit AS a USING ( \
        SELECT id FROM audit WHERE greatest(at, 0) < least($1, kogents_audit_kept_since()) \
        ORDER BY greatest(at, 0) LIMIT $2 FOR UPDATE SKIP LOCKED \
    ) AS past WHERE a.id = past.id";

#[async_trait]
impl AuditRepository for PgUnitOfWork {
    async fn append(&mut self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        appending::append(self, entries).await
    }

    async fn list(
        &mut self,
        workspace: WorkspaceId,
        filter: AuditFilter,
        limit: PageLimit,
        after: Option<AuditKey>,
    ) -> Result<Page<AuditRecord, AuditKey>, StoreError> {
        listing::list(self, workspace, filter, limit, after).await
    }

    async fn list_of_actor(
        &mut self,
        actor: UserId,
        limit: PageLimit,
        after: Option<AuditKey>,
    ) -> Result<Page<AuditEntry, AuditKey>, StoreError> {
        listing::list_of_actor(self, actor, limit, after).await
    }

    async fn forget_actor(&mut self, actor: UserId) -> Result<(), StoreError> {
        forgetting::forget_actor(self, actor).await
    }

    async fn sweep(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let sweep = sql_query(SWEEP)
            .bind::<BigInt, _>(before.as_millis())
            .bind::<BigInt, _>(i64::from(limit));
        Ok(changed(
            ask!(self, connection => sweep.execute(connection))?,
        ))
    }
}
