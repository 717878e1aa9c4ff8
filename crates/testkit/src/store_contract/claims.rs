//! Cases of claiming jobs and finishing them.

use std::collections::BTreeSet;
use std::sync::Arc;

use kogents_domain::ids::MailId;
use kogents_domain::mail::Template;

use super::outbox::{claim, claim_by, enqueue, fresh_token, mail_ids};
use super::support::{StorePort, at, before, begin, commit};
use crate::builders::a_mail_job;
use crate::parallel::at_once;

pub(crate) async fn sent(store: &StorePort, id: MailId, token: i64, secs: i64) -> bool {
    let mut unit = begin(store).await;
    let done = unit.outbox().mark_sent(id, token, at(secs)).await.unwrap();
    commit(unit).await;
    done
}

pub(crate) async fn retry(store: &StorePort, id: MailId, token: i64, run_at_secs: i64) -> bool {
    let mut unit = begin(store).await;
    let done = unit
        .outbox()
        .mark_retry(id, token, at(run_at_secs), "451 try again")
        .await
        .unwrap();
    commit(unit).await;
    done
}

pub(crate) async fn give_back(store: &StorePort, id: MailId, token: i64, run_at_secs: i64) -> bool {
    let mut unit = begin(store).await;
    let done = unit
        .outbox()
        .give_back(id, token, at(run_at_secs), "535 not signed in")
        .await
        .unwrap();
    commit(unit).await;
    done
}

pub(crate) async fn dead(store: &StorePort, id: MailId, token: i64, secs: i64) -> bool {
    let mut unit = begin(store).await;
    let done = unit
        .outbox()
        .mark_dead(id, token, at(secs), "550 no such person")
        .await
        .unwrap();
    commit(unit).await;
    done
}

/// One job in the queue, claimed at a second by a token of its own.
pub(crate) async fn one_claimed(store: &StorePort, secs: i64) -> (MailId, i64) {
    let job = a_mail_job(Template::Welcome).build();
    assert!(enqueue(store, &job).await);
    let token = fresh_token();
    let claimed = mail_ids(&claim_by(store, token, at(secs), 10).await);
    assert_eq!(claimed, [job.id]);
    (job.id, token)
}

/// The lanes by urgency, within a lane by age.
pub async fn urgent_lanes_come_first_and_older_jobs_before_younger(store: StorePort) {
    let job = |template, secs| a_mail_job(template).queued_at(at(secs)).build();
    let other_old = job(Template::Welcome, 0);
    let security_old = job(Template::RefreshTokenReused, 1);
    let code_old = job(Template::VerificationCode, 2);
    let other_young = job(Template::AccountExists, 3);
    let code_young = job(Template::VerificationCode, 4);
    let security_young = job(Template::RefreshTokenReused, 5);
    for job in [
        &other_old,
        &security_old,
        &code_old,
        &other_young,
        &code_young,
        &security_young,
    ] {
        assert!(enqueue(&store, job).await);
    }
    let claimed = mail_ids(&claim(&store, at(10), 10).await);
    assert_eq!(
        claimed,
        [
            code_old.id,
            code_young.id,
            security_old.id,
            security_young.id,
            other_old.id,
            other_young.id
        ]
    );
}

/// The rest waits for the next claim, in the same order.
pub async fn a_claim_takes_no_more_than_its_limit(store: StorePort) {
    let mut expected = Vec::new();
    for secs in 0..5 {
        let job = a_mail_job(Template::Welcome).queued_at(at(secs)).build();
        assert!(enqueue(&store, &job).await);
        expected.push(job.id);
    }
    let mut claimed = Vec::new();
    for size in [2, 2, 1, 0] {
        let part = mail_ids(&claim(&store, at(10), 2).await);
        assert_eq!(part.len(), size);
        claimed.extend(part);
    }
    assert_eq!(claimed, expected);
}

/// Not a millisecond.
pub async fn no_job_is_claimed_before_its_time(store: StorePort) {
    let job = a_mail_job(Template::Welcome).run_at(at(30)).build();
    assert!(enqueue(&store, &job).await);
    assert_eq!(claim(&store, before(at(30)), 10).await, []);
    assert_eq!(mail_ids(&claim(&store, at(30), 10).await), [job.id]);
}

/// From its end on: a code is never sent after it has expired, without any sweep.
pub async fn r2_no_job_is_claimed_once_it_has_expired(store: StorePort) {
    let job = |secs| {
        a_mail_job(Template::VerificationCode)
            .expires_at(at(secs))
            .build()
    };
    let (sooner, later) = (job(30), job(31));
    for waiting in [&sooner, &later] {
        assert!(enqueue(&store, waiting).await);
    }
    assert_eq!(mail_ids(&claim(&store, at(30), 10).await), [later.id]);
    // Nor once the lease on it has run out.
    assert_eq!(claim(&store, at(600), 10).await, []);
}

/// Not before the lease has run out, and its try is counted then.
pub async fn a_leased_job_is_not_claimed_again(store: StorePort) {
    let (id, _) = one_claimed(&store, 10).await;
    for now in [at(10), at(40), before(at(70))] {
        assert_eq!(claim(&store, now, 10).await, []);
    }
    let again = claim(&store, at(71), 10).await;
    assert_eq!(mail_ids(&again), [id]);
    assert_eq!(again.first().map(|mail| mail.attempts), Some(2));
}

