//! Listing entries, the newest first.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::audit::{AuditAction, AuditEntry, AuditFilter, AuditKey, AuditRecord};
use kogents_domain::ids::{AuditId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::row::{COLUMNS, EntryRow, RecordRow};
use crate::columns::id_bytes;
use crate::error::Failure;

/// What every list ends with: `?1` the most, `?2` and `?3` the key that it begins after.
const AND_NEXT: &str = "AND (a.at, a.id) < (?2, ?3) ORDER BY a.at DESC, a.id DESC LIMIT ?1";

/// That this release knows the action: during an upgrade there may be others, of a newer one's. The
/// names that are written out are the domain's constants.
fn is_known() -> String {
    let known = AuditAction::ALL.map(|action| format!("'{}'", action.as_str()));
    format!("AND a.action IN ({})", known.join(", "))
}

/// A workspace's: `?4` the actor, `?5` the action, `?6` from when on, `?7` the workspace; and what
/// [`AND_NEXT`] has. Of the numbered values only the last one is always used.
///
/// Which index is read is said: without statistics, that of actions would not be. With actor and
/// action it is that of actors: somebody does less than everybody.
fn of_workspace(filter: &AuditFilter) -> String {
    let (index, conditions) = match (filter.actor, filter.action) {
        (None, None) => ("audit_workspace_id_at_idx", is_known()),
        (None, Some(_)) => (
            "audit_workspace_id_action_at_idx",
            "AND a.action = ?5".to_owned(),
        ),
        (Some(_), None) => (
            "audit_workspace_id_actor_id_at_idx",
            format!("AND a.actor_id = ?4 {}", is_known()),
        ),
        (Some(_), Some(_)) => (
            "audit_workspace_id_actor_id_at_idx",
            "AND a.actor_id = ?4 AND a.action = ?5".to_owned(),
        ),
    };
    format!(
        "SELECT {COLUMNS}, u.name AS actor_name, u.email AS actor_email, \
            u.email_normalised AS actor_email_normalised \
         FROM audit AS a INDEXED BY {index} \
         LEFT JOIN memberships AS m ON m.workspace_id = ?7 AND m.user_id = a.actor_id \
         LEFT JOIN users AS u ON u.id = m.user_id \
         WHERE a.workspace_id = ?7 AND a.at >= ?6 {conditions} {AND_NEXT}"
    )
}

pub(super) fn list(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
    filter: AuditFilter,
    limit: PageLimit,
    after: Option<AuditKey>,
) -> Result<Page<AuditRecord, AuditKey>, Failure> {
    let before = end(filter.to, after);
    let rows: Vec<RecordRow> = sql_query(of_workspace(&filter))
        .bind::<BigInt, _>(one_more(limit))
        .bind::<BigInt, _>(before.at.as_millis())
        .bind::<Binary, _>(id_bytes(before.id.as_uuid()))
        .bind::<Nullable<Binary>, _>(filter.actor.map(|id| id_bytes(id.as_uuid())))
        .bind::<Nullable<Text>, _>(filter.action.map(AuditAction::as_str))
        .bind::<BigInt, _>(filter.from.map_or(i64::MIN, Timestamp::as_millis))
        .bind::<Binary, _>(id_bytes(workspace.as_uuid()))
        .load(conn)?;
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        records.push(AuditRecord::try_from(row)?);
    }
    Ok(page(records, limit, |record| record.entry.key()))
}

pub(super) fn list_of_actor(
    conn: &mut SqliteConnection,
    actor: UserId,
    limit: PageLimit,
    after: Option<AuditKey>,
) -> Result<Page<AuditEntry, AuditKey>, Failure> {
    let before = end(None, after);
    let rows: Vec<EntryRow> = sql_query(format!(
        "SELECT {COLUMNS} FROM audit AS a INDEXED BY audit_actor_id_at_idx \
         WHERE a.actor_id = ?4 {} {AND_NEXT}",
        is_known()
    ))
    .bind::<BigInt, _>(one_more(limit))
    .bind::<BigInt, _>(before.at.as_millis())
    .bind::<Binary, _>(id_bytes(before.id.as_uuid()))
    .bind::<Binary, _>(id_bytes(actor.as_uuid()))
    .load(conn)?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(AuditEntry::try_from(row)?);
    }
    Ok(page(entries, limit, AuditEntry::key))
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

/// How many are read, to know whether more follow.
fn one_more(limit: PageLimit) -> i64 {
    i64::from(limit.get()).saturating_add(1)
}

/// A page of what was found.
fn page<T>(mut items: Vec<T>, limit: PageLimit, key: impl Fn(&T) -> AuditKey) -> Page<T, AuditKey> {
    let most = usize::from(limit.get());
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(key);
    Page { items, next }
}
