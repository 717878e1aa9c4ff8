//! Counting what sessions do, whatever becomes of the cache.

use kogents_domain::session::{ActivityCount, SessionActivity};
use kogents_testkit::fakes::AskedOfCounters::{self, Count, Look};

use crate::support::{Bench, T0, activity, away, secs, session_id};

fn asked(base: Option<SessionActivity>, counted: ActivityCount) -> [AskedOfCounters; 1] {
    [Count {
        session: session_id(1),
        base,
        counted,
        now: T0,
    }]
}

#[tokio::test]
async fn the_cache_counts_alone_as_long_as_it_answers() {
    for base in [Some(activity(7, T0)), None] {
        let bench = Bench::new();
        let counted = ActivityCount::ACTION;
        bench.book().count(session_id(1), base, counted, T0).await;
        assert_eq!(bench.counters.asked(), asked(base, counted));
        assert_eq!(bench.local_counters.asked(), []);
    }
}

#[tokio::test]
async fn what_the_cache_cannot_count_this_process_does_on_the_same_base() {
    for base in [Some(activity(7, T0)), None] {
        let bench = Bench::new();
        bench.counters.go_away();
        let counted = ActivityCount::REQUEST;
        bench.book().count(session_id(1), base, counted, T0).await;
        assert_eq!(bench.counters.asked(), asked(base, counted));
        assert_eq!(bench.local_counters.asked(), asked(base, counted));
    }
}

#[tokio::test]
async fn what_nobody_can_count_is_lost_and_stops_nothing() {
    let bench = Bench::new();
    bench.counters.go_away();
    bench.local_counters.go_away();
    let counted = ActivityCount::REQUEST;
    bench.book().count(session_id(1), None, counted, T0).await;
    assert_eq!(bench.local_counters.asked(), asked(None, counted));
}

#[tokio::test]
async fn a_cache_that_was_asked_already_is_not_asked_again() {
    let bench = Bench::new();
    let base = Some(activity(7, T0));
    let counted = ActivityCount::REQUEST;
    let book = bench.book();
    book.count_locally(session_id(1), base, counted, T0).await;
    assert_eq!(bench.counters.asked(), []);
    assert_eq!(bench.local_counters.asked(), asked(base, counted));
}

#[tokio::test]
async fn of_what_both_know_the_greater_counts_and_of_what_one_knows_that() {
    let bench = Bench::new();
    let earlier = T0.minus(secs(60));
    bench.counters.know(session_id(1), activity(9, earlier));
    bench.local_counters.know(session_id(1), activity(8, T0));
    bench.counters.know(session_id(2), activity(2, earlier));
    bench.local_counters.know(session_id(3), activity(3, T0));
    let sessions = [4, 3, 2, 1].map(session_id);

    let looked = bench.book().look(&sessions, T0).await;

    let known = vec![
        None,
        Some(activity(3, T0)),
        Some(activity(2, earlier)),
        Some(activity(9, T0)),
    ];
    assert_eq!(looked, Ok(known.clone()));
    assert_eq!(bench.book().look_if_possible(&sessions, T0).await, known);
    // Once each for all of them.
    let asked = [Look(sessions.to_vec()), Look(sessions.to_vec())];
    assert_eq!(bench.counters.asked(), asked);
    assert_eq!(bench.local_counters.asked(), asked);
}

#[tokio::test]
async fn of_no_sessions_nobody_is_asked() {
    let bench = Bench::new();
    assert_eq!(bench.book().look(&[], T0).await, Ok(Vec::new()));
    assert_eq!(bench.book().look_if_possible(&[], T0).await, []);
    assert_eq!(bench.journal.entries(), [""; 0]);
}

#[tokio::test]
async fn with_the_cache_away_what_this_process_knows_is_given_to_those_who_can_live_with_it() {
    let bench = Bench::new();
    bench.counters.go_away();
    bench.local_counters.know(session_id(2), activity(2, T0));
    let sessions = [1, 2].map(session_id);

    assert_eq!(bench.book().look(&sessions, T0).await, Err(away()));
    let looked = bench.book().look_if_possible(&sessions, T0).await;
    assert_eq!(looked, [None, Some(activity(2, T0))]);

    bench.local_counters.go_away();
    let looked = bench.book().look_if_possible(&sessions, T0).await;
    assert_eq!(looked, [None, None]);
}
