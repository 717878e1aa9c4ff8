//! Cases of dead letters: what they keep, and how they are queued again, voided and removed.

use kogents_domain::ids::MailId;
use kogents_domain::mail::{MailEntry, MailJob, MailState, Template};

use super::claims::{dead, one_claimed, sent};
use super::outbox::{claim, claim_by, enqueue, fresh_token, mail_ids};
use super::support::{StorePort, at, begin, commit, read};
use super::sweep::{NEVER, sweep};
use crate::builders::{a_mail_job, unique_digest};

/// The job as operators see it.
pub(crate) async fn entry(store: &StorePort, id: MailId) -> MailEntry {
    let mut unit = read(store).await;
    let found = unit.outbox_administration().find(id).await.unwrap();
    found.expect("no such job")
}

async fn revive(store: &StorePort, id: MailId, secs: i64) -> bool {
    let mut unit = begin(store).await;
    let done = unit.outbox_administration().revive(id, at(secs)).await;
    commit(unit).await;
    done.unwrap()
}

async fn revive_dead(store: &StorePort, limit: u32, secs: i64) -> u64 {
    let mut unit = begin(store).await;
    let outbox = unit.outbox_administration();
    let revived = outbox.revive_dead(limit, at(secs)).await.unwrap();
    commit(unit).await;
    revived
}

async fn void(store: &StorePort, id: MailId, secs: i64) -> bool {
    let mut unit = begin(store).await;
    let done = unit.outbox_administration().void(id, at(secs)).await;
    commit(unit).await;
    done.unwrap()
}

async fn remove_dead(store: &StorePort, before_secs: i64, limit: u32) -> u64 {
    let mut unit = begin(store).await;
    let outbox = unit.outbox_administration();
    let removed = outbox.remove_dead(at(before_secs), limit).await.unwrap();
    commit(unit).await;
    removed
}

/// Queues a job and gives it up at a second.
pub(crate) async fn give_up(store: &StorePort, job: &MailJob, secs: i64) {
    assert!(enqueue(store, job).await);
    let token = fresh_token();
    let claimed = claim_by(store, token, at(secs), 1).await;
    assert_eq!(mail_ids(&claimed), [job.id]);
    assert!(dead(store, job.id, token, secs).await);
}

fn assert_wiped(entry: &MailEntry, state: MailState) {
    assert_eq!(entry.state, state);
    assert_eq!(entry.recipient, None);
    assert!(!entry.has_message);
    assert_eq!(entry.lease_until, None);
}

/// Recipient and message, so that it can be queued again.
pub async fn r2_a_dead_letter_keeps_its_message(store: StorePort) {
    let job = a_mail_job(Template::Welcome).expires_at(at(100)).build();
    give_up(&store, &job, 10).await;
    let found = entry(&store, job.id).await;
    assert_eq!(found.state, MailState::Dead);
    assert_eq!(found.recipient.as_deref(), Some(job.recipient.as_given()));
    assert!(found.has_message);
    assert_eq!(found.finished_at, Some(at(10)));
    assert_eq!(found.lease_until, None);
    assert_eq!(found.last_error.as_deref(), Some("550 no such person"));
}

/// From its end on, whoever notices: the worker that gives it up, or the sweep.
pub async fn r2_an_expired_dead_letter_is_wiped(store: StorePort) {
    let job = |secs| a_mail_job(Template::Welcome).expires_at(at(secs)).build();
    let late = job(10);
    assert!(enqueue(&store, &late).await);
    let token = fresh_token();
    assert_eq!(claim_by(&store, token, at(9), 1).await.len(), 1);
    assert!(dead(&store, late.id, token, 10).await);
    assert_wiped(&entry(&store, late.id).await, MailState::Dead);
    let (sooner, later) = (job(30), job(31));
    for letter in [&sooner, &later] {
        give_up(&store, letter, 20).await;
    }
    assert_eq!(sweep(&store, at(29), at(NEVER)).await, 0);
    assert_eq!(sweep(&store, at(30), at(NEVER)).await, 1);
    assert_eq!(sweep(&store, at(30), at(NEVER)).await, 0);
    assert_wiped(&entry(&store, sooner.id).await, MailState::Dead);
    assert!(entry(&store, later.id).await.has_message);
}

/// Due at once, with all its tries, as if it were queued now; why it failed is still told.
pub async fn r2_a_dead_letter_can_be_queued_again(store: StorePort) {
    let job = a_mail_job(Template::Welcome).expires_at(at(100)).build();
    give_up(&store, &job, 10).await;
    assert!(revive(&store, job.id, 50).await);
    let found = entry(&store, job.id).await;
    assert_eq!(found.state, MailState::Queued);
    assert_eq!((found.attempts, found.run_at), (0, at(50)));
    assert_eq!(found.created_at, at(50));
    assert_eq!((found.finished_at, found.lease_until), (None, None));
    assert_eq!(found.last_error.as_deref(), Some("550 no such person"));
    let again = claim(&store, at(50), 10).await;
    assert_eq!(mail_ids(&again), [job.id]);
    let mail = again.first().unwrap();
    assert_eq!((mail.attempts, &mail.sealed), (1, &job.sealed));
    assert_eq!(mail.recipient.as_given(), job.recipient.as_given());
}

