//! Lists entries, the newest first.

use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::audit::{AuditAction, AuditEntry, AuditFilter, AuditKey, AuditRecord};
use kogents_domain::ids::{AuditId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::entry_row::{COLUMNS, EntryRow, RecordRow};
use crate::rows;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// What every list ends with: `$1` and `$2` the key that it begins after, `$3` the most, `$4` the
/// actions that this release knows. During an upgrade there may be others, of a newer one's; they
/// are compared as the result of an expression, so that no index of actions is taken for them.
const AND_NEXT: &str = "AND (at, id) < ($1, $2) AND action || '' = ANY($4) \
    ORDER BY at DESC, id DESC LIMIT $3";

/// A workspace's: what [`AND_NEXT`] has, `$5` the workspace, `$6` from when on, `$7` the actor and
/// `$8` the action, NULL where any will do.
///
/// With actor and action the entries of the actor are read: somebody does less than everybody.
fn of_workspace(filter: &AuditFilter) -> String {
    let conditions = match (filter.actor, filter.action) {
        (None, None) => "",
        (None, Some(_)) => "AND action = $8",
        (Some(_), None) => "AND actor_id = $7",
        (Some(_), Some(_)) => "AND actor_id = $7 AND action || '' = $8",
    };
    format!(
        "SELECT e.*, u.name AS actor_name, u.email AS actor_email, \
            u.email_normalised AS actor_email_normalised \
         FROM (SELECT {COLUMNS} FROM audit \
            WHERE workspace_id = $5 AND at >= $6 {conditions} {AND_NEXT}) AS e \
         LEFT JOIN memberships AS m ON m.workspace_id = $5 AND m.user_id = e.actor_id \
         LEFT JOIN users AS u ON u.id = m.user_id \
         ORDER BY e.at DESC, e.id DESC"
    )
}

/// See [`AuditRepository::list`](kogents_domain::audit::AuditRepository::list).
pub(super) async fn list(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    filter: AuditFilter,
    limit: PageLimit,
    after: Option<AuditKey>,
) -> Result<Page<AuditRecord, AuditKey>, StoreError> {
    let before = end(filter.to, after);
    let from = filter.from.map_or(i64::MIN, Timestamp::as_millis);
    let query = sql_query(of_workspace(&filter))
        .bind::<BigInt, _>(before.at.as_millis())
        .bind::<SqlUuid, _>(*before.id.as_uuid())
        .bind::<BigInt, _>(i64::from(limit.get()) + 1)
        .bind::<Array<Text>, _>(known())
        .bind::<SqlUuid, _>(*workspace.as_uuid())
        .bind::<BigInt, _>(from)
        .bind::<Nullable<SqlUuid>, _>(filter.actor.map(|id| *id.as_uuid()))
        .bind::<Nullable<Text>, _>(filter.action.map(AuditAction::as_str));
    let found: Vec<RecordRow> = ask!(unit, connection => query.load(connection))?;
    let records: Vec<AuditRecord> = rows::all(found)?;
    Ok(page(records, limit, |record| record.entry.key()))
}

/// See [`AuditRepository::list_of_actor`](kogents_domain::audit::AuditRepository::list_of_actor).
pub(super) async fn list_of_actor(
    unit: &mut PgUnitOfWork,
    actor: UserId,
    limit: PageLimit,
    after: Option<AuditKey>,
) -> Result<Page<AuditEntry, AuditKey>, StoreError> {
    let before = end(None, after);
    let query = sql_query(format!(
        "SELECT {COLUMNS} FROM audit WHERE actor_id = $5 {AND_NEXT}"
    ))
    .bind::<BigInt, _>(before.at.as_millis())
    .bind::<SqlUuid, _>(*before.id.as_uuid())
    .bind::<BigInt, _>(i64::from(limit.get()) + 1)
    .bind::<Array<Text>, _>(known())
    .bind::<SqlUuid, _>(*actor.as_uuid());
    let found: Vec<EntryRow> = ask!(unit, connection => query.load(connection))?;
    Ok(page(rows::all(found)?, limit, AuditEntry::key))
}

/// The key that a list ends before: of a moment and a page before it, the earlier.
fn end(to: Option<Timestamp>, after: Option<AuditKey>) -> AuditKey {
    // No id is less than the least one, so that nothing of the moment itself is before it.
    let to = to.map(|at| AuditKey {
        at,
        id: AuditId::from_uuid(Uuid::nil()),
    });
    let last = AuditKey {
        at: Timestamp::from_millis(i64::MAX),
        id: AuditId::from_uuid(Uuid::max()),
    };
    to.unwrap_or(last).min(after.unwrap_or(last))
}

fn known() -> Vec<&'static str> {
    AuditAction::ALL
        .into_iter()
        .map(AuditAction::as_str)
        .collect()
}

/// A page of what was found, one more than it may have.
fn page<T>(mut items: Vec<T>, limit: PageLimit, key: impl Fn(&T) -> AuditKey) -> Page<T, AuditKey> {
    let most = usize::from(limit.get());
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(key);
    Page { items, next }
}