/// Whoever was too slow changes nothing any more.
pub async fn r2_an_expired_lease_is_claimed_again_and_fences_the_old_one(store: StorePort) {
    let (id, old) = one_claimed(&store, 0).await;
    let new = fresh_token();
    assert_eq!(mail_ids(&claim_by(&store, new, at(100), 10).await), [id]);
    assert!(!sent(&store, id, old, 101).await);
    assert!(!retry(&store, id, old, 101).await);
    assert!(!give_back(&store, id, old, 101).await);
    assert!(!dead(&store, id, old, 101).await);
    // The new lease is untouched by all that.
    assert_eq!(claim(&store, at(150), 10).await, []);
    assert!(sent(&store, id, new, 150).await);
}

/// Four workers empty a queue of a thousand; nobody gets what another has.
pub async fn r2_parallel_claimers_get_every_job_once(store: StorePort) {
    let jobs: Vec<_> = (0..1_000)
        .map(|n| {
            a_mail_job(if n % 2 == 0 {
                Template::Welcome
            } else {
                Template::VerificationCode
            })
            .build()
        })
        .collect();
    let mut unit = begin(&store).await;
    for job in &jobs {
        assert_eq!(unit.outbox().enqueue(job).await, Ok(true));
    }
    commit(unit).await;

    let shares = at_once((0..4).map(|_| {
        let store = Arc::clone(&store);
        async move {
            let mut share = Vec::new();
            loop {
                let claimed = mail_ids(&claim(&store, at(1), 7).await);
                if claimed.is_empty() {
                    return share;
                }
                share.extend(claimed);
            }
        }
    }))
    .await;
    let all: Vec<MailId> = shares.into_iter().flatten().collect();
    let distinct: BTreeSet<MailId> = all.iter().copied().collect();
    assert_eq!(all.len(), 1_000);
    assert_eq!(distinct, jobs.iter().map(|job| job.id).collect());
}

/// Sent once is sent.
pub async fn a_sent_job_is_gone_for_good(store: StorePort) {
    let (id, token) = one_claimed(&store, 0).await;
    assert!(sent(&store, id, token, 1).await);
    assert!(!sent(&store, id, token, 2).await);
    assert!(!retry(&store, id, token, 2).await);
    assert!(!give_back(&store, id, token, 2).await);
    assert!(!dead(&store, id, token, 2).await);
    assert_eq!(claim(&store, at(1_000), 10).await, []);
}

/// The lease ends with the retry, and the next try is counted.
pub async fn a_job_to_retry_waits_until_its_time(store: StorePort) {
    let (id, token) = one_claimed(&store, 0).await;
    assert!(retry(&store, id, token, 30).await);
    assert!(!sent(&store, id, token, 1).await, "the lease is given back");
    assert_eq!(claim(&store, before(at(30)), 10).await, []);
    let again = claim(&store, at(30), 10).await;
    assert_eq!(mail_ids(&again), [id]);
    let mail = again.first().unwrap();
    assert_eq!(mail.attempts, 2);
    assert_eq!(mail.sealed, id.as_uuid().as_bytes());
}

/// The try that a job was given back after has not been; its lease ends.
pub async fn r2_a_job_given_back_has_not_been_tried(store: StorePort) {
    let (id, token) = one_claimed(&store, 0).await;
    assert!(give_back(&store, id, token, 30).await);
    assert!(!sent(&store, id, token, 1).await, "the lease is given back");
    assert_eq!(claim(&store, before(at(30)), 10).await, []);
    for (now, tries) in [(30, 1), (100, 2)] {
        let again = claim(&store, at(now), 10).await;
        assert_eq!(mail_ids(&again), [id]);
        assert_eq!(again.first().map(|mail| mail.attempts), Some(tries));
    }
}

/// A dead letter is not sent again by itself.
pub async fn a_dead_job_is_gone_for_good(store: StorePort) {
    let (id, token) = one_claimed(&store, 0).await;
    assert!(dead(&store, id, token, 1).await);
    assert!(!sent(&store, id, token, 2).await);
    assert!(!dead(&store, id, token, 2).await);
    assert_eq!(claim(&store, at(1_000), 10).await, []);
}

/// A token that names another claim, or none, finishes nothing.
pub async fn a_foreign_token_finishes_nothing(store: StorePort) {
    let (id, token) = one_claimed(&store, 0).await;
    let foreign = fresh_token();
    assert!(!sent(&store, id, foreign, 1).await);
    assert!(!retry(&store, id, foreign, 1).await);
    assert!(!give_back(&store, id, foreign, 1).await);
    assert!(!dead(&store, id, foreign, 1).await);
    let waiting = a_mail_job(Template::Welcome).run_at(at(500)).build();
    assert!(enqueue(&store, &waiting).await);
    assert!(!sent(&store, waiting.id, token, 1).await);
    assert!(sent(&store, id, token, 1).await);
}
