//! Working off the mail queue.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kogents_domain::auth::Language;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{
    Lane, MailMessage, MailRenderer, Mailer, MailerError, MockMailRenderer, MockMailer,
    OutgoingMail, QueuedMail, RetryPlan,
};
use kogents_domain::secret::SecretText;
use kogents_domain::store::Scope;
use kogents_testkit::builders::code;
use kogents_usecases::mail::{DeliverMail, DeliverMailError};
use tokio::sync::Barrier;
use tokio::time::timeout;

use crate::support::{Bench, Noted, Slot, T0, Units, address, claimed, lost, random, secs};

fn worker(bench: &Bench, renderer: MockMailRenderer, mailer: MockMailer) -> DeliverMail {
    let renderer: Arc<dyn MailRenderer> = Arc::new(renderer);
    let mailer: Arc<dyn Mailer> = Noted::new(&bench.journal, Arc::new(mailer));
    DeliverMail {
        store: bench.store(),
        desk: bench.desk(),
        renderer,
        mailer,
        clock: bench.clock(),
        random: random(),
    }
}

fn message() -> MailMessage {
    MailMessage::VerificationCode {
        code: code("000042"),
        name: "Ada".to_owned(),
        workspace: "Engines".to_owned(),
        minutes: 10,
    }
}

/// A claimed job with a code in it that ends ten minutes from now.
fn code_mail(bench: &Bench) -> QueuedMail {
    let to = address("ada@example.com");
    let job = bench.desk().job(&message(), &to, Language::english(), T0);
    QueuedMail {
        expires_at: Some(T0.plus(secs(600))),
        ..claimed(&job)
    }
}

fn welcome_mail(bench: &Bench, attempts: u32) -> QueuedMail {
    let welcome = MailMessage::Welcome {
        name: "Ada".to_owned(),
        workspace: "Engines".to_owned(),
        slug: "engines".to_owned(),
    };
    let to = address("ada@example.com");
    let job = bench.desk().job(&welcome, &to, Language::english(), T0);
    QueuedMail {
        attempts,
        ..claimed(&job)
    }
}

/// A renderer that renders whatever it is given.
fn renders() -> MockMailRenderer {
    let mut renderer = MockMailRenderer::new();
    renderer.expect_render().returning(|id, to, _, message| {
        Ok(OutgoingMail {
            id,
            to: to.clone(),
            template: message.template(),
            subject: "A subject".to_owned(),
            text: SecretText::new("a text"),
            html: SecretText::new("<p>a text</p>"),
            otp: None,
        })
    });
    renderer
}

/// A mailer that answers this to each of so many mails.
fn delivers(times: usize, answer: Result<(), MailerError>) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer
        .expect_deliver()
        .times(times)
        .returning(move |_| answer.clone());
    mailer
}

fn refused_for_now() -> MailerError {
    MailerError::Temporary("450 try later".to_owned())
}

/// The worker's claim gets these jobs. Gives the lease token that it claims with.
fn claims(bench: &Bench, due: Vec<QueuedMail>) -> Slot<i64> {
    bench.begins(Scope::System, |unit| {
        let lease = Slot::new();
        let put = lease.clone();
        unit.outbox
            .expect_claim_due()
            .withf(|claim| {
                claim.now == T0
                    && claim.lease_until == T0.plus(DeliverMail::LEASE)
                    && claim.limit == DeliverMail::BATCH
            })
            .times(1)
            .return_once(move |claim| {
                put.put(claim.lease_token);
                Ok(due)
            });
        lease
    })
}

/// What came of a job is written down by `prepare`.
fn writes_down(bench: &Bench, prepare: impl FnOnce(&mut Units)) {
    bench.begins(Scope::System, prepare);
}

fn marks_sent(unit: &mut Units, mail: &QueuedMail, lease: Slot<i64>, held: bool) {
    let id = mail.id;
    unit.outbox
        .expect_mark_sent()
        .withf(move |given, token, now| (*given, *token, *now) == (id, lease.only(), T0))
        .times(1)
        .returning(move |_, _, _| Ok(held));
}

/// The job is given up for a reason that holds these words.
fn marks_dead(unit: &mut Units, mail: &QueuedMail, lease: Slot<i64>, why: &'static str) {
    let id = mail.id;
    unit.outbox
        .expect_mark_dead()
        .withf(move |given, token, _, error| {
            (*given, *token) == (id, lease.only()) && error.contains(why)
        })
        .times(1)
        .returning(|_, _, _, _| Ok(true));
}

