//! Queues a job, at most once in its dedupe window.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use kogents_domain::mail::MailJob;
use kogents_domain::store::StoreError;

use super::{QUEUED, VOID, Wiped};
use crate::fixed::FixedText as _;
use crate::schema::outbox;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// See [`OutboxRepository::enqueue`](kogents_domain::mail::OutboxRepository::enqueue).
pub(super) async fn enqueue(unit: &mut PgUnitOfWork, job: &MailJob) -> Result<bool, StoreError> {
    let now = job.created_at;
    let dedupe_key = job.dedupe.map(|dedupe| dedupe.key.as_bytes().to_vec());
    if let Some(key) = dedupe_key.clone() {
        // The key of a window that is over is free again. Whoever else does this at the same
        // moment waits for this row and then meets the unique index.
        let free = diesel::update(outbox::table)
            .filter(outbox::dedupe_key.eq(key))
            .filter(outbox::dedupe_until.le(now.as_millis()))
            .set((
                outbox::dedupe_key.eq(None::<Vec<u8>>),
                outbox::dedupe_until.eq(None::<i64>),
            ))
            .fixed();
        ask!(unit, connection => free.execute(connection))?;
    }
    let replace_key = job.replace_key.map(|key| key.as_bytes().to_vec());
    let insert = diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(*job.id.as_uuid()),
            outbox::lane.eq(job.template.lane().as_str()),
            outbox::template.eq(job.template.as_str()),
            outbox::language.eq(job.language.as_str().to_owned()),
            outbox::recipient.eq(job.recipient.as_given().to_owned()),
            outbox::payload.eq(job.sealed.clone()),
            outbox::dedupe_key.eq(dedupe_key),
            outbox::dedupe_until.eq(job.dedupe.map(|dedupe| dedupe.until.as_millis())),
            outbox::replace_key.eq(replace_key.clone()),
            outbox::run_at.eq(job.run_at.as_millis()),
            outbox::expires_at.eq(job.expires_at.map(|at| at.as_millis())),
            outbox::attempts.eq(0_i64),
            outbox::state.eq(QUEUED),
            outbox::created_at.eq(now.as_millis()),
        ))
        .on_conflict(outbox::dedupe_key)
        .filter_target(outbox::dedupe_key.is_not_null())
        .do_nothing();
    let inserted = ask!(unit, connection => insert.execute(connection))?;
    if inserted == 0 {
        return Ok(false);
    }
    if let Some(key) = replace_key {
        let replace = diesel::update(outbox::table)
            .filter(outbox::replace_key.eq(key))
            // Written out, because the partial index is used only where its condition is seen.
            .filter(sql::<Bool>("state IN ('queued', 'dead')"))
            .filter(outbox::id.ne(*job.id.as_uuid()))
            .set(Wiped::new(VOID, now)).fixed();
        ask!(unit, connection => replace.execute(connection))?;
    }
    Ok(true)
}
