//! Cases of queueing mail: what a job is, which jobs are one, which replace another.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kogents_domain::auth::Language;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, Lane, MailJob, QueuedMail, Template};
use kogents_domain::time::{Span, Timestamp};

use super::support::{StorePort, at, begin, commit};
use crate::builders::{START, a_mail_job, unique_digest};
use crate::parallel::at_once;

static LAST_TOKEN: AtomicI64 = AtomicI64::new(0);

/// A lease token that no other claim has.
pub(crate) fn fresh_token() -> i64 {
    LAST_TOKEN.fetch_add(1, Ordering::SeqCst) + 1
}

/// Queues a job in a unit of its own.
pub(crate) async fn enqueue(store: &StorePort, job: &MailJob) -> bool {
    let mut unit = begin(store).await;
    let queued = unit.outbox().enqueue(job).await.unwrap();
    commit(unit).await;
    queued
}

/// A claim for a minute in every lane, by a token.
pub(crate) fn claim_of(lease_token: i64, now: Timestamp, limit: u16) -> ClaimDue {
    ClaimDue {
        lanes: Lane::ALL.to_vec(),
        now,
        lease_until: now.plus(Span::from_secs(60)),
        lease_token,
        limit,
    }
}

/// Claims for a minute in every lane, by a token.
pub(crate) async fn claim_by(
    store: &StorePort,
    lease_token: i64,
    now: Timestamp,
    limit: u16,
) -> Vec<QueuedMail> {
    claim_with(store, claim_of(lease_token, now, limit)).await
}

/// Claims as it is told.
pub(crate) async fn claim_with(store: &StorePort, claim: ClaimDue) -> Vec<QueuedMail> {
    let mut unit = begin(store).await;
    let claimed = unit.outbox().claim_due(claim).await.unwrap();
    commit(unit).await;
    claimed
}

/// Claims for a minute, by a token that nobody else has.
pub(crate) async fn claim(store: &StorePort, now: Timestamp, limit: u16) -> Vec<QueuedMail> {
    claim_by(store, fresh_token(), now, limit).await
}

/// Claims one job and says that it was sent.
pub(crate) async fn send_one(store: &StorePort, now: Timestamp) -> MailId {
    let token = fresh_token();
    let claimed = claim_by(store, token, now, 1).await;
    let id = claimed.first().expect("nothing to send").id;
    let mut unit = begin(store).await;
    assert_eq!(unit.outbox().mark_sent(id, token, now).await, Ok(true));
    commit(unit).await;
    id
}

pub(crate) fn mail_ids(mails: &[QueuedMail]) -> Vec<MailId> {
    mails.iter().map(|mail| mail.id).collect()
}

/// The mail is part of the change it tells of.
pub async fn r1_a_job_of_a_dropped_unit_is_not_queued(store: StorePort) {
    let job = a_mail_job(Template::Welcome).build();
    let mut unit = begin(&store).await;
    assert_eq!(unit.outbox().enqueue(&job).await, Ok(true));
    drop(unit);
    assert_eq!(claim(&store, at(1), 10).await, []);
    // Nor does it stand in the way of the same job.
    assert!(enqueue(&store, &job).await);
    assert_eq!(mail_ids(&claim(&store, at(1), 10).await), [job.id]);
}

/// Bytes of every value, a language, the address as given, an end.
pub async fn a_claimed_job_has_every_field(store: StorePort) {
    let job = a_mail_job(Template::VerificationCode)
        .queued_at(START.plus(Span::from_millis(7)))
        .expires_at(at(600))
        .dedupe(unique_digest(), at(60))
        .replace_key(unique_digest())
        .with(|job| {
            job.language = Language::parse("pt-BR").unwrap();
            job.sealed = (0..=255).collect();
        })
        .build();
    assert!(enqueue(&store, &job).await);
    let claimed = claim(&store, at(1), 10).await;
    let [mail] = claimed.as_slice() else {
        panic!("not one job: {claimed:?}");
    };
    assert_eq!(mail.recipient.as_given(), job.recipient.as_given());
    let expected = QueuedMail {
        id: job.id,
        template: job.template,
        lane: job.template.lane(),
        language: job.language,
        recipient: job.recipient,
        sealed: job.sealed,
        attempts: 1,
        created_at: job.created_at,
        expires_at: job.expires_at,
    };
    assert_eq!(mail, &expected);
}

/// Every template and its lane are known to the store.
pub async fn every_template_waits_in_its_lane(store: StorePort) {
    for template in Template::ALL {
        assert!(enqueue(&store, &a_mail_job(template).build()).await);
    }
    let claimed = claim(&store, at(1), 100).await;
    assert_eq!(claimed.len(), Template::ALL.len());
    for mail in claimed {
        assert_eq!(mail.lane, mail.template.lane());
        assert_eq!(mail.expires_at, None);
    }
}

