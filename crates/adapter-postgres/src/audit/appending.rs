//! Adds entries, many of them in few statements.

use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::audit::AuditEntry;
use kogents_domain::store::StoreError;
use uuid::Uuid;

use crate::error::unwritable;
use crate::fixed::FixedText as _;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// The most rows of one statement.
const BATCH: usize = 1_000;

/// A column each.
const APPEND: &str = "INSERT INTO audit \
        (id, workspace_id, at, actor_id, action, target, ip_address, session_id, details) \
    SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// See [`AuditRepository::append`](kogents_domain::audit::AuditRepository::append).
pub(super) async fn append(
    unit: &mut PgUnitOfWork,
    entries: &[AuditEntry],
) -> Result<(), StoreError> {
    for batch in entries.chunks(BATCH) {
        let ids = |of: fn(&AuditEntry) -> Option<Uuid>| -> Vec<Option<Uuid>> {
            batch.iter().map(of).collect()
        };
        let texts = |of: fn(&AuditEntry) -> Option<String>| -> Vec<Option<String>> {
            batch.iter().map(of).collect()
        };
        let details: Vec<String> = batch
            .iter()
            .map(|entry| serde_json::to_string(&entry.details))
            .collect::<Result<_, _>>()
            .map_err(|error| unwritable("audit.details", &error))?;
        let moments: Vec<i64> = batch.iter().map(|entry| entry.at.as_millis()).collect();
        let actions: Vec<&str> = batch.iter().map(|entry| entry.action.as_str()).collect();
        let append = sql_query(APPEND)
            .bind::<Array<Nullable<SqlUuid>>, _>(ids(|entry| Some(*entry.id.as_uuid())))
            .bind::<Array<Nullable<SqlUuid>>, _>(ids(|entry| {
                entry.workspace_id.map(|id| *id.as_uuid())
            }))
            .bind::<Array<BigInt>, _>(moments)
            .bind::<Array<Nullable<SqlUuid>>, _>(ids(|entry| {
                entry.actor_id.map(|id| *id.as_uuid())
            }))
            .bind::<Array<Text>, _>(actions)
            .bind::<Array<Nullable<Text>>, _>(texts(|entry| {
                entry.target.map(|target| target.to_string())
            }))
            .bind::<Array<Nullable<Text>>, _>(texts(|entry| {
                entry.ip_address.map(|address| address.to_string())
            }))
            .bind::<Array<Nullable<SqlUuid>>, _>(ids(|entry| {
                entry.session_id.map(|id| *id.as_uuid())
            }))
            .bind::<Array<Text>, _>(details)
            .fixed();
        ask!(unit, connection => append.execute(connection))?;
    }
    Ok(())
}
