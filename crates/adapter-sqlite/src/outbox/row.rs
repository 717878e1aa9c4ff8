//! Rows of the mail queue, on their way in and out.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailJob, QueuedMail, Template};
use kogents_domain::time::Timestamp;

use crate::columns::{digest_bytes, id, id_bytes, moment, named, number, parsed};
use crate::error::InvalidRow;
use crate::fixed::FixedText as _;
use crate::schema::outbox;

/// The unique index of the keys decides, not a look before; any other conflict is an error.
const INSERT: &str = "INSERT INTO outbox \
    (id, lane, template, language, recipient, payload, dedupe_key, dedupe_until, replace_key, \
     run_at, expires_at, attempts, state, created_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, 'queued', ?12) \
    ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING";

/// A job to queue.
pub(super) struct NewRow {
    pub(super) id: Vec<u8>,
    lane: &'static str,
    template: &'static str,
    language: String,
    recipient: String,
    payload: Vec<u8>,
    pub(super) dedupe_key: Option<Vec<u8>>,
    dedupe_until: Option<i64>,
    pub(super) replace_key: Option<Vec<u8>>,
    run_at: i64,
    expires_at: Option<i64>,
    pub(super) created_at: i64,
}

impl NewRow {
    pub(super) fn of(job: &MailJob) -> Self {
        Self {
            id: id_bytes(job.id.as_uuid()),
            lane: job.template.lane().as_str(),
            template: job.template.as_str(),
            language: job.language.as_str().to_owned(),
            recipient: job.recipient.as_given().to_owned(),
            payload: job.sealed.clone(),
            dedupe_key: job.dedupe.map(|dedupe| digest_bytes(&dedupe.key)),
            dedupe_until: job.dedupe.map(|dedupe| dedupe.until.as_millis()),
            replace_key: job.replace_key.map(|key| digest_bytes(&key)),
            run_at: job.run_at.as_millis(),
            expires_at: job.expires_at.map(Timestamp::as_millis),
            created_at: job.created_at.as_millis(),
        }
    }

    /// Adds the row, unless a job with its dedupe key is there. Gives how many were added.
    pub(super) fn insert(&self, conn: &mut SqliteConnection) -> QueryResult<usize> {
        sql_query(INSERT)
            .bind::<Binary, _>(&self.id)
            .bind::<Text, _>(self.lane)
            .bind::<Text, _>(self.template)
            .bind::<Text, _>(&self.language)
            .bind::<Text, _>(&self.recipient)
            .bind::<Binary, _>(&self.payload)
            .bind::<Nullable<Binary>, _>(&self.dedupe_key)
            .bind::<Nullable<BigInt>, _>(self.dedupe_until)
            .bind::<Nullable<Binary>, _>(&self.replace_key)
            .bind::<BigInt, _>(self.run_at)
            .bind::<Nullable<BigInt>, _>(self.expires_at)
            .bind::<BigInt, _>(self.created_at)
            .fixed()
            .execute(conn)
    }
}

/// A job that was claimed; it is queued, so recipient and payload are there.
#[derive(QueryableByName)]
#[diesel(table_name = outbox, check_for_backend(Sqlite))]
pub(super) struct ClaimedRow {
    id: Vec<u8>,
    lane: String,
    template: String,
    language: String,
    recipient: Option<String>,
    payload: Option<Vec<u8>>,
    run_at: i64,
    expires_at: Option<i64>,
    attempts: i64,
    created_at: i64,
}

impl ClaimedRow {
    pub(super) fn id(&self) -> &[u8] {
        &self.id
    }

    /// What claims are ordered by within a lane.
    pub(super) fn order(&self) -> (i64, Vec<u8>) {
        (self.run_at, self.id.clone())
    }
}

impl TryFrom<ClaimedRow> for QueuedMail {
    type Error = InvalidRow;

    fn try_from(row: ClaimedRow) -> Result<Self, InvalidRow> {
        let recipient = row.recipient.ok_or(InvalidRow("outbox.recipient"))?;
        Ok(Self {
            id: MailId::from_uuid(id(&row.id, "outbox.id")?),
            template: named(&row.template, Template::from_name, "outbox.template")?,
            lane: named(&row.lane, Lane::from_name, "outbox.lane")?,
            language: parsed(&row.language, Language::parse, "outbox.language")?,
            recipient: parsed(&recipient, EmailAddress::parse, "outbox.recipient")?,
            sealed: row.payload.ok_or(InvalidRow("outbox.payload"))?,
            attempts: number(row.attempts, "outbox.attempts")?,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: moment(row.expires_at),
        })
    }
}
