//! A job's row as operators see it: what it says is not read.

use diesel::dsl::IsNotNull;
use diesel::prelude::*;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailEntry, MailState};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::rows::moment;
use crate::schema::outbox;

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(diesel::pg::Pg))]
pub(super) struct EntryRow {
    id: Uuid,
    state: String,
    lane: String,
    template: String,
    language: String,
    recipient: Option<String>,
    attempts: i64,
    created_at: i64,
    run_at: i64,
    expires_at: Option<i64>,
    lease_until: Option<i64>,
    finished_at: Option<i64>,
    last_error: Option<String>,
    #[diesel(
        select_expression = outbox::payload.is_not_null(),
        select_expression_type = IsNotNull<outbox::payload>
    )]
    has_message: bool,
}

impl TryFrom<EntryRow> for MailEntry {
    type Error = StoreError;
    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MailId::from_uuid(row.id),
            state: MailState::from_name(&row.state).ok_or_else(|| unreadable("outbox.state"))?,
            lane: Lane::from_name(&row.lane).ok_or_else(|| unreadable("outbox.lane"))?,
            template: row.template,
            language: row.language,
            recipient: row.recipient,
            attempts: u32::try_from(row.attempts).map_err(|_| unreadable("outbox.attempts"))?,
            created_at: Timestamp::from_millis(row.created_at),
            run_at: Timestamp::from_millis(row.run_at),
            expires_at: moment(row.expires_at),
            lease_until: moment(row.lease_until),
            finished_at: moment(row.finished_at),
            last_error: row.last_error,
            has_message: row.has_message,
        })
    }
}