/// What has expired, was wiped, or is no dead letter stays what it is.
pub async fn r2_nothing_else_is_queued_again(store: StorePort) {
    let expired = a_mail_job(Template::Welcome).expires_at(at(30)).build();
    give_up(&store, &expired, 10).await;
    assert!(!revive(&store, expired.id, 30).await);
    assert_eq!(revive_dead(&store, 10, 30).await, 0);
    assert_eq!(sweep(&store, at(30), at(NEVER)).await, 1);
    // Nor is it by a clock that runs behind, once its message is gone.
    assert!(!revive(&store, expired.id, 29).await);
    assert_eq!(revive_dead(&store, 10, 29).await, 0);
    let (done, token) = one_claimed(&store, 40).await;
    assert!(!revive(&store, done, 41).await);
    assert!(sent(&store, done, token, 41).await);
    assert!(!revive(&store, done, 42).await);
    let nobody = a_mail_job(Template::Welcome).build();
    assert!(!revive(&store, nobody.id, 42).await);
    assert_eq!(claim(&store, at(600), 10).await, []);
}

/// Those given up first come first, so many at a time.
pub async fn r2_dead_letters_are_queued_again_oldest_first(store: StorePort) {
    let jobs = [0, 1, 2].map(|_| a_mail_job(Template::Welcome).build());
    let [third, first, second] = &jobs;
    for (letter, secs) in [(first, 10), (second, 20), (third, 30)] {
        give_up(&store, letter, secs).await;
    }
    assert_eq!(revive_dead(&store, 0, 50).await, 0);
    assert_eq!(revive_dead(&store, 2, 50).await, 2);
    let claimed = mail_ids(&claim(&store, at(50), 10).await);
    assert!(!claimed.contains(&third.id), "{claimed:?}");
    assert_eq!(claimed.len(), 2);
    assert_eq!(revive_dead(&store, 2, 51).await, 1);
    assert_eq!(revive_dead(&store, 2, 51).await, 0);
    let found = entry(&store, third.id).await;
    assert_eq!((found.created_at, found.run_at), (at(51), at(51)));
    assert_eq!(mail_ids(&claim(&store, at(51), 10).await), [third.id]);
}

/// So that an operator's run comes to an end, however fast letters die.
pub async fn r2_a_letter_that_dies_again_meanwhile_is_left(store: StorePort) {
    let letter = a_mail_job(Template::Welcome).build();
    give_up(&store, &letter, 50).await;
    assert_eq!(revive_dead(&store, 10, 50).await, 0);
    assert_eq!(revive_dead(&store, 10, 51).await, 1);
}

/// What waits, is in a worker's hands, or is dead: it is wiped, and the worker has lost it.
pub async fn r2_a_job_is_voided_for_good(store: StorePort) {
    let letter = a_mail_job(Template::Welcome).build();
    give_up(&store, &letter, 10).await;
    let (leased, token) = one_claimed(&store, 20).await;
    let waiting = a_mail_job(Template::Welcome).run_at(at(500)).build();
    assert!(enqueue(&store, &waiting).await);
    for id in [letter.id, leased, waiting.id] {
        assert!(void(&store, id, 30).await);
        let found = entry(&store, id).await;
        assert_wiped(&found, MailState::Void);
        assert_eq!(found.finished_at, Some(at(30)));
        assert!(!void(&store, id, 31).await);
        assert!(!revive(&store, id, 31).await);
    }
    assert!(!sent(&store, leased, token, 31).await);
    assert_eq!(claim(&store, at(600), 10).await, []);
    assert!(!void(&store, a_mail_job(Template::Test).build().id, 31).await);
}

/// What was sent stays as it was.
pub async fn a_sent_job_is_not_voided(store: StorePort) {
    let (id, token) = one_claimed(&store, 0).await;
    assert!(sent(&store, id, token, 1).await);
    assert!(!void(&store, id, 2).await);
    assert_wiped(&entry(&store, id).await, MailState::Sent);
}

/// Those given up before a moment, oldest first, so many at a time; nothing but dead letters.
pub async fn dead_letters_are_removed_oldest_first(store: StorePort) {
    let (done, token) = one_claimed(&store, 0).await;
    assert!(sent(&store, done, token, 1).await);
    let letters = [10, 20, 30].map(|secs| (a_mail_job(Template::Welcome).build(), secs));
    for (letter, secs) in &letters {
        give_up(&store, letter, *secs).await;
    }
    assert_eq!(remove_dead(&store, 10, 10).await, 0);
    assert_eq!(remove_dead(&store, 31, 0).await, 0);
    assert_eq!(remove_dead(&store, 31, 1).await, 1);
    assert_eq!(remove_dead(&store, 30, 10).await, 1);
    assert_eq!(remove_dead(&store, 30, 10).await, 0);
    let mut unit = read(&store).await;
    let outbox = unit.outbox_administration();
    for ((letter, _), is_kept) in letters.iter().zip([false, false, true]) {
        let found = outbox.find(letter.id).await.unwrap();
        assert_eq!(found.is_some(), is_kept);
    }
    assert!(outbox.find(done).await.unwrap().is_some());
}

/// A newer job voids those of its key that are dead, too, and no others.
pub async fn r2_a_dead_code_that_was_replaced_cannot_be_queued_again(store: StorePort) {
    let (key, other) = (unique_digest(), unique_digest());
    let job = |key| a_mail_job(Template::PasswordReset).replace_key(key).build();
    let (letter, foreign) = (job(key), job(other));
    for given_up in [&letter, &foreign] {
        give_up(&store, given_up, 10).await;
    }
    let newer = job(key);
    assert!(enqueue(&store, &newer).await);
    assert_wiped(&entry(&store, letter.id).await, MailState::Void);
    assert!(!revive(&store, letter.id, 20).await);
    assert_eq!(revive_dead(&store, 10, 20).await, 1);
    let waiting = mail_ids(&claim(&store, at(20), 10).await);
    assert_eq!(waiting, [newer.id, foreign.id]);
}
