//! Cases of looking at the mail queue: what a job shows, and lists of them.

use kogents_domain::auth::Language;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailEntry, MailFilter, MailJob, MailState, Template};
use kogents_domain::page::{Page, PageLimit};

use super::claims::{retry, sent};
use super::dead_letters::{entry, give_up};
use super::outbox::{claim_by, enqueue, fresh_token};
use super::support::{StorePort, at, read};
use crate::builders::a_mail_job;

async fn list(
    store: &StorePort,
    filter: MailFilter,
    limit: u16,
    after: Option<MailId>,
) -> Page<MailEntry, MailId> {
    let limit = PageLimit::new(limit).unwrap();
    let mut unit = read(store).await;
    let outbox = unit.outbox_administration();
    outbox.list(filter, limit, after).await.unwrap()
}

async fn listed(store: &StorePort, filter: MailFilter) -> Vec<MailId> {
    let page = list(store, filter, 100, None).await;
    assert_eq!(page.next, None);
    page.items.iter().map(|entry| entry.id).collect()
}

/// All that is kept but what the mail says, as it waits and while a worker has it.
pub async fn a_job_shows_every_field_but_its_message(store: StorePort) {
    let job = a_mail_job(Template::PasswordReset)
        .queued_at(at(3))
        .run_at(at(5))
        .expires_at(at(600))
        .with(|job| job.language = Language::parse("pt-BR").unwrap())
        .build();
    assert!(enqueue(&store, &job).await);
    let mut expected = MailEntry {
        id: job.id,
        state: MailState::Queued,
        lane: Lane::Code,
        template: "password_reset".to_owned(),
        language: "pt-BR".to_owned(),
        recipient: Some(job.recipient.as_given().to_owned()),
        attempts: 0,
        created_at: at(3),
        run_at: at(5),
        expires_at: Some(at(600)),
        lease_until: None,
        finished_at: None,
        last_error: None,
        has_message: true,
    };
    assert_eq!(entry(&store, job.id).await, expected);
    let token = fresh_token();
    assert_eq!(claim_by(&store, token, at(10), 1).await.len(), 1);
    expected.attempts = 1;
    expected.lease_until = Some(at(70));
    assert_eq!(entry(&store, job.id).await, expected);
    assert!(retry(&store, job.id, token, 30).await);
    expected.lease_until = None;
    expected.run_at = at(30);
    expected.last_error = Some("451 try again".to_owned());
    assert_eq!(entry(&store, job.id).await, expected);
    let page = list(&store, MailFilter::default(), 1, None).await;
    assert_eq!(page.items, [expected]);
}

/// Nothing is made up.
pub async fn an_unknown_job_is_not_found(store: StorePort) {
    let job = a_mail_job(Template::Test).build();
    let mut unit = read(&store).await;
    let found = unit.outbox_administration().find(job.id).await;
    assert_eq!(found, Ok(None));
    drop(unit);
    assert_eq!(listed(&store, MailFilter::default()).await, []);
}

/// The newest first; a full last page is the last.
pub async fn jobs_are_listed_in_pages_newest_first(store: StorePort) {
    let jobs: Vec<MailJob> = (0..5)
        .map(|_| a_mail_job(Template::Welcome).build())
        .collect();
    for job in &jobs {
        assert!(enqueue(&store, job).await);
    }
    let newest_first: Vec<MailId> = jobs.iter().rev().map(|job| job.id).collect();
    assert_eq!(listed(&store, MailFilter::default()).await, newest_first);
    for limit in [1, 2, 3, 5] {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = list(&store, MailFilter::default(), limit, after).await;
            assert!(page.items.len() <= usize::from(limit));
            assert!(!page.items.is_empty());
            seen.extend(page.items.iter().map(|entry| entry.id));
            if page.next.is_none() {
                break;
            }
            assert_eq!(page.next.as_ref(), seen.last());
            after = page.next;
        }
        assert_eq!(seen, newest_first, "{limit} a page");
    }
}

/// By what has become of them, by lane, and by both.
pub async fn jobs_are_listed_by_state_and_lane(store: StorePort) {
    let [dead_code, dead_other, done, waiting_code, waiting_other] = [
        Template::PasswordReset,
        Template::Welcome,
        Template::Welcome,
        Template::VerificationCode,
        Template::Test,
    ]
    .map(|template| a_mail_job(template).build());
    give_up(&store, &dead_code, 1).await;
    give_up(&store, &dead_other, 2).await;
    assert!(enqueue(&store, &done).await);
    let token = fresh_token();
    assert_eq!(claim_by(&store, token, at(3), 1).await.len(), 1);
    assert!(sent(&store, done.id, token, 3).await);
    for job in [&waiting_code, &waiting_other] {
        assert!(enqueue(&store, job).await);
    }
    let (code, other) = (Some(Lane::Code), Some(Lane::Other));
    for (state, lane, expected) in [
        (
            Some(MailState::Dead),
            None,
            vec![dead_other.id, dead_code.id],
        ),
        (Some(MailState::Dead), code, vec![dead_code.id]),
        (Some(MailState::Dead), Some(Lane::Security), vec![]),
        (Some(MailState::Sent), None, vec![done.id]),
        (Some(MailState::Sent), code, vec![]),
        (Some(MailState::Void), None, vec![]),
        (
            Some(MailState::Queued),
            None,
            vec![waiting_other.id, waiting_code.id],
        ),
        (Some(MailState::Queued), other, vec![waiting_other.id]),
        (None, other, vec![waiting_other.id, done.id, dead_other.id]),
    ] {
        let filter = MailFilter { state, lane };
        assert_eq!(listed(&store, filter).await, expected, "{filter:?}");
    }
    let dead = MailFilter {
        state: Some(MailState::Dead),
        lane: None,
    };
    let first = list(&store, dead, 1, None).await;
    assert_eq!(first.next, Some(dead_other.id));
    let second = list(&store, dead, 1, first.next).await;
    assert_eq!(
        second.items.first().map(|entry| entry.id),
        Some(dead_code.id)
    );
    assert_eq!(second.next, None);
}
