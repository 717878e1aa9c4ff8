//! Claims jobs that are due.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::RunQueryDsl;
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, Lane, QueuedMail, Template};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::rows;
use crate::schema::outbox;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` lanes, `$2` now, `$3` the most, `$4` until when and `$5` in whose lease, `$6` the templates
/// that this release knows: during an upgrade the newer one's mail is left to it.
///
/// Each lane is read in the order of its index, so that a backlog costs a claim nothing. Every
/// lane's part runs, and locks up to `$3` rows for the moment of the claim, also where the lanes
/// before it have enough. Locked rows are passed over, not waited for: another instance may thus
/// pass over rows that this claim does not take, and finds them at its next.
const CLAIM: &str = "WITH due AS MATERIALIZED ( \
        SELECT found.id, g.place FROM unnest($1) WITH ORDINALITY AS g (lane, place) \
        CROSS JOIN LATERAL ( \
            SELECT o.id FROM outbox AS o \
            WHERE o.state = 'queued' AND o.lane = g.lane AND o.run_at <= $2 \
                AND o.template = ANY($6) \
                AND (o.lease_until IS NULL OR o.lease_until <= $2) \
                AND (o.expires_at IS NULL OR o.expires_at > $2) \
            ORDER BY o.run_at, o.id LIMIT $3 FOR UPDATE SKIP LOCKED \
        ) AS found \
        ORDER BY g.place LIMIT $3) \
    UPDATE outbox AS o \
    SET lease_until = $4, lease_token = $5, attempts = o.attempts + 1 \
    FROM due WHERE o.id = due.id \
    RETURNING due.place, o.id, o.lane, o.template, o.language, o.recipient, o.payload, o.run_at, \
        o.expires_at, o.attempts, o.created_at";

/// `$1` the job, `$2` now, `$3` why. It keeps what it has: another release may be able to read it.
const BURY: &str = "UPDATE outbox SET state = 'dead', finished_at = $2, last_error = $3, \
    lease_until = NULL, lease_token = NULL WHERE id = $1";

#[derive(QueryableByName)]
#[diesel(table_name = outbox, check_for_backend(diesel::pg::Pg))]
struct ClaimedRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    id: Uuid,
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
    /// The job; or the column that cannot be read back.
    fn read(self) -> Result<QueuedMail, &'static str> {
        let recipient = self.recipient.as_deref().unwrap_or_default();
        Ok(QueuedMail {
            id: MailId::from_uuid(self.id),
            template: Template::from_name(&self.template).ok_or("outbox.template")?,
            lane: Lane::from_name(&self.lane).ok_or("outbox.lane")?,
            language: Language::parse(&self.language).map_err(|_| "outbox.language")?,
            recipient: EmailAddress::parse(recipient).map_err(|_| "outbox.recipient")?,
            sealed: self.payload.ok_or("outbox.payload")?,
            attempts: u32::try_from(self.attempts).map_err(|_| "outbox.attempts")?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: rows::moment(self.expires_at),
        })
    }
}

/// See [`OutboxRepository::claim_due`](kogents_domain::mail::OutboxRepository::claim_due).
pub(super) async fn claim_due(
    unit: &mut PgUnitOfWork,
    claim: ClaimDue,
) -> Result<Vec<QueuedMail>, StoreError> {
    let lanes: Vec<&'static str> = claim.lanes.into_iter().map(Lane::as_str).collect();
    let templates: Vec<&'static str> = Template::ALL.into_iter().map(Template::as_str).collect();
    let lease = sql_query(CLAIM)
        .bind::<Array<Text>, _>(lanes)
        .bind::<BigInt, _>(claim.now.as_millis())
        .bind::<BigInt, _>(i64::from(claim.limit))
        .bind::<BigInt, _>(claim.lease_until.as_millis())
        .bind::<BigInt, _>(claim.lease_token)
        .bind::<Array<Text>, _>(templates);
    let mut rows: Vec<ClaimedRow> = ask!(unit, connection => lease.get_results(connection))?;
    // RETURNING keeps no order.
    rows.sort_unstable_by_key(|row| (row.place, row.run_at, row.id));
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id;
        match row.read() {
            Ok(mail) => claimed.push(mail),
            Err(column) => bury(unit, id, column, claim.now).await?,
        }
    }
    Ok(claimed)
}

/// Makes a dead letter of a job that cannot be read, so that it does not stop the queue.
async fn bury(
    unit: &mut PgUnitOfWork,
    id: Uuid,
    column: &'static str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::error!(mail = %id, column, "a queued mail cannot be read and is given up");
    let bury = sql_query(BURY)
        .bind::<diesel::sql_types::Uuid, _>(id)
        .bind::<BigInt, _>(now.as_millis())
        .bind::<Text, _>(format!("{column} cannot be read back"));
    ask!(unit, connection => bury.execute(connection))?;
    Ok(())
}
