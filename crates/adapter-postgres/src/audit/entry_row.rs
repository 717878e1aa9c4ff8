//! An entry's row, alone and beside whom a workspace knows it to be of.

use std::net::IpAddr;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use kogents_domain::audit::{AuditAction, AuditActor, AuditEntry, AuditRecord, AuditTarget};
use kogents_domain::auth::{EmailAddress, PersonName};
use kogents_domain::ids::{AuditId, SessionId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::rows::parsed;
use crate::schema::audit;

/// The columns of [`EntryRow`].
pub(super) const COLUMNS: &str =
    "id, workspace_id, at, actor_id, action, target, ip_address, session_id, details";

#[derive(QueryableByName)]
#[diesel(table_name = audit, check_for_backend(diesel::pg::Pg))]
pub(super) struct EntryRow {
    id: Uuid,
    workspace_id: Option<Uuid>,
    at: i64,
    actor_id: Option<Uuid>,
    action: String,
    target: Option<String>,
    ip_address: Option<String>,
    session_id: Option<Uuid>,
    details: String,
}

/// With the person who did it, where they are a member.
#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
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

impl TryFrom<EntryRow> for AuditEntry {
    type Error = StoreError;
    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AuditId::from_uuid(row.id),
            at: Timestamp::from_millis(row.at),
            workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
            actor_id: row.actor_id.map(UserId::from_uuid),
            action: AuditAction::from_name(&row.action)
                .ok_or_else(|| unreadable("audit.action"))?,
            target: parsed(row.target.as_deref(), "audit.target", |text| {
                AuditTarget::parse(text).ok_or(())
            })?,
            ip_address: parsed(
                row.ip_address.as_deref(),
                "audit.ip_address",
                str::parse::<IpAddr>,
            )?,
            session_id: row.session_id.map(SessionId::from_uuid),
            details: serde_json::from_str(&row.details).map_err(|_| unreadable("audit.details"))?,
        })
    }
}

impl TryFrom<RecordRow> for AuditRecord {
    type Error = StoreError;
    fn try_from(row: RecordRow) -> Result<Self, StoreError> {
        let actor = match (row.actor_name, row.actor_email, row.actor_email_normalised) {
            (Some(name), Some(email), Some(normalised)) => Some(AuditActor {
                name: PersonName::parse(&name).map_err(|_| unreadable("users.name"))?,
                email: EmailAddress::from_stored(&email, &normalised)
                    .map_err(|_| unreadable("users.email"))?,
            }),
            (None, None, None) => None,
            _ => return Err(unreadable("users.email")),
        };
        Ok(Self {
            entry: row.entry.try_into()?,
            actor,
        })
    }
}