/// What came of so many jobs is written down, in whatever order they come: which job, and `sent`
/// or why it was given up. Each says whether its lease was held.
fn writes_down_any(
    bench: &Bench,
    count: usize,
    lease: &Slot<i64>,
    held: bool,
) -> Slot<(MailId, String)> {
    let outcomes = Slot::new();
    for _ in 0..count {
        writes_down(bench, |unit| {
            let (sent, expected) = (outcomes.clone(), lease.clone());
            unit.outbox
                .expect_mark_sent()
                .withf(move |_, token, _| *token == expected.only())
                .returning(move |id, _, _| {
                    sent.put((id, "sent".to_owned()));
                    Ok(held)
                });
            let (dead, expected) = (outcomes.clone(), lease.clone());
            unit.outbox
                .expect_mark_dead()
                .withf(move |_, token, _, _| *token == expected.only())
                .returning(move |id, _, _, why| {
                    dead.put((id, why.to_owned()));
                    Ok(held)
                });
        });
    }
    outcomes
}

#[tokio::test]
async fn a_due_job_is_claimed_rendered_delivered_and_written_down_as_sent() {
    let bench = Bench::new();
    let mail = code_mail(&bench);
    let lease = claims(&bench, vec![mail.clone()]);
    writes_down(&bench, |unit| marks_sent(unit, &mail, lease, true));
    let mut renderer = MockMailRenderer::new();
    let id = mail.id;
    renderer
        .expect_render()
        .withf(move |given, to, language, said| {
            (*given, to) == (id, &address("ada@example.com"))
                && *language == Language::english()
                && *said == message()
        })
        .times(1)
        .returning(|id, to, language, message| renders().render(id, to, language, message));
    let mut mailer = MockMailer::new();
    mailer
        .expect_deliver()
        .withf(move |outgoing| outgoing.id == id && outgoing.to == address("ada@example.com"))
        .times(1)
        .returning(|_| Ok(()));

    assert_eq!(worker(&bench, renderer, mailer).run().await, Ok(1));

    let order = [
        "begin System",
        "commit",
        "open",
        "deliver",
        "begin System",
        "commit",
    ];
    let mut entries = bench.journal.entries();
    entries.retain(|entry| entry != "seal");
    assert_eq!(entries, order);
    bench.finish();
}

#[tokio::test]
async fn with_nothing_due_nothing_is_delivered() {
    let bench = Bench::new();
    claims(&bench, Vec::new());
    let idle = worker(&bench, MockMailRenderer::new(), MockMailer::new());
    assert_eq!(idle.run().await, Ok(0));
    bench.finish();
}

#[tokio::test]
async fn every_claim_has_a_lease_token_of_its_own() {
    let bench = Bench::new();
    let idle = worker(&bench, MockMailRenderer::new(), MockMailer::new());
    let first = claims(&bench, Vec::new());
    idle.run().await.unwrap();
    let second = claims(&bench, Vec::new());
    idle.run().await.unwrap();
    assert_ne!(first.only(), second.only());
    bench.finish();
}

#[tokio::test]
async fn r2_a_job_refused_for_now_is_tried_again_by_the_plan_of_its_lane() {
    let bench = Bench::new();
    for (mail, plan) in [
        (code_mail(&bench), RetryPlan::of(Lane::Code)),
        (welcome_mail(&bench, 3), RetryPlan::of(Lane::Other)),
    ] {
        let bench = Bench::new();
        let lease = claims(&bench, vec![mail.clone()]);
        // The jitter is the tests' random number.
        let again = plan.next(mail.attempts, 42, T0).unwrap();
        writes_down(&bench, |unit| {
            let id = mail.id;
            unit.outbox
                .expect_mark_retry()
                .withf(move |given, token, run_at, error| {
                    (*given, *token, *run_at) == (id, lease.only(), again)
                        && error.contains("450 try later")
                })
                .times(1)
                .returning(|_, _, _, _| Ok(true));
        });

        let ran = worker(&bench, renders(), delivers(1, Err(refused_for_now())))
            .run()
            .await;

        assert_eq!(ran, Ok(1));
        bench.finish();
    }
}

#[tokio::test]
async fn r2_a_job_refused_for_good_or_too_often_is_a_dead_letter() {
    let for_good = MailerError::Permanent("550 no such mailbox".to_owned());
    for (attempts, refusal, why) in [
        (1, for_good, "550 no such mailbox"),
        (12, refused_for_now(), "450 try later"),
    ] {
        let bench = Bench::new();
        let mail = welcome_mail(&bench, attempts);
        let lease = claims(&bench, vec![mail.clone()]);
        writes_down(&bench, |unit| marks_dead(unit, &mail, lease, why));

        let ran = worker(&bench, renders(), delivers(1, Err(refusal)))
            .run()
            .await;

        assert_eq!(ran, Ok(1));
        bench.finish();
    }
}

