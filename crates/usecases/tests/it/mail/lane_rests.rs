//! Lanes that rest while the mail server takes nothing, by the doors of claiming and settling.

use std::sync::Arc;

use kogents_domain::mail::{Lane, QueuedMail};
use kogents_domain::store::Scope;
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::fakes::FakeRandom;
use kogents_usecases::mail::{
    ClaimMailCommand, ClaimMailError, ClaimedMail, DeliverMailError, Delivery, LaneRests,
};
use mockall::Sequence;

use super::given::{
    Heard, claim_mail, hears, mail_in, permanent, rests, settle_mail, taken, temporary, too_late,
    unavailable,
};
use crate::support::{Bench, Slot, T0, lost, secs};

const LIMIT: u16 = 20;

/// A claim on some lanes: which, how many jobs at most, and those that are due.
type Claim<'a> = (&'a [Lane], u16, Vec<QueuedMail>);

/// The store is asked for these, in one unit of work.
fn asks(bench: &Bench, at: Timestamp, claims: Vec<Claim<'_>>) {
    let mut order = Sequence::new();
    bench.begins(Scope::System, |unit| {
        for (lanes, limit, due) in claims {
            let lanes = lanes.to_vec();
            unit.outbox
                .expect_claim_due()
                .withf(move |claim| claim.lanes == lanes && (claim.now, claim.limit) == (at, limit))
                .times(1)
                .in_sequence(&mut order)
                .return_once(|_| Ok(due));
        }
    });
}

async fn claim(
    bench: &Bench,
    rests: &Arc<LaneRests>,
    lanes: &'static [Lane],
    now: Timestamp,
) -> Vec<QueuedMail> {
    bench.clock.set(now);
    let command = ClaimMailCommand {
        lanes,
        limit: LIMIT,
    };
    let claimed = claim_mail(bench, rests).run(command).await.unwrap();
    let mail = |claimed: ClaimedMail| claimed.mail;
    claimed.into_iter().map(mail).collect()
}

fn but(lane: Lane) -> Vec<Lane> {
    let mut lanes = Lane::ALL.to_vec();
    lanes.retain(|other| *other != lane);
    lanes
}

/// A lane of one, that has gone to rest at [`T0`] for a second.
async fn resting(bench: &Bench, lane: Lane) -> Arc<LaneRests> {
    let rests = rests();
    hears(bench, &rests, &mail_in(bench, lane), Err(unavailable()));
    rests
}

fn just_before(moment: Timestamp) -> Timestamp {
    moment.minus(Span::from_millis(1))
}

#[tokio::test]
async fn r2_a_lane_whose_mail_the_server_takes_nothing_of_rests_and_no_other_does() {
    for lane in Lane::ALL {
        let bench = Bench::new();
        let rests = resting(&bench, lane).await;
        let others = but(lane);
        let due = mail_in(&bench, others[0]);
        asks(&bench, T0, vec![(&others, LIMIT, vec![due.clone()])]);

        assert_eq!(claim(&bench, &rests, &Lane::ALL, T0).await, [due]);
        bench.finish();
    }
}

#[tokio::test]
async fn r2_while_every_lane_rests_the_store_is_not_asked() {
    let bench = Bench::new();
    let rests = rests();
    for lane in Lane::ALL {
        hears(&bench, &rests, &mail_in(&bench, lane), Err(unavailable()));
    }
    let before = just_before(T0.plus(secs(1)));
    assert_eq!(claim(&bench, &rests, &Lane::ALL, before).await, []);
    assert_eq!(bench.journal.count("begin System"), 0);
    bench.finish();
}

#[tokio::test]
async fn r2_after_its_rest_a_lane_has_one_mail_tried_and_no_more_until_that_is_heard_of() {
    let bench = Bench::new();
    let rests = resting(&bench, Lane::Code).await;
    let others = but(Lane::Code);
    let (urgent, trial) = (mail_in(&bench, Lane::Security), mail_in(&bench, Lane::Code));
    let over = T0.plus(secs(1));
    asks(
        &bench,
        over,
        vec![
            (&others, LIMIT, vec![urgent.clone()]),
            (&[Lane::Code], 1, vec![trial.clone()]),
        ],
    );
    let claimed = claim(&bench, &rests, &Lane::ALL, over).await;
    assert_eq!(claimed, [urgent, trial]);

    // Whoever claims meanwhile gets none of it, until the trial's lease has run out.
    for later in [over, just_before(over.plus(secs(60)))] {
        asks(&bench, later, vec![(&others, LIMIT, Vec::new())]);
        assert_eq!(claim(&bench, &rests, &Lane::ALL, later).await, []);
    }
    let forgotten = over.plus(secs(60));
    asks(
        &bench,
        forgotten,
        vec![(&others, LIMIT, Vec::new()), (&[Lane::Code], 1, Vec::new())],
    );
    claim(&bench, &rests, &Lane::ALL, forgotten).await;
    bench.finish();
}

