//! Writing down what came of a mail.

use kogents_domain::ids::MailId;
use kogents_domain::mail::{DeliveryOutcome, Lane, QueuedMail, RetryPlan};
use kogents_domain::store::Scope;
use kogents_domain::time::{Span, Timestamp};
use kogents_usecases::mail::{DeliverMailError, Delivery, SettleMailError};

use super::given::{
    Heard, code_mail, hears, permanent, rests, settle_mail, taken, temporary, too_late,
    unavailable, welcome_mail,
};
use crate::support::{Bench, Slot, T0, Units, lost, secs};

/// How a job was marked: how, which, in whose lease, to what moment, and why.
type Mark = (&'static str, MailId, i64, Timestamp, String);

/// The store marks whatever it is asked to; whether the lease was held is this.
fn marks(unit: &mut Units, held: bool) -> Slot<Mark> {
    let marks: Slot<Mark> = Slot::new();
    let put = marks.clone();
    unit.outbox
        .expect_mark_sent()
        .returning(move |id, token, at| {
            put.put(("sent", id, token, at, String::new()));
            Ok(held)
        });
    let put = marks.clone();
    unit.outbox
        .expect_mark_retry()
        .returning(move |id, token, at, why| {
            put.put(("retry", id, token, at, why.to_owned()));
            Ok(held)
        });
    let put = marks.clone();
    unit.outbox
        .expect_give_back()
        .returning(move |id, token, at, why| {
            put.put(("give back", id, token, at, why.to_owned()));
            Ok(held)
        });
    let put = marks.clone();
    unit.outbox
        .expect_mark_dead()
        .returning(move |id, token, at, why| {
            put.put(("dead", id, token, at, why.to_owned()));
            Ok(held)
        });
    marks
}

/// What is written down of this end of a mail, and what an observer hears of it.
async fn settled(mail: &QueuedMail, end: Delivery) -> (Mark, DeliveryOutcome) {
    settled_at(T0, mail, end).await
}

async fn settled_at(now: Timestamp, mail: &QueuedMail, end: Delivery) -> (Mark, DeliveryOutcome) {
    let bench = Bench::new();
    bench.clock.set(now);
    let heard = Heard(Slot::new());
    let settle = settle_mail(&bench, &rests(), &heard);
    let marked = bench.begins(Scope::System, |unit| marks(unit, true));

    let settlement = settle.decide(&taken(mail), end);
    let ran = settle.run(&taken(mail), &settlement).await;

    assert_eq!(ran, Ok(()));
    assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
    bench.finish();
    let mark = marked.only();
    assert_eq!((mark.1, mark.2), (mail.id, taken(mail).lease_token));
    let (lane, outcome, age) = heard.0.only();
    assert_eq!((lane, age), (mail.lane, now.since(mail.created_at)));
    (mark, outcome)
}

fn failed(error: DeliverMailError) -> Delivery {
    Delivery::Ended(Err(error))
}

#[tokio::test]
async fn a_mail_that_was_taken_is_marked_as_sent() {
    let mail = code_mail(&Bench::new());
    let (mark, outcome) = settled_at(T0.plus(secs(9)), &mail, Delivery::Ended(Ok(()))).await;
    assert_eq!((mark.0, mark.3), ("sent", T0.plus(secs(9))));
    assert_eq!(outcome, DeliveryOutcome::Sent);
}

#[tokio::test]
async fn r2_a_mail_put_off_is_tried_again_by_the_plan_of_its_lane_with_jitter() {
    let bench = Bench::new();
    for attempts in 1..=11 {
        let code = QueuedMail {
            attempts,
            ..code_mail(&bench)
        };
        for (mail, plan) in [
            (code, RetryPlan::of(Lane::Code)),
            (welcome_mail(&bench, attempts), RetryPlan::of(Lane::Other)),
        ] {
            // The jitter is the tests' random number.
            let again = plan.next(attempts, 42, T0).unwrap();
            assert_ne!(again, plan.next(attempts, 900, T0).unwrap());

            let (mark, outcome) = settled(&mail, failed(temporary())).await;

            assert_eq!((mark.0, mark.3), ("retry", again));
            assert!(mark.4.contains("450 try later"));
            assert_eq!(outcome, DeliveryOutcome::Retried);
        }
    }
}

#[tokio::test]
async fn r2_a_mail_put_off_for_the_twelfth_time_is_a_dead_letter_but_a_code_is_not() {
    let bench = Bench::new();
    let (mark, outcome) = settled(&welcome_mail(&bench, 12), failed(temporary())).await;
    assert_eq!((mark.0, mark.3), ("dead", T0));
    assert!(mark.4.contains("450 try later"));
    assert_eq!(outcome, DeliveryOutcome::Dead);

    let code = QueuedMail {
        attempts: 1_000,
        ..code_mail(&bench)
    };
    let (mark, _) = settled(&code, failed(temporary())).await;
    assert_eq!(mark.0, "retry");
    assert!(mark.3 <= T0.plus(secs(30)));
}

#[tokio::test]
async fn r2_what_is_refused_for_good_or_broke_off_every_time_is_a_dead_letter() {
    let bench = Bench::new();
    for (mail, error, why) in [
        (code_mail(&bench), permanent(), "550 no such mailbox"),
        (welcome_mail(&bench, 1), permanent(), "550 no such mailbox"),
        (
            welcome_mail(&bench, 13),
            DeliverMailError::BrokeOff,
            "every try broke off",
        ),
    ] {
        let (mark, outcome) = settled(&mail, failed(error)).await;
        assert_eq!((mark.0, mark.3), ("dead", T0));
        assert!(mark.4.contains(why));
        assert_eq!(outcome, DeliveryOutcome::Dead);
    }
}

#[tokio::test]
async fn r2_a_mail_that_expired_is_given_up_and_told_apart_from_those_that_failed() {
    let mail = code_mail(&Bench::new());
    let (mark, outcome) = settled(&mail, failed(too_late())).await;
    assert_eq!((mark.0, mark.3), ("dead", T0));
    assert!(mark.4.contains("expired"));
    assert_eq!(outcome, DeliveryOutcome::Expired);
}

#[tokio::test]
async fn r2_while_the_server_takes_nothing_mails_wait_without_using_up_their_tries() {
    // The lane rests for a second: see `rests`.
    for attempts in [1, 12] {
        let mail = welcome_mail(&Bench::new(), attempts);
        let (mark, outcome) = settled(&mail, failed(unavailable())).await;
        assert_eq!((mark.0, mark.3), ("give back", T0.plus(secs(1))));
        assert!(mark.4.contains("535 who are you"));
        assert_eq!(outcome, DeliveryOutcome::Postponed);
    }
}

#[tokio::test]
async fn r2_mails_of_a_lane_that_rests_already_wait_for_the_end_of_that_rest() {
    let bench = Bench::new();
    let rests = rests();
    let mail = welcome_mail(&bench, 1);
    hears(&bench, &rests, &mail, Err(unavailable()));
    bench.clock.advance(Span::from_millis(400));
    let marked = bench.begins(Scope::System, |unit| marks(unit, true));

    // This one was under way when the lane went to rest.
    let late = welcome_mail(&bench, 1);
    let settle = settle_mail(&bench, &rests, &Heard(Slot::new()));
    let settlement = settle.decide(&taken(&late), failed(unavailable()));
    settle.run(&taken(&late), &settlement).await.unwrap();

    assert_eq!(marked.only().3, T0.plus(secs(1)));
    bench.finish();
}

#[tokio::test]
async fn r2_a_mail_that_no_server_would_take_for_five_days_is_a_dead_letter() {
    let mail = welcome_mail(&Bench::new(), 1);
    let five_days = T0.plus(secs(5 * 86_400));
    let before = five_days.minus(Span::from_millis(1));

    let (mark, _) = settled_at(before, &mail, failed(unavailable())).await;
    assert_eq!(mark.0, "give back");

    let (mark, outcome) = settled_at(five_days, &mail, failed(unavailable())).await;
    assert_eq!(mark.0, "dead");
    assert!(mark.4.contains("535 who are you"));
    assert_eq!(outcome, DeliveryOutcome::Dead);
}

#[tokio::test]
async fn r7_a_mail_broken_off_by_the_workers_end_is_given_back_at_once() {
    let mail = welcome_mail(&Bench::new(), 12);
    let (mark, outcome) = settled(&mail, Delivery::BrokenOff).await;
    assert_eq!((mark.0, mark.3), ("give back", T0));
    assert!(mark.4.contains("stopped"));
    assert_eq!(outcome, DeliveryOutcome::Postponed);
}

#[tokio::test]
async fn r2_a_lease_that_was_lost_stops_nothing() {
    let bench = Bench::new();
    let mail = code_mail(&bench);
    for end in [Delivery::Ended(Ok(())), failed(permanent())] {
        let bench = Bench::new();
        let settle = settle_mail(&bench, &rests(), &Heard(Slot::new()));
        bench.begins(Scope::System, |unit| marks(unit, false));

        let settlement = settle.decide(&taken(&mail), end);

        assert_eq!(settle.run(&taken(&mail), &settlement).await, Ok(()));
        bench.finish();
    }
}

#[tokio::test]
async fn what_was_not_written_down_is_told_and_can_be_written_down_again_as_it_was_decided() {
    let bench = Bench::new();
    let mail = code_mail(&bench);
    let bench = Bench::new();
    let heard = Heard(Slot::new());
    let settle = settle_mail(&bench, &rests(), &heard);
    bench.begin_fails(lost());
    bench.begins(Scope::System, |unit| {
        unit.outbox
            .expect_mark_retry()
            .return_once(|_, _, _, _| Err(lost()));
    });
    let uncommitted = bench.fails_to_commit(Scope::System, lost(), |unit| marks(unit, true));
    let marked = bench.begins(Scope::System, |unit| marks(unit, true));

    let settlement = settle.decide(&taken(&mail), failed(temporary()));
    for _ in 0..3 {
        bench.clock.advance(secs(5));
        let failed = settle.run(&taken(&mail), &settlement).await;
        assert_eq!(failed, Err(SettleMailError::Store(lost())));
    }
    bench.clock.advance(secs(5));
    assert_eq!(settle.run(&taken(&mail), &settlement).await, Ok(()));

    assert_eq!(marked.only(), uncommitted.only());
    // It is heard of once.
    let tried = (Lane::Code, DeliveryOutcome::Retried, secs(0));
    assert_eq!(heard.0.all(), [tried]);
    bench.finish();
}

#[tokio::test]
async fn r2_an_unreadable_mail_is_a_dead_letter_and_the_rest_goes_on() {
    let bench = Bench::new();
    let rests = rests();
    let why = "the queued message cannot be read".to_owned();
    let unreadable = DeliverMailError::Unreadable(why);
    let (poison, good) = (code_mail(&bench), code_mail(&bench));
    let bench = Bench::new();
    let settle = settle_mail(&bench, &rests, &Heard(Slot::new()));
    let mut marked = Vec::new();
    for (mail, end) in [
        (&poison, failed(unreadable)),
        (&good, Delivery::Ended(Ok(()))),
    ] {
        let slot = bench.begins(Scope::System, |unit| marks(unit, true));
        let settlement = settle.decide(&taken(mail), end);
        settle.run(&taken(mail), &settlement).await.unwrap();
        let (how, id, ..) = slot.only();
        marked.push((how, id));
    }
    assert_eq!(marked, [("dead", poison.id), ("sent", good.id)]);
    bench.finish();
}
