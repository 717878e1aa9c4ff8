//! Filling a session that is open already.

use kogents_domain::session::{Analytics, CountryCode, SessionFacts, SessionRecord};
use kogents_domain::store::Scope;
use kogents_testkit::fakes::AskedOfCounters::Look;
use kogents_usecases::session::{FillSession, FillSessionCommand, FillSessionError};
use mockall::Sequence;
use mockall::predicate::eq;

use crate::support::{
    Bench, LIFETIMES, Slot, T0, Units, activity, ada, ada_id, caller, language, lost, record, secs,
    session_id,
};

fn fill_session(bench: &Bench) -> FillSession {
    FillSession {
        store: bench.store(),
        book: bench.book(),
        session_idle: LIFETIMES.session_idle,
        clock: bench.clock(),
    }
}

fn command(analytics: Analytics) -> FillSessionCommand {
    FillSessionCommand {
        caller: caller(),
        analytics,
    }
}

/// What the frontend tells.
fn told() -> Analytics {
    Analytics {
        country_code: CountryCode::parse("FR").ok(),
        language: Some(language("fr")),
        utm_source: Some("newsletter".to_owned()),
        utm_medium: Some("email".to_owned()),
        ..Analytics::default()
    }
}

/// A session whose language the server derived.
fn opened() -> SessionRecord {
    let mut record = record(1, T0.minus(secs(60)));
    record.facts.language = Some(language("de"));
    record.facts.from_frontend.language = false;
    record.facts.channel = Some("direct".to_owned());
    record
}

/// The person's row is locked first, then the session is read and its facts are written.
fn fills(unit: &mut Units, found: SessionRecord) -> Slot<SessionFacts> {
    let mut order = Sequence::new();
    locks(unit, &mut order);
    unit.sessions
        .expect_find_record()
        .with(eq(ada_id()), eq(session_id(1)))
        .times(1)
        .in_sequence(&mut order)
        .return_once(|_, _| Ok(Some(found)));
    let written = Slot::new();
    let put = written.clone();
    unit.sessions
        .expect_replace_facts()
        .withf(|id, _| *id == session_id(1))
        .times(1)
        .in_sequence(&mut order)
        .returning(move |_, facts| {
            put.put(facts.clone());
            Ok(())
        });
    written
}

fn locks(unit: &mut Units, order: &mut Sequence) {
    unit.users
        .expect_find_for_update()
        .with(eq(ada_id()))
        .times(1)
        .in_sequence(order)
        .return_once(|_| Ok(Some(ada())));
}

/// The session is found locked, and nothing is asked for beside it.
fn finds(unit: &mut Units, found: Option<SessionRecord>) {
    let mut order = Sequence::new();
    locks(unit, &mut order);
    unit.sessions
        .expect_find_record()
        .with(eq(ada_id()), eq(session_id(1)))
        .times(1)
        .in_sequence(&mut order)
        .return_once(|_, _| Ok(found));
}

/// The session is looked at before anything is locked.
fn looks_at(bench: &Bench, found: Option<SessionRecord>) {
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_find_record()
            .with(eq(ada_id()), eq(session_id(1)))
            .times(1)
            .return_once(|_, _| Ok(found));
    });
}

#[tokio::test]
async fn what_the_session_does_not_have_from_its_frontend_is_filled_and_given_back() {
    let bench = Bench::new();
    looks_at(&bench, Some(opened()));
    let written = bench.begins(Scope::Person(ada_id()), |unit| fills(unit, opened()));

    let filled = fill_session(&bench).run(command(told())).await.unwrap();

    let expected = SessionRecord {
        facts: opened().facts.filled(told()),
        ..opened()
    };
    assert_eq!(filled, expected);
    assert_eq!(written.only(), filled.facts);
    assert_eq!(filled.facts.country_code, told().country_code);
    assert_eq!(filled.facts.language, Some(language("fr")));
    assert_eq!(filled.facts.channel.as_deref(), Some("email"));
    let order = [
        "read Person",
        "close",
        "begin Person",
        "commit",
        "look at counts",
        "look at counts",
    ];
    assert_eq!(bench.journal.entries(), order);
    bench.finish();
}