#[tokio::test]
async fn r2_when_the_server_looks_at_the_trial_the_lane_works_again() {
    for end in [Ok(()), Err(permanent()), Err(temporary())] {
        let bench = Bench::new();
        let rests = resting(&bench, Lane::Code).await;
        let trial = mail_in(&bench, Lane::Code);
        let over = T0.plus(secs(1));
        let lanes: &[Lane] = &[Lane::Code];
        asks(&bench, over, vec![(lanes, 1, vec![trial.clone()])]);
        claim(&bench, &rests, &[Lane::Code], over).await;

        hears(&bench, &rests, &trial, end);

        asks(&bench, over, vec![(lanes, LIMIT, Vec::new())]);
        claim(&bench, &rests, &[Lane::Code], over).await;
        bench.finish();
    }
}

#[tokio::test]
async fn r2_a_lane_whose_trial_fails_rests_longer_but_a_code_waits_thirty_seconds_at_most() {
    const CODES: [i64; 8] = [1, 2, 4, 8, 16, 30, 30, 30];
    const OTHERS: [i64; 8] = [1, 2, 4, 8, 16, 32, 60, 60];
    let cases: [(&'static [Lane], [i64; 8]); 4] = [
        (&[Lane::Code], CODES),
        (&[Lane::Security], OTHERS),
        (&[Lane::Invitation], OTHERS),
        (&[Lane::Other], OTHERS),
    ];
    for (lanes, pauses) in cases {
        let bench = Bench::new();
        let lane = lanes[0];
        let rests = resting(&bench, lane).await;
        let mut now = T0;
        for pause in pauses {
            let over = now.plus(secs(pause));
            // The store is not asked before.
            let early = claim(&bench, &rests, lanes, just_before(over)).await;
            assert_eq!(early, []);
            let trial = mail_in(&bench, lane);
            asks(&bench, over, vec![(lanes, 1, vec![trial.clone()])]);
            let claimed = claim(&bench, &rests, lanes, over).await;
            assert_eq!(claimed.len(), 1);
            hears(&bench, &rests, &trial, Err(unavailable()));
            now = over;
        }
        bench.finish();
    }
}

#[tokio::test]
async fn r2_jitter_shortens_a_rest_to_no_less_than_its_half() {
    let bench = Bench::new();
    let rests = Arc::new(LaneRests::new(Arc::new(FakeRandom::with_number(0))));
    let mail = mail_in(&bench, Lane::Code);
    hears(&bench, &rests, &mail, Err(unavailable()));
    let half = T0.plus(Span::from_millis(500));
    let lanes: &'static [Lane] = &[Lane::Code];
    assert_eq!(claim(&bench, &rests, lanes, just_before(half)).await, []);
    asks(&bench, half, vec![(lanes, 1, Vec::new())]);
    claim(&bench, &rests, lanes, half).await;
    bench.finish();
}

#[tokio::test]
async fn r2_a_trial_for_which_nothing_is_due_or_no_place_is_left_is_not_lost() {
    let bench = Bench::new();
    let rests = resting(&bench, Lane::Code).await;
    let lanes: &'static [Lane] = &[Lane::Code, Lane::Other];
    let others: &[Lane] = &[Lane::Other];
    let over = T0.plus(secs(1));
    let trial: Claim<'_> = (&[Lane::Code], 1, Vec::new());

    asks(&bench, over, vec![(others, LIMIT, Vec::new()), trial]);
    claim(&bench, &rests, lanes, over).await;

    let full: Vec<QueuedMail> = (0..LIMIT).map(|_| mail_in(&bench, Lane::Other)).collect();
    asks(&bench, over, vec![(others, LIMIT, full)]);
    let claimed = claim(&bench, &rests, lanes, over).await;
    assert_eq!(claimed.len(), usize::from(LIMIT));

    let due = mail_in(&bench, Lane::Code);
    let trial: Claim<'_> = (&[Lane::Code], 1, vec![due.clone()]);
    asks(&bench, over, vec![(others, LIMIT, Vec::new()), trial]);
    assert_eq!(claim(&bench, &rests, lanes, over).await, [due]);
    bench.finish();
}

#[tokio::test]
async fn r2_a_trial_whose_claim_fails_is_not_lost() {
    let bench = Bench::new();
    let rests = resting(&bench, Lane::Code).await;
    let lanes: &'static [Lane] = &[Lane::Code];
    let over = T0.plus(secs(1));
    bench.clock.set(over);
    bench.begin_fails(lost());
    let due = mail_in(&bench, Lane::Code);
    bench.fails_to_commit(Scope::System, lost(), |unit| {
        let due = due.clone();
        unit.outbox
            .expect_claim_due()
            .return_once(|_| Ok(vec![due]));
    });
    for _ in 0..2 {
        let failed = claim_mail(&bench, &rests)
            .run(ClaimMailCommand { lanes, limit: 20 })
            .await;
        assert_eq!(failed, Err(ClaimMailError::Store(lost())));
    }

    asks(&bench, over, vec![(lanes, 1, vec![due.clone()])]);
    assert_eq!(claim(&bench, &rests, lanes, over).await, [due]);
    bench.finish();
}

#[tokio::test]
async fn r2_a_trial_that_never_reached_the_server_is_not_lost() {
    let unreadable = DeliverMailError::Unreadable("no letter".to_owned());
    for end in [too_late(), DeliverMailError::BrokeOff, unreadable] {
        let bench = Bench::new();
        let rests = resting(&bench, Lane::Code).await;
        let lanes: &'static [Lane] = &[Lane::Code];
        let over = T0.plus(secs(1));
        let (late, next) = (mail_in(&bench, Lane::Code), mail_in(&bench, Lane::Code));
        asks(&bench, over, vec![(lanes, 1, vec![late.clone()])]);
        claim(&bench, &rests, lanes, over).await;

        hears(&bench, &rests, &late, Err(end));

        asks(&bench, over, vec![(lanes, 1, vec![next.clone()])]);
        assert_eq!(claim(&bench, &rests, lanes, over).await, [next]);
        bench.finish();
    }
}

/// The store is asked, at [`T0`], for as many mails of this lane as there is place for.
async fn works(bench: &Bench, rests: &Arc<LaneRests>) {
    asks(bench, T0, vec![(&[Lane::Other], LIMIT, Vec::new())]);
    claim(bench, rests, &[Lane::Other], T0).await;
}

#[tokio::test]
async fn r2_eight_mails_put_off_in_a_row_make_their_lane_pause_and_fewer_do_not() {
    let bench = Bench::new();
    let rests = rests();
    let mail = mail_in(&bench, Lane::Other);
    for end in [Ok(()), Err(permanent())] {
        for _ in 0..7 {
            hears(&bench, &rests, &mail, Err(temporary()));
        }
        works(&bench, &rests).await;
        hears(&bench, &rests, &mail, end);
    }
    for _ in 0..7 {
        hears(&bench, &rests, &mail, Err(temporary()));
    }
    // Another lane's are counted for themselves.
    hears(
        &bench,
        &rests,
        &mail_in(&bench, Lane::Code),
        Err(temporary()),
    );
    works(&bench, &rests).await;

    hears(&bench, &rests, &mail, Err(temporary()));

    let begun = bench.journal.count("begin System");
    let over = T0.plus(secs(2));
    for paused in [T0, just_before(over)] {
        bench.clock.set(paused);
        assert_eq!(claim(&bench, &rests, &[Lane::Other], paused).await, []);
    }
    assert_eq!(bench.journal.count("begin System"), begun);
    // After a moment it is served as before, with as many mails as there is place for.
    for _ in 0..7 {
        asks(&bench, over, vec![(&[Lane::Other], LIMIT, Vec::new())]);
        claim(&bench, &rests, &[Lane::Other], over).await;
        hears(&bench, &rests, &mail, Err(temporary()));
    }
    asks(&bench, over, vec![(&[Lane::Other], LIMIT, Vec::new())]);
    claim(&bench, &rests, &[Lane::Other], over).await;
    bench.finish();
}

#[tokio::test]
async fn r2_what_says_nothing_of_the_server_makes_no_lane_rest() {
    let bench = Bench::new();
    let rests = rests();
    let mail = mail_in(&bench, Lane::Other);
    for _ in 0..20 {
        for error in [permanent(), too_late(), DeliverMailError::BrokeOff] {
            hears(&bench, &rests, &mail, Err(error));
        }
        let settle = settle_mail(&bench, &rests, &Heard(Slot::new()));
        let _ = settle.decide(&taken(&mail), Delivery::BrokenOff);
    }
    works(&bench, &rests).await;
    bench.finish();
}

#[tokio::test]
async fn r2_a_mail_under_way_that_is_taken_ends_the_rest_of_its_lane() {
    let bench = Bench::new();
    let rests = resting(&bench, Lane::Other).await;
    hears(&bench, &rests, &mail_in(&bench, Lane::Other), Ok(()));
    works(&bench, &rests).await;
    bench.finish();
}