#[tokio::test]
async fn r2_a_code_that_ended_while_its_mail_waited_is_never_sent() {
    let bench = Bench::new();
    let mail = QueuedMail {
        expires_at: Some(T0),
        ..code_mail(&bench)
    };
    let lease = claims(&bench, vec![mail.clone()]);
    writes_down(&bench, |unit| marks_dead(unit, &mail, lease, "expired"));

    let ran = worker(&bench, renders(), MockMailer::new()).run().await;

    assert_eq!(ran, Ok(1));
    bench.finish();
}

#[tokio::test]
async fn r2_what_cannot_be_read_or_rendered_is_a_dead_letter_and_the_rest_goes_on() {
    let bench = Bench::new();
    let unreadable = QueuedMail {
        sealed: b"not sealed by this product".to_vec(),
        ..code_mail(&bench)
    };
    let unrenderable = welcome_mail(&bench, 1);
    let good = code_mail(&bench);
    let due = vec![unreadable.clone(), unrenderable.clone(), good.clone()];
    let lease = claims(&bench, due);
    let outcomes = writes_down_any(&bench, 3, &lease, true);
    let mut renderer = MockMailRenderer::new();
    renderer
        .expect_render()
        .times(2)
        .returning(|id, to, language, said| match said {
            MailMessage::Welcome { .. } => Err(MailerError::Permanent("no template".to_owned())),
            MailMessage::VerificationCode { .. }
            | MailMessage::AccountExists { .. }
            | MailMessage::RefreshTokenReused { .. } => renders().render(id, to, language, said),
        });

    let ran = worker(&bench, renderer, delivers(1, Ok(()))).run().await;

    assert_eq!(ran, Ok(3));
    let mut outcomes = outcomes.all();
    outcomes.sort_unstable();
    let mut expected = vec![
        (
            unreadable.id,
            "the queued message cannot be read".to_owned(),
        ),
        (unrenderable.id, "no template".to_owned()),
        (good.id, "sent".to_owned()),
    ];
    expected.sort_unstable();
    assert_eq!(outcomes, expected);
    bench.finish();
}

#[tokio::test]
async fn a_lease_that_was_lost_stops_nothing() {
    let bench = Bench::new();
    let lease = claims(&bench, vec![code_mail(&bench), code_mail(&bench)]);
    let outcomes = writes_down_any(&bench, 2, &lease, false);

    let ran = worker(&bench, renders(), delivers(2, Ok(()))).run().await;

    assert_eq!(ran, Ok(2));
    assert_eq!(outcomes.all().len(), 2);
    bench.finish();
}

/// Accepts a mail only when as many wait at once as it was made for.
struct Crowd(Barrier);

#[async_trait]
impl Mailer for Crowd {
    async fn deliver(&self, _: &OutgoingMail) -> Result<(), MailerError> {
        self.0.wait().await;
        Ok(())
    }
}

#[tokio::test]
async fn one_slow_delivery_does_not_hold_up_the_others() {
    let bench = Bench::new();
    let due: Vec<QueuedMail> = (0..DeliverMail::BATCH).map(|_| code_mail(&bench)).collect();
    let count = due.len();
    let lease = claims(&bench, due);
    let outcomes = writes_down_any(&bench, count, &lease, true);
    let crowd = DeliverMail {
        mailer: Arc::new(Crowd(Barrier::new(count))),
        ..worker(&bench, renders(), MockMailer::new())
    };

    let ran = timeout(Duration::from_secs(60), crowd.run()).await;

    assert_eq!(ran, Ok(Ok(DeliverMail::BATCH)));
    assert_eq!(outcomes.all().len(), count);
    bench.finish();
}

#[tokio::test]
async fn without_a_claim_that_is_committed_nothing_is_delivered() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_claim = Bench::new();
    no_claim.begins(Scope::System, |unit| {
        unit.outbox.expect_claim_due().return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    let mail = code_mail(&no_commit);
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.outbox
            .expect_claim_due()
            .return_once(|_| Ok(vec![mail]));
    });
    for bench in [no_unit, no_claim, no_commit] {
        let failed = worker(&bench, MockMailRenderer::new(), MockMailer::new())
            .run()
            .await;
        assert_eq!(failed, Err(DeliverMailError::Store(lost())));
        bench.finish();
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_told() {
    let bench = Bench::new();
    let mail = code_mail(&bench);
    claims(&bench, vec![mail]);
    bench.begin_fails(lost());

    let failed = worker(&bench, renders(), delivers(1, Ok(()))).run().await;

    assert_eq!(failed, Err(DeliverMailError::Store(lost())));
    bench.finish();
}