#[tokio::test]
async fn what_the_frontend_told_before_stays() {
    let bench = Bench::new();
    let mut before = opened();
    before.facts = before.facts.filled(told());
    before.facts.utm_medium = None;
    looks_at(&bench, Some(before.clone()));
    let written = bench.begins(Scope::Person(ada_id()), |unit| fills(unit, before));
    let later = Analytics {
        language: Some(language("it")),
        utm_source: Some("google".to_owned()),
        utm_medium: Some("cpc".to_owned()),
        ..Analytics::default()
    };

    let filled = fill_session(&bench).run(command(later)).await.unwrap();

    assert_eq!(filled.facts.language, Some(language("fr")));
    assert_eq!(filled.facts.utm_source.as_deref(), Some("newsletter"));
    assert_eq!(filled.facts.utm_medium.as_deref(), Some("cpc"));
    assert_eq!(written.only(), filled.facts);
    bench.finish();
}

#[tokio::test]
async fn nothing_is_written_where_nothing_changes() {
    let mut filled = opened();
    filled.facts = filled.facts.filled(told());
    for (found, analytics) in [(opened(), Analytics::default()), (filled, told())] {
        let bench = Bench::new();
        let before = found.clone();
        looks_at(&bench, Some(found));

        let unchanged = fill_session(&bench).run(command(analytics)).await;

        assert_eq!(unchanged, Ok(before));
        let order = ["read Person", "close", "look at counts", "look at counts"];
        assert_eq!(bench.journal.entries(), order);
        bench.finish();
    }
}

#[tokio::test]
async fn the_session_is_given_with_what_it_did_lately() {
    let bench = Bench::new();
    looks_at(&bench, Some(opened()));
    bench.counters.know(session_id(1), activity(9, T0));

    let given = fill_session(&bench)
        .run(command(Analytics::default()))
        .await
        .unwrap();

    assert_eq!(given.activity, activity(9, T0));
    let idle_end = T0.plus(LIFETIMES.session_idle);
    assert_eq!(given.session.idle_expires_at, idle_end);
    assert_eq!(bench.counters.asked(), [Look(vec![session_id(1)])]);
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_is_away_changes_only_how_late_the_counts_are() {
    let bench = Bench::new();
    looks_at(&bench, Some(opened()));
    let written = bench.begins(Scope::Person(ada_id()), |unit| fills(unit, opened()));
    bench.counters.go_away();

    let filled = fill_session(&bench).run(command(told())).await.unwrap();

    assert_eq!(filled.facts, written.only());
    assert_eq!(filled.activity, opened().activity);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_was_dropped_meanwhile_is_over() {
    let before = Bench::new();
    looks_at(&before, None);
    let between = Bench::new();
    looks_at(&between, Some(opened()));
    between.begins(Scope::Person(ada_id()), |unit| finds(unit, None));
    for bench in [before, between] {
        let refused = fill_session(&bench).run(command(told())).await;
        assert_eq!(refused, Err(FillSessionError::Over));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn what_somebody_else_filled_meanwhile_stays_and_is_not_written_again() {
    let bench = Bench::new();
    let mut filled = opened();
    filled.facts = filled.facts.filled(told());
    looks_at(&bench, Some(opened()));
    let found = filled.clone();
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));

    assert_eq!(fill_session(&bench).run(command(told())).await, Ok(filled));
    assert_eq!(bench.journal.count("commit"), 0);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_fills_nothing() {
    let no_look = Bench::new();
    no_look.read_fails(lost());
    let looked = || {
        let bench = Bench::new();
        looks_at(&bench, Some(opened()));
        bench
    };
    let no_unit = looked();
    no_unit.begin_fails(lost());
    let no_lock = looked();
    no_lock.begins(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find_for_update()
            .return_once(|_| Err(lost()));
    });
    let no_record = looked();
    no_record.begins(Scope::Person(ada_id()), |unit| {
        locks(unit, &mut Sequence::new());
        unit.sessions
            .expect_find_record()
            .return_once(|_, _| Err(lost()));
    });
    let no_facts = looked();
    no_facts.begins(Scope::Person(ada_id()), |unit| {
        finds(unit, Some(opened()));
        unit.sessions
            .expect_replace_facts()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = looked();
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        fills(unit, opened());
    });
    for bench in [no_look, no_unit, no_lock, no_record, no_facts, no_commit] {
        let failed = fill_session(&bench).run(command(told())).await;
        assert_eq!(failed, Err(FillSessionError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
