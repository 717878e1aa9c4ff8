//! Claims jobs that are due.

use diesel::dsl::array_position;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel_async::RunQueryDsl;
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, Lane, QueuedMail, Template};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use super::QUEUED;
use crate::error::unreadable;
use crate::rows;
use crate::schema::outbox;
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(diesel::pg::Pg))]
struct QueuedRow {
    id: Uuid,
    lane: String,
    template: String,
    language: String,
    recipient: Option<String>,
    payload: Option<Vec<u8>>,
    expires_at: Option<i64>,
    attempts: i64,
    created_at: i64,
}

impl TryFrom<QueuedRow> for QueuedMail {
    type Error = StoreError;
    fn try_from(row: QueuedRow) -> Result<Self, StoreError> {
        let recipient = row.recipient.as_deref().unwrap_or_default();
        Ok(Self {
            id: MailId::from_uuid(row.id),
            template: Template::from_name(&row.template)
                .ok_or_else(|| unreadable("outbox.template"))?,
            lane: Lane::from_name(&row.lane).ok_or_else(|| unreadable("outbox.lane"))?,
            language: Language::parse(&row.language).map_err(|_| unreadable("outbox.language"))?,
            recipient: EmailAddress::parse(recipient)
                .map_err(|_| unreadable("outbox.recipient"))?,
            sealed: row.payload.ok_or_else(|| unreadable("outbox.payload"))?,
            attempts: u32::try_from(row.attempts).map_err(|_| unreadable("outbox.attempts"))?,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: rows::moment(row.expires_at),
        })
    }
}

/// See [`OutboxRepository::claim_due`](kogents_domain::mail::OutboxRepository::claim_due).
///
/// Rows that another worker is claiming at this moment are passed over, not waited for.
pub(super) async fn claim_due(
    unit: &mut PgUnitOfWork,
    claim: ClaimDue,
) -> Result<Vec<QueuedMail>, StoreError> {
    let now = claim.now.as_millis();
    let lanes: Vec<&'static str> = Lane::ALL.into_iter().map(Lane::as_str).collect();
    let query = outbox::table
        .filter(outbox::state.eq(QUEUED))
        .filter(outbox::run_at.le(now))
        .filter(outbox::expires_at.is_null().or(outbox::expires_at.gt(now)))
        .filter(
            outbox::lease_until
                .is_null()
                .or(outbox::lease_until.le(now)),
        )
        .order((
            array_position::<Array<Text>, Text, _, _>(lanes, outbox::lane).asc(),
            outbox::created_at.asc(),
            outbox::id.asc(),
        ))
        .limit(i64::from(claim.limit))
        .for_update()
        .skip_locked()
        .select(outbox::id);
    let due: Vec<Uuid> = ask!(unit, connection => query.load(connection))?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let lease = diesel::update(outbox::table)
        .filter(outbox::id.eq_any(due.clone()))
        .set((
            outbox::lease_until.eq(claim.lease_until.as_millis()),
            outbox::lease_token.eq(claim.lease_token),
            outbox::attempts.eq(outbox::attempts + 1_i64),
        ))
        .returning(QueuedRow::as_returning());
    let mut claimed: Vec<QueuedRow> = ask!(unit, connection => lease.get_results(connection))?;
    // RETURNING keeps no order.
    claimed.sort_by_key(|row| due.iter().position(|id| *id == row.id));
    claimed.into_iter().map(QueuedMail::try_from).collect()
}
