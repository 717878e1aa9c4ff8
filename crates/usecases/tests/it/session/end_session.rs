//! Ending one session.

use kogents_domain::audit::AuditTarget;
use kogents_domain::session::{
    EndReason, MockSessionStates, SessionEnd, SessionHandle, SessionRecord,
};
use kogents_domain::store::Scope;
use kogents_usecases::session::{EndSession, EndSessionCommand, EndSessionError};
use mockall::predicate::eq;
use serde_json::json;

use crate::support::{
    Bench, By, Heard, LIFETIMES, T0, Units, activity, ada_id, away, caller, fenced_once, hears,
    idle_record, lost, record, secs, session_id, workspace_id,
};

fn end_session(bench: &Bench, states: MockSessionStates) -> EndSession {
    EndSession {
        store: bench.store(),
        digester: bench.digester(),
        book: bench.book(),
        session_idle: LIFETIMES.session_idle,
        gate: bench.gate(states),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

fn command(reference: &str) -> EndSessionCommand {
    EndSessionCommand {
        caller: caller(),
        reference: reference.to_owned(),
    }
}

fn live(number: u8) -> SessionRecord {
    record(number, T0.minus(secs(60)))
}

fn ended(number: u8, reason: EndReason) -> SessionRecord {
    let mut record = live(number);
    record.session.end = Some(SessionEnd { at: T0, reason });
    record
}

/// The caller's session of this number is looked up.
fn looks_up(unit: &mut Units, number: u8, found: Option<SessionRecord>) {
    unit.sessions
        .expect_find_record()
        .with(eq(ada_id()), eq(session_id(number)))
        .times(1)
        .return_once(|_, _| Ok(found));
}

fn ends(bench: &Bench, number: u8) -> Heard {
    bench.reads(Scope::Person(ada_id()), |unit| {
        looks_up(unit, number, Some(live(number)));
    });
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_end()
            .with(eq(session_id(number)), eq(EndReason::Revoked), eq(T0))
            .times(1)
            .returning(move |_, _, _| Ok(Some(ended(number, EndReason::Revoked).session)));
        looks_up(unit, number, Some(ended(number, EndReason::Revoked)));
        hears(unit)
    })
}

#[tokio::test]
async fn a_session_is_named_by_handle_by_id_or_as_the_current_one() {
    let digester = Bench::new().digester();
    let handle = SessionHandle::of(session_id(2), digester.as_ref());
    for (reference, number) in [
        ("current".to_owned(), 1),
        (handle.as_str().to_owned(), 2),
        (session_id(2).to_string(), 2),
    ] {
        let bench = Bench::new();
        let heard = ends(&bench, number);

        let record = end_session(&bench, fenced_once(ada_id()))
            .run(command(&reference))
            .await;

        assert_eq!(record, Ok(ended(number, EndReason::Revoked)));
        let order = [
            "read Person",
            "close",
            "look at counts",
            "look at counts",
            "fence",
            "begin Person",
            "commit",
            "lift",
        ];
        assert_eq!(bench.journal.entries(), order);
        let by = By::person(ada_id()).in_session(session_id(1));
        let by = by.in_log(workspace_id(1));
        let session = AuditTarget::from(session_id(number));
        let told = by.did("session.ended", session, json!({ "reason": "revoked" }));
        assert_eq!(heard.all(), [told]);
        bench.finish();
    }
}

#[tokio::test]
async fn s20_a_forged_or_malformed_name_is_refused_before_any_look_up() {
    let digester = Bench::new().digester();
    let handle = SessionHandle::of(session_id(2), digester.as_ref());
    let genuine = handle.as_str();
    let last = if genuine.ends_with('A') { 'E' } else { 'A' };
    let forged = format!("{}{last}", &genuine[..genuine.len() - 1]);
    for reference in [
        forged.as_str(),
        &genuine[..genuine.len() - 1],
        &genuine.replace("ses_", ""),
        "",
        "ses_",
        "Current",
        "current ",
        "0192f3c0-0003-4000-8000-000000000002",
        "../current",
    ] {
        let bench = Bench::new();

        let refused = end_session(&bench, MockSessionStates::new())
            .run(command(reference))
            .await;

        assert_eq!(refused, Err(EndSessionError::NotFound), "{reference:?}");
        assert_eq!(bench.journal.entries(), [""; 0]);
        bench.finish();
    }
}

