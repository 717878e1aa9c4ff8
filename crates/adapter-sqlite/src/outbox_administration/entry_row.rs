//! A job's row as operators see it: what it says is not read.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailEntry, MailState};
use kogents_domain::time::Timestamp;

use crate::columns::{id, moment, named, number};
use crate::error::InvalidRow;
use crate::schema::outbox;

/// The columns of an [`EntryRow`].
pub(super) const COLUMNS: &str = "id, state, lane, template, language, recipient, attempts, \
    created_at, run_at, expires_at, lease_until, finished_at, last_error, \
    payload IS NOT NULL AS has_message";

#[derive(QueryableByName)]
#[diesel(table_name = outbox, check_for_backend(Sqlite))]
pub(super) struct EntryRow {
    id: Vec<u8>,
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
    #[diesel(sql_type = Bool)]
    has_message: bool,
}

impl TryFrom<EntryRow> for MailEntry {
    type Error = InvalidRow;

    fn try_from(row: EntryRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: MailId::from_uuid(id(&row.id, "outbox.id")?),
            state: named(&row.state, MailState::from_name, "outbox.state")?,
            lane: named(&row.lane, Lane::from_name, "outbox.lane")?,
            template: row.template,
            language: row.language,
            recipient: row.recipient,
            attempts: number(row.attempts, "outbox.attempts")?,
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
