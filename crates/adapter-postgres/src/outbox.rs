//! The mail queue.

mod addressed;
mod claiming;
mod queueing;
mod sweeping;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, MailJob, OutboxRepository, QueuedMail};
use kogents_domain::store::StoreError;
use kogents_domain::text;
use kogents_domain::time::Timestamp;

use crate::fixed::FixedText as _;
use crate::schema::outbox;
use crate::sessions::greatest;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// Waiting for its time, or in somebody's lease.
const QUEUED: &str = "queued";
/// Delivered.
const SENT: &str = "sent";
/// Replaced by a newer one.
const VOID: &str = "void";

/// The most characters of an error that are kept.
const MAX_ERROR: usize = 500;

/// `$1` the job, `$2` its lease, `$3` now, `$4` why. What has expired is of no more use to anybody.
const MARK_DEAD: &str = "UPDATE outbox SET state = 'dead', finished_at = $3, last_error = $4, \
    lease_until = NULL, lease_token = NULL, \
    recipient = CASE WHEN expires_at <= $3 THEN NULL ELSE recipient END, \
    payload = CASE WHEN expires_at <= $3 THEN NULL ELSE payload END \
    WHERE id = $1 AND lease_token = $2 AND state = 'queued'";

/// What a job that was sent or voided loses, and the lease with it.
#[derive(AsChangeset)]
#[diesel(table_name = outbox, treat_none_as_null = true)]
struct Wiped {
    state: &'static str,
    finished_at: i64,
    payload: Option<Vec<u8>>,
    recipient: Option<String>,
    lease_until: Option<i64>,
    lease_token: Option<i64>,
}

impl Wiped {
    const fn new(state: &'static str, now: Timestamp) -> Self {
        Self {
            state,
            finished_at: now.as_millis(),
            payload: None,
            recipient: None,
            lease_until: None,
            lease_token: None,
        }
    }
}

#[async_trait]
impl OutboxRepository for PgUnitOfWork {
    async fn enqueue(&mut self, job: &MailJob) -> Result<bool, StoreError> {
        queueing::enqueue(self, job).await
    }

    async fn claim_due(&mut self, claim: ClaimDue) -> Result<Vec<QueuedMail>, StoreError> {
        claiming::claim_due(self, claim).await
    }

    async fn mark_sent(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = diesel::update(outbox::table.find(*id.as_uuid()))
            .filter(outbox::state.eq(QUEUED))
            .filter(outbox::lease_token.eq(lease_token))
            .set(Wiped::new(SENT, now))
            .fixed();
        Ok(ask!(self, connection => update.execute(connection))? == 1)
    }

    async fn mark_retry(
        &mut self,
        id: MailId,
        lease_token: i64,
        run_at: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        let update = diesel::update(outbox::table.find(*id.as_uuid()))
            .filter(outbox::state.eq(QUEUED))
            .filter(outbox::lease_token.eq(lease_token))
            .set((
                outbox::run_at.eq(run_at.as_millis()),
                outbox::last_error.eq(text::cut(error, MAX_ERROR).to_owned()),
                outbox::lease_until.eq(None::<i64>),
                outbox::lease_token.eq(None::<i64>),
            ))
            .fixed();
        Ok(ask!(self, connection => update.execute(connection))? == 1)
    }

    async fn give_back(
        &mut self,
        id: MailId,
        lease_token: i64,
        run_at: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        let update = diesel::update(outbox::table.find(*id.as_uuid()))
            .filter(outbox::state.eq(QUEUED))
            .filter(outbox::lease_token.eq(lease_token))
            .set((
                outbox::attempts.eq(greatest(outbox::attempts - 1_i64, 0_i64)),
                outbox::run_at.eq(run_at.as_millis()),
                outbox::last_error.eq(text::cut(error, MAX_ERROR).to_owned()),
                outbox::lease_until.eq(None::<i64>),
                outbox::lease_token.eq(None::<i64>),
            ))
            .fixed();
        Ok(ask!(self, connection => update.execute(connection))? == 1)
    }

    async fn mark_dead(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError> {
        let update = sql_query(MARK_DEAD)
            .bind::<SqlUuid, _>(*id.as_uuid())
            .bind::<BigInt, _>(lease_token)
            .bind::<BigInt, _>(now.as_millis())
            .bind::<Text, _>(text::cut(error, MAX_ERROR).to_owned());
        Ok(ask!(self, connection => update.execute(connection))? == 1)
    }

    async fn drop_addressed_to(
        &mut self,
        recipient: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        addressed::drop_addressed_to(self, recipient, now).await
    }

    async fn sweep(
        &mut self,
        now: Timestamp,
        finished_before: Timestamp,
    ) -> Result<u64, StoreError> {
        sweeping::sweep(self, now, finished_before).await
    }
}