#[tokio::test]
async fn s20_a_session_that_is_not_the_callers_is_not_found_and_nothing_is_fenced() {
    let bench = Bench::new();
    bench.reads(Scope::Person(ada_id()), |unit| looks_up(unit, 9, None));

    let refused = end_session(&bench, MockSessionStates::new())
        .run(command(&session_id(9).to_string()))
        .await;

    assert_eq!(refused, Err(EndSessionError::NotFound));
    assert_eq!(bench.journal.entries(), ["read Person", "close"]);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_is_over_stays_as_it_is_and_nothing_is_begun() {
    for over in [ended(2, EndReason::Logout), idle_record(2)] {
        let bench = Bench::new();
        let found = over.clone();
        bench.reads(Scope::Person(ada_id()), |unit| {
            looks_up(unit, 2, Some(found));
        });

        let unchanged = end_session(&bench, MockSessionStates::new())
            .run(command(&session_id(2).to_string()))
            .await;

        assert_eq!(unchanged, Ok(over));
        let order = ["read Person", "close", "look at counts", "look at counts"];
        assert_eq!(bench.journal.entries(), order);
        bench.finish();
    }
}

#[tokio::test]
async fn a_session_that_somebody_else_ended_first_keeps_its_reason() {
    let bench = Bench::new();
    bench.reads(Scope::Person(ada_id()), |unit| {
        looks_up(unit, 2, Some(live(2)));
    });
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions.expect_end().returning(|_, _, _| Ok(None));
        looks_up(unit, 2, Some(ended(2, EndReason::Logout)));
    });

    let record = end_session(&bench, fenced_once(ada_id()))
        .run(command(&session_id(2).to_string()))
        .await;

    assert_eq!(record, Ok(ended(2, EndReason::Logout)));
    bench.finish();
}

#[tokio::test]
async fn a_session_that_lives_by_what_the_cache_has_heard_is_ended_too() {
    let bench = Bench::new();
    bench.reads(Scope::Person(ada_id()), |unit| {
        looks_up(unit, 2, Some(idle_record(2)));
    });
    let mut over = idle_record(2);
    over.session.end = Some(SessionEnd {
        at: T0,
        reason: EndReason::Revoked,
    });
    let (row, found) = (over.session.clone(), over.clone());
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_end()
            .with(eq(session_id(2)), eq(EndReason::Revoked), eq(T0))
            .times(1)
            .return_once(|_, _, _| Ok(Some(row)));
        looks_up(unit, 2, Some(found));
        hears(unit);
    });
    bench.counters.know(session_id(2), activity(9, T0));

    let record = end_session(&bench, fenced_once(ada_id()))
        .run(command(&session_id(2).to_string()))
        .await;

    // It is given with what it did.
    over.activity = activity(9, T0);
    assert_eq!(record, Ok(over));
    bench.finish();
}

#[tokio::test]
async fn what_a_session_did_before_it_was_over_is_shown() {
    let bench = Bench::new();
    let mut over = ended(2, EndReason::Logout);
    let found = over.clone();
    bench.reads(Scope::Person(ada_id()), |unit| {
        looks_up(unit, 2, Some(found));
    });
    bench.local_counters.know(session_id(2), activity(9, T0));

    let unchanged = end_session(&bench, MockSessionStates::new())
        .run(command(&session_id(2).to_string()))
        .await;

    over.activity = activity(9, T0);
    assert_eq!(unchanged, Ok(over));
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_is_away_does_not_keep_a_session_alive() {
    let bench = Bench::new();
    ends(&bench, 1);
    bench.counters.go_away();
    let mut states = MockSessionStates::new();
    states.expect_fence().returning(|_, _| Err(away()));

    let record = end_session(&bench, states).run(command("current")).await;

    assert_eq!(record, Ok(ended(1, EndReason::Revoked)));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_the_fence_is_lifted() {
    let no_look = Bench::new();
    no_look.read_fails(lost());
    let refused = end_session(&no_look, MockSessionStates::new())
        .run(command("current"))
        .await;
    assert_eq!(refused, Err(EndSessionError::Store(lost())));
    no_look.finish();

    let found = |bench: &Bench| {
        bench.reads(Scope::Person(ada_id()), |unit| {
            looks_up(unit, 1, Some(live(1)));
        });
    };
    let no_unit = Bench::new();
    found(&no_unit);
    no_unit.begin_fails(lost());
    let no_commit = Bench::new();
    found(&no_commit);
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        unit.sessions.expect_end().returning(|_, _, _| Ok(None));
        looks_up(unit, 1, Some(live(1)));
    });
    for bench in [no_unit, no_commit] {
        let refused = end_session(&bench, fenced_once(ada_id()))
            .run(command("current"))
            .await;

        assert_eq!(refused, Err(EndSessionError::Store(lost())));
        assert_eq!(bench.journal.entries().last().unwrap(), "lift");
        bench.finish();
    }
}
