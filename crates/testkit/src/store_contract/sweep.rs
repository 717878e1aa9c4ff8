//! Cases of clearing the queue up.

use kogents_domain::mail::{MailJob, Template};
use kogents_domain::time::Timestamp;

use super::outbox::{claim, claim_by, enqueue, fresh_token, mail_ids, send_one};
use super::support::{StorePort, at, before, begin, commit};
use crate::builders::{a_mail_job, unique_digest};

/// Before everything that happens here.
pub(crate) const NEVER: i64 = -1_000_000;

pub(crate) async fn sweep(store: &StorePort, now: Timestamp, finished_before: Timestamp) -> u64 {
    let mut unit = begin(store).await;
    let touched = unit.outbox().sweep(now, finished_before).await.unwrap();
    commit(unit).await;
    touched
}

/// Once, at its end and not before.
pub async fn r10_expired_jobs_are_dropped(store: StorePort) {
    let job = a_mail_job(Template::VerificationCode)
        .expires_at(at(30))
        .build();
    assert!(enqueue(&store, &job).await);
    assert_eq!(sweep(&store, before(at(30)), at(NEVER)).await, 0);
    assert_eq!(sweep(&store, at(30), at(NEVER)).await, 1);
    assert_eq!(sweep(&store, at(31), at(NEVER)).await, 0);
    assert_eq!(claim(&store, before(at(30)), 10).await, []);
}

/// Those that finished before the moment named, and those only.
pub async fn r10_finished_jobs_are_removed_after_a_while(store: StorePort) {
    assert!(enqueue(&store, &a_mail_job(Template::Welcome).build()).await);
    send_one(&store, at(10)).await;
    assert_eq!(sweep(&store, at(100), at(9)).await, 0);
    assert_eq!(sweep(&store, at(100), at(11)).await, 1);
    assert_eq!(sweep(&store, at(100), at(11)).await, 0);
}

/// Dead letters are finished, too.
pub async fn r10_dead_jobs_are_removed_after_a_while(store: StorePort) {
    let job = a_mail_job(Template::Welcome).build();
    assert!(enqueue(&store, &job).await);
    let token = fresh_token();
    assert_eq!(claim_by(&store, token, at(1), 10).await.len(), 1);
    let mut unit = begin(&store).await;
    let outbox = unit.outbox();
    assert_eq!(
        outbox.mark_dead(job.id, token, at(10), "550 no").await,
        Ok(true)
    );
    commit(unit).await;
    assert_eq!(sweep(&store, at(100), at(9)).await, 0);
    assert_eq!(sweep(&store, at(100), at(11)).await, 1);
}

/// Removing it would let an equal mail be queued too soon.
pub async fn a_finished_job_stays_while_its_window_is_open(store: StorePort) {
    let key = unique_digest();
    let job = |secs| {
        a_mail_job(Template::AccountExists)
            .queued_at(at(secs))
            .dedupe(key, at(3_600 + secs))
            .build()
    };
    assert!(enqueue(&store, &job(0)).await);
    send_one(&store, at(1)).await;
    assert_eq!(sweep(&store, at(100), at(50)).await, 0);
    assert!(!enqueue(&store, &job(101)).await);
    assert_eq!(sweep(&store, at(3_600), at(50)).await, 1);
    assert!(enqueue(&store, &job(3_601)).await);
}

/// Waiting, leased, and to be tried again: all are still there afterwards.
pub async fn waiting_jobs_survive_a_sweep(store: StorePort) {
    let later = a_mail_job(Template::Welcome).run_at(at(500)).build();
    let lasting = a_mail_job(Template::VerificationCode)
        .run_at(at(500))
        .expires_at(at(1_000))
        .build();
    let leased = a_mail_job(Template::RefreshTokenReused).build();
    for job in [&later, &lasting, &leased] {
        assert!(enqueue(&store, job).await);
    }
    assert_eq!(mail_ids(&claim(&store, at(90), 10).await), [leased.id]);
    assert_eq!(sweep(&store, at(100), at(100)).await, 0);
    assert_eq!(
        mail_ids(&claim(&store, at(500), 10).await),
        [lasting.id, leased.id, later.id]
    );
}

/// A long neglected queue is cleared in portions.
pub async fn one_sweep_touches_at_most_a_thousand(store: StorePort) {
    let jobs: Vec<MailJob> = (0..1_005)
        .map(|_| {
            a_mail_job(Template::VerificationCode)
                .expires_at(at(1))
                .build()
        })
        .collect();
    let mut unit = begin(&store).await;
    for job in &jobs {
        assert_eq!(unit.outbox().enqueue(job).await, Ok(true));
    }
    commit(unit).await;
    assert_eq!(sweep(&store, at(10), at(NEVER)).await, 1_000);
    assert_eq!(sweep(&store, at(10), at(NEVER)).await, 5);
    assert_eq!(sweep(&store, at(10), at(NEVER)).await, 0);
}
