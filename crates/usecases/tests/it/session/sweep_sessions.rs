//! Sweeping sessions that have timed out.

use kogents_domain::audit::{AuditEntry, AuditTarget};
use kogents_domain::session::{EndReason, Session, SessionActivity, SessionEnd, TimedOut};
use kogents_domain::store::Scope;
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::fakes::AskedOfCounters::Look;
use kogents_usecases::session::{SweepSessions, SweepSessionsError, SweptSessions};
use mockall::Sequence;
use mockall::predicate::eq;
use serde_json::json;

use crate::support::{
    Bench, By, Heard, LIFETIMES, T0, Units, activity, hears, idle_record, lost, record, secs,
    session_id, workspace_id,
};

/// How much longer than it must the sweep waits: these tests look at it so much later.
const PATIENCE: Span = secs(90);

fn sweep(bench: &Bench) -> SweepSessions {
    bench.clock.set(T0.plus(PATIENCE));
    SweepSessions {
        store: bench.store(),
        book: bench.book(),
        session_idle: LIFETIMES.session_idle,
        patience: PATIENCE,
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

const fn swept(ended: u64, more: bool) -> Result<SweptSessions, SweepSessionsError> {
    Ok(SweptSessions { ended, more })
}

/// When something was last heard of an idle session.
const LAST: Timestamp = T0.minus(LIFETIMES.session_idle);

fn idle(number: u8) -> (Session, SessionActivity) {
    let idle = idle_record(number);
    (idle.session, idle.activity)
}

/// A session that has reached its absolute end, a minute after something was last heard of it.
fn absolute(number: u8) -> (Session, SessionActivity) {
    let record = record(number, T0.minus(LIFETIMES.session_absolute));
    let session = Session {
        idle_expires_at: T0,
        ..record.session
    };
    (session, activity(9, T0.minus(secs(60))))
}

/// A session that has ended.
fn over(number: u8, at: Timestamp, reason: EndReason) -> Session {
    Session {
        end: Some(SessionEnd { at, reason }),
        ..idle_record(number).session
    }
}

/// The store lists these.
fn lists(bench: &Bench, idle: Vec<(Session, SessionActivity)>) {
    bench.reads(Scope::System, |unit| {
        unit.session_upkeep
            .expect_list_idle()
            .with(eq(T0), eq(SweepSessions::BATCH))
            .times(1)
            .return_once(|_, _| Ok(idle));
    });
}

/// Idle ends are moved first, so that nobody ends what is alive; then these end.
fn writes(
    unit: &mut Units,
    moved: Vec<(u8, Timestamp)>,
    ended: Vec<(u8, Timestamp, EndReason)>,
) -> Option<Heard> {
    let moved: Vec<_> = moved
        .into_iter()
        .map(|(number, to)| (session_id(number), to))
        .collect();
    let sessions: Vec<_> = ended
        .iter()
        .map(|(number, at, reason)| over(*number, *at, *reason))
        .collect();
    let heard = (!ended.is_empty()).then(|| hears(unit));
    let ended: Vec<_> = ended
        .into_iter()
        .map(|(number, at, reason)| TimedOut {
            session_id: session_id(number),
            at,
            reason,
        })
        .collect();
    let mut order = Sequence::new();
    unit.session_upkeep
        .expect_move_idle_ends()
        .withf(move |given| *given == *moved)
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    unit.session_upkeep
        .expect_end_timed_out()
        .withf(move |given, now| *given == *ended && *now == T0)
        .times(1)
        .in_sequence(&mut order)
        .return_once(|_, _| Ok(sessions));
    heard
}

#[tokio::test]
async fn sessions_end_at_their_last_activity_by_the_end_they_reached_first() {
    let bench = Bench::new();
    lists(&bench, vec![idle(1), absolute(2)]);
    let heard = bench.begins(Scope::System, |unit| {
        let ended = vec![
            (1, LAST, EndReason::IdleTimeout),
            (2, T0.minus(secs(60)), EndReason::AbsoluteTimeout),
        ];
        writes(unit, Vec::new(), ended)
    });

    assert_eq!(sweep(&bench).run().await, swept(2, false));

    // The cache is asked once for all of them, between the units of work.
    let looked = [Look(vec![session_id(1), session_id(2)])];
    assert_eq!(bench.counters.asked(), looked);
    assert_eq!(bench.local_counters.asked(), looked);
    let order = [
        "read System",
        "close",
        "look at counts",
        "look at counts",
        "begin System",
        "commit",
    ];
    assert_eq!(bench.journal.entries(), order);

    // That they ended is told of at the moment at which it is written, by nobody.
    let by = By::NOBODY.in_log(workspace_id(1));
    let reasons = [(1, "idle_timeout"), (2, "absolute_timeout")];
    let told = reasons.map(|(number, reason)| AuditEntry {
        at: T0.plus(PATIENCE),
        ..by.did(
            "session.ended",
            AuditTarget::from(session_id(number)),
            json!({ "reason": reason }),
        )
    });
    assert_eq!(heard.unwrap().all(), told);
    bench.finish();
}

#[tokio::test]
async fn of_what_was_active_since_only_the_idle_end_is_moved() {
    let bench = Bench::new();
    let later = T0.minus(secs(30));
    let mut flushed = idle(3);
    flushed.1 = activity(5, later);
    lists(&bench, vec![idle(1), idle(2), flushed, idle(4)]);
    bench.counters.know(session_id(1), activity(9, T0));
    bench.local_counters.know(session_id(2), activity(9, later));
    bench.begins(Scope::System, |unit| {
        let moved = [(1, T0), (2, later), (3, later)];
        let moved = moved.map(|(number, heard)| (number, heard.plus(LIFETIMES.session_idle)));
        let ended = vec![(4, LAST, EndReason::IdleTimeout)];
        writes(unit, moved.to_vec(), ended);
    });

    assert_eq!(sweep(&bench).run().await, swept(1, false));
    bench.finish();
}

#[tokio::test]
async fn what_is_alive_is_moved_also_when_nothing_ends() {
    let bench = Bench::new();
    lists(&bench, vec![idle(1)]);
    bench.counters.know(session_id(1), activity(9, T0));
    bench.begins(Scope::System, |unit| {
        writes(unit, vec![(1, T0.plus(LIFETIMES.session_idle))], Vec::new());
    });

    assert_eq!(sweep(&bench).run().await, swept(0, false));
    assert_eq!(bench.journal.count("commit"), 1);
    bench.finish();
}

#[tokio::test]
async fn the_last_activity_is_the_later_of_what_cache_and_database_know() {
    let bench = Bench::new();
    let (earlier, later) = (LAST.minus(secs(60)), T0.minus(secs(5)));
    lists(&bench, vec![idle(1), absolute(2)]);
    bench.counters.know(session_id(1), activity(1, earlier));
    bench.counters.know(session_id(2), activity(10, later));
    bench.begins(Scope::System, |unit| {
        let ended = vec![
            (1, LAST, EndReason::IdleTimeout),
            (2, later, EndReason::AbsoluteTimeout),
        ];
        writes(unit, Vec::new(), ended);
    });

    assert_eq!(sweep(&bench).run().await, swept(2, false));
    bench.finish();
}

#[tokio::test]
async fn no_session_ends_in_the_future() {
    let bench = Bench::new();
    lists(&bench, vec![absolute(1)]);
    // An instance whose clock is ahead has counted.
    bench
        .counters
        .know(session_id(1), activity(10, T0.plus(secs(5))));
    bench.begins(Scope::System, |unit| {
        writes(unit, Vec::new(), vec![(1, T0, EndReason::AbsoluteTimeout)]);
    });

    assert_eq!(sweep(&bench).run().await, swept(1, false));
    bench.finish();
}

#[tokio::test]
async fn while_the_cache_is_away_only_absolute_ends_are_written() {
    let bench = Bench::new();
    let mut flushed = idle(3);
    flushed.1 = activity(5, T0);
    lists(&bench, vec![idle(1), absolute(2), flushed]);
    bench.counters.go_away();
    bench.begins(Scope::System, |unit| {
        let moved = vec![(3, T0.plus(LIFETIMES.session_idle))];
        let ended = vec![(2, T0.minus(secs(60)), EndReason::AbsoluteTimeout)];
        writes(unit, moved, ended);
    });

    assert_eq!(sweep(&bench).run().await, swept(1, false));
    bench.finish();
}

/// A whole batch of one idle session.
fn full() -> Vec<(Session, SessionActivity)> {
    vec![idle(1); usize::try_from(SweepSessions::BATCH).unwrap()]
}

#[tokio::test]
async fn where_nothing_is_to_be_written_nothing_is_begun_and_no_more_waits() {
    let nothing = Bench::new();
    lists(&nothing, Vec::new());
    assert_eq!(sweep(&nothing).run().await, swept(0, false));
    assert_eq!(nothing.journal.entries(), ["read System", "close"]);
    nothing.finish();

    // A whole batch that the cache, being away, keeps from ending would only come again.
    let away = Bench::new();
    lists(&away, full());
    away.counters.go_away();
    assert_eq!(sweep(&away).run().await, swept(0, false));
    assert_eq!(away.journal.count("begin System"), 0);
    away.finish();
}

#[tokio::test]
async fn after_a_whole_batch_more_may_wait() {
    let mut short = full();
    short.pop();
    for (listed, more) in [(full(), true), (short, false)] {
        let bench = Bench::new();
        let count = listed.len();
        lists(&bench, listed);
        bench.begins(Scope::System, |unit| {
            let ended = vec![(1, LAST, EndReason::IdleTimeout); count];
            writes(unit, Vec::new(), ended);
        });

        let count = u64::try_from(count).unwrap();
        assert_eq!(sweep(&bench).run().await, swept(count, more));
        bench.finish();
    }
}

#[tokio::test]
async fn a_session_that_somebody_else_ended_first_is_not_counted() {
    let bench = Bench::new();
    lists(&bench, vec![idle(1), idle(2)]);
    bench.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_move_idle_ends()
            .returning(|_| Ok(()));
        unit.session_upkeep
            .expect_end_timed_out()
            .returning(|_, _| Ok(vec![over(1, LAST, EndReason::IdleTimeout)]));
        hears(unit);
    });

    assert_eq!(sweep(&bench).run().await, swept(1, false));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_nothing_of_the_batch_stays() {
    let no_look = Bench::new();
    no_look.read_fails(lost());
    let no_list = Bench::new();
    no_list.reads(Scope::System, |unit| {
        unit.session_upkeep
            .expect_list_idle()
            .return_once(|_, _| Err(lost()));
    });
    let no_unit = Bench::new();
    lists(&no_unit, vec![idle(1)]);
    no_unit.begin_fails(lost());
    let no_move = Bench::new();
    lists(&no_move, vec![idle(1)]);
    no_move.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_move_idle_ends()
            .return_once(|_| Err(lost()));
    });
    let no_end = Bench::new();
    lists(&no_end, vec![idle(1)]);
    no_end.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_move_idle_ends()
            .returning(|_| Ok(()));
        unit.session_upkeep
            .expect_end_timed_out()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    lists(&no_commit, vec![idle(1)]);
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        let ended = vec![(1, LAST, EndReason::IdleTimeout)];
        writes(unit, Vec::new(), ended);
    });
    for bench in [no_look, no_list, no_unit, no_move, no_end, no_commit] {
        let failed = sweep(&bench).run().await;
        assert_eq!(failed, Err(SweepSessionsError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
