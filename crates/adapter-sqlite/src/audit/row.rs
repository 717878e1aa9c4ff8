//! An entry's row: as it is added, as it is read, and beside whom a workspace knows it to be of.

use std::net::IpAddr;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel::sqlite::Sqlite;
use kogents_domain::audit::{AuditAction, AuditActor, AuditEntry, AuditRecord, AuditTarget};
use kogents_domain::auth::{EmailAddress, PersonName};
use kogents_domain::ids::{AuditId, SessionId, UserId, WorkspaceId};
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::columns::{from_json, id, id_bytes, json, named, parsed, parsed_opt};
use crate::error::InvalidRow;
use crate::schema::audit;

/// The columns of [`EntryRow`], of a table that is called `a`.
pub(super) const COLUMNS: &str = "a.id, a.workspace_id, a.at, a.actor_id, a.action, a.target, \
    a.ip_address, a.session_id, a.details";

/// A row on its way into the table. What is empty is written out, so that the statement is always the
/// same.
#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
pub(super) struct NewRow {
    id: Vec<u8>,
    workspace_id: Option<Vec<u8>>,
    at: i64,
    actor_id: Option<Vec<u8>>,
    action: &'static str,
    target: Option<String>,
    ip_address: Option<String>,
    session_id: Option<Vec<u8>>,
    details: String,
}

impl NewRow {
    pub(super) fn of(entry: &AuditEntry) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: id_bytes(entry.id.as_uuid()),
            workspace_id: entry.workspace_id.map(|id| id_bytes(id.as_uuid())),
            at: entry.at.as_millis(),
            actor_id: entry.actor_id.map(|id| id_bytes(id.as_uuid())),
            action: entry.action.as_str(),
            target: entry.target.map(|target| target.to_string()),
            ip_address: entry.ip_address.map(|address| address.to_string()),
            session_id: entry.session_id.map(|id| id_bytes(id.as_uuid())),
            details: json(&entry.details, "audit.details")?,
        })
    }
}

#[derive(QueryableByName)]
#[diesel(table_name = audit, check_for_backend(Sqlite))]
pub(super) struct EntryRow {
    id: Vec<u8>,
    workspace_id: Option<Vec<u8>>,
    at: i64,
    actor_id: Option<Vec<u8>>,
    action: String,
    target: Option<String>,
    ip_address: Option<String>,
    session_id: Option<Vec<u8>>,
    details: String,
}

/// With the person who did it, where they are a member.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Sqlite))]
pub(super) struct RecordRow {
    #[diesel(embed)]
    entry: EntryRow,
    #[diesel(sql_type = Nullable<Text>)]
    actor_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_email_normalised: Option<String>,
}

fn id_opt(bytes: Option<Vec<u8>>, column: &'static str) -> Result<Option<Uuid>, InvalidRow> {
    bytes.map(|bytes| id(&bytes, column)).transpose()
}

impl TryFrom<EntryRow> for AuditEntry {
    type Error = InvalidRow;

    fn try_from(row: EntryRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: AuditId::from_uuid(id(&row.id, "audit.id")?),
            at: Timestamp::from_millis(row.at),
            workspace_id: id_opt(row.workspace_id, "audit.workspace_id")?
                .map(WorkspaceId::from_uuid),
            actor_id: id_opt(row.actor_id, "audit.actor_id")?.map(UserId::from_uuid),
            action: named(&row.action, AuditAction::from_name, "audit.action")?,
            target: row
                .target
                .map(|text| named(&text, AuditTarget::parse, "audit.target"))
                .transpose()?,
            ip_address: parsed_opt(row.ip_address, str::parse::<IpAddr>, "audit.ip_address")?,
            session_id: id_opt(row.session_id, "audit.session_id")?.map(SessionId::from_uuid),
            details: from_json(&row.details, "audit.details")?,
        })
    }
}

impl TryFrom<RecordRow> for AuditRecord {
    type Error = InvalidRow;

    fn try_from(row: RecordRow) -> Result<Self, InvalidRow> {
        let actor = match (row.actor_name, row.actor_email, row.actor_email_normalised) {
            (Some(name), Some(email), Some(normalised)) => Some(AuditActor {
                name: parsed(&name, PersonName::parse, "users.name")?,
                email: EmailAddress::from_stored(&email, &normalised)
                    .map_err(|_| InvalidRow("users.email"))?,
            }),
            (None, None, None) => None,
            _ => return Err(InvalidRow("users.email")),
        };
        Ok(Self {
            entry: row.entry.try_into()?,
            actor,
        })
    }
}