/// The first job's window decides, up to its last millisecond.
pub async fn an_equal_job_is_not_queued_within_the_window(store: StorePort) {
    let key = unique_digest();
    let first = a_mail_job(Template::AccountExists)
        .dedupe(key, at(60))
        .build();
    assert!(enqueue(&store, &first).await);
    for secs in [0, 30, 59] {
        let again = a_mail_job(Template::AccountExists)
            .queued_at(at(secs).plus(Span::from_millis(999)))
            .dedupe(key, at(secs + 60))
            .build();
        assert!(!enqueue(&store, &again).await, "after {secs} s");
    }
    assert_eq!(mail_ids(&claim(&store, at(600), 10).await), [first.id]);
}

/// Sending a job does not open the window again.
pub async fn a_sent_job_still_counts_within_the_window(store: StorePort) {
    let key = unique_digest();
    let first = a_mail_job(Template::AccountExists)
        .dedupe(key, at(60))
        .build();
    assert!(enqueue(&store, &first).await);
    assert_eq!(send_one(&store, at(1)).await, first.id);
    let again = a_mail_job(Template::AccountExists)
        .queued_at(at(30))
        .dedupe(key, at(90))
        .build();
    assert!(!enqueue(&store, &again).await);
    assert_eq!(claim(&store, at(600), 10).await, []);
}

/// Whether the first was sent or still waits.
pub async fn after_the_window_an_equal_job_is_queued(store: StorePort) {
    let key = unique_digest();
    let job = |secs| {
        a_mail_job(Template::AccountExists)
            .queued_at(at(secs))
            .dedupe(key, at(secs + 60))
            .build()
    };
    let (first, second, third) = (job(0), job(60), job(120));
    assert!(enqueue(&store, &first).await);
    assert_eq!(send_one(&store, at(1)).await, first.id);
    assert!(enqueue(&store, &second).await);
    assert!(!enqueue(&store, &job(119)).await);
    assert!(enqueue(&store, &third).await);
    let waiting = mail_ids(&claim(&store, at(600), 10).await);
    assert_eq!(waiting, [second.id, third.id]);
}

/// Another key is another mail, and so is none.
pub async fn other_keys_do_not_count(store: StorePort) {
    for key in [Some(unique_digest()), Some(unique_digest()), None, None] {
        let job = a_mail_job(Template::AccountExists);
        let job = match key {
            Some(key) => job.dedupe(key, at(60)),
            None => job,
        };
        assert!(enqueue(&store, &job.build()).await);
    }
    assert_eq!(claim(&store, at(1), 10).await.len(), 4);
}

/// Of twenty at once, one is queued and the others are told so, without an error.
pub async fn parallel_equal_jobs_queue_one(store: StorePort) {
    let key = unique_digest();
    let results = at_once((0..20).map(|_| {
        let store = Arc::clone(&store);
        let job = a_mail_job(Template::AccountExists)
            .dedupe(key, at(60))
            .build();
        async move { enqueue(&store, &job).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|queued| **queued).count(), 1);
    assert_eq!(claim(&store, at(1), 100).await.len(), 1);
}

/// Codes: the newest is the only one that is still sent. What was sent stays sent.
pub async fn a_newer_job_voids_waiting_ones_of_its_key(store: StorePort) {
    let (key, other) = (unique_digest(), unique_digest());
    let job = |secs, key| {
        a_mail_job(Template::VerificationCode)
            .queued_at(at(secs))
            .replace_key(key)
            .build()
    };
    let sent = job(0, key);
    assert!(enqueue(&store, &sent).await);
    assert_eq!(send_one(&store, at(0)).await, sent.id);
    let (older, foreign, newer) = (job(1, key), job(2, other), job(3, key));
    let keyless = a_mail_job(Template::VerificationCode)
        .queued_at(at(2))
        .build();
    for waiting in [&older, &foreign, &keyless, &newer] {
        assert!(enqueue(&store, waiting).await);
    }
    let claimed = mail_ids(&claim(&store, at(10), 10).await);
    assert_eq!(claimed, [foreign.id, keyless.id, newer.id]);
}

/// Not by waiting, and not by a lease that runs out.
pub async fn a_voided_job_does_not_come_back(store: StorePort) {
    let key = unique_digest();
    let job = |secs| {
        a_mail_job(Template::VerificationCode)
            .queued_at(at(secs))
            .replace_key(key)
            .build()
    };
    let (older, newer) = (job(0), job(5));
    assert!(enqueue(&store, &older).await);
    // A worker has it in hands while the newer one comes.
    let token = fresh_token();
    assert_eq!(
        mail_ids(&claim_by(&store, token, at(1), 1).await),
        [older.id]
    );
    assert!(enqueue(&store, &newer).await);
    let mut unit = begin(&store).await;
    // Whether or not the worker still holds it, giving it back does not revive it.
    unit.outbox()
        .mark_retry(older.id, token, at(6), "refused for now")
        .await
        .unwrap();
    commit(unit).await;
    assert_eq!(mail_ids(&claim(&store, at(10), 10).await), [newer.id]);
    assert_eq!(mail_ids(&claim(&store, at(600), 10).await), [newer.id]);
}
