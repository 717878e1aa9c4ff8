//! Listing one's sessions.

use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::SessionRecord;
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_testkit::fakes::AskedOfCounters::Look;
use kogents_usecases::session::{
    ListSessions, ListSessionsCommand, ListSessionsError, SessionList,
};
use mockall::predicate::eq;

use crate::support::{
    Bench, LIFETIMES, T0, activity, ada_id, caller, idle_record, lists_open, lost, record, secs,
    session_id,
};

fn list(bench: &Bench) -> ListSessions {
    ListSessions {
        store: bench.store(),
        book: bench.book(),
        session_idle: LIFETIMES.session_idle,
        clock: bench.clock(),
    }
}

fn live() -> ListSessionsCommand {
    ListSessionsCommand {
        caller: caller(),
        all: false,
        limit: PageLimit::DEFAULT,
        after: None,
    }
}

fn all() -> ListSessionsCommand {
    ListSessionsCommand {
        all: true,
        limit: PageLimit::new(2).unwrap(),
        after: Some(session_id(5)),
        ..live()
    }
}

/// A session as it is when the cache knows of so many requests, the last of them at a moment.
fn heard(record: SessionRecord, requests: u64, at: Timestamp) -> SessionRecord {
    let mut record = record;
    record.activity = activity(requests, at);
    record.session.idle_expires_at = at.plus(LIFETIMES.session_idle);
    record
}

/// The live ones among these.
fn these(sessions: Vec<SessionRecord>) -> SessionList {
    SessionList {
        total: u64::try_from(sessions.len()).unwrap(),
        sessions,
        next: None,
        now: T0,
    }
}

#[tokio::test]
async fn the_live_sessions_come_all_at_once_most_recently_active_first() {
    let bench = Bench::new();
    let [one, two, three] = [
        record(1, T0.minus(secs(9))),
        record(2, T0),
        record(3, T0.minus(secs(8))),
    ];
    lists_open(&bench, vec![three.clone(), two.clone(), one.clone()]);

    let listed = list(&bench).run(live()).await;

    assert_eq!(listed, Ok(these(vec![two, three, one])));
    let order = ["read Person", "close", "look at counts", "look at counts"];
    assert_eq!(bench.journal.entries(), order);
    bench.finish();
}

#[tokio::test]
async fn what_the_cache_knows_of_is_shown_and_decides_the_order() {
    let bench = Bench::new();
    let [one, two, three] = [1, 2, 3].map(|number| record(number, T0.minus(secs(60))));
    lists_open(&bench, vec![three.clone(), two.clone(), one.clone()]);
    let (recent, latest) = (T0.minus(secs(5)), T0.minus(secs(1)));
    bench.counters.know(session_id(1), activity(9, latest));
    bench
        .local_counters
        .know(session_id(2), activity(4, recent));

    let listed = list(&bench).run(live()).await;

    let expected = vec![heard(one, 9, latest), heard(two, 4, recent), three];
    assert_eq!(listed, Ok(these(expected)));
    // One question for all of them.
    let looked = [Look([3, 2, 1].map(session_id).to_vec())];
    assert_eq!(bench.counters.asked(), looked);
    bench.finish();
}

#[tokio::test]
async fn of_sessions_active_at_one_moment_the_later_one_comes_first() {
    let bench = Bench::new();
    let [one, two] = [1, 2].map(|number| record(number, T0));
    lists_open(&bench, vec![one.clone(), two.clone()]);

    assert_eq!(list(&bench).run(live()).await, Ok(these(vec![two, one])));
    bench.finish();
}

#[tokio::test]
async fn a_session_that_has_timed_out_is_not_live_unless_the_cache_has_heard_of_it() {
    let bench = Bench::new();
    lists_open(&bench, vec![idle_record(2), idle_record(1)]);
    let recent = T0.minus(secs(5));
    bench.counters.know(session_id(1), activity(9, recent));

    let listed = list(&bench).run(live()).await;

    let expected = vec![heard(idle_record(1), 9, recent)];
    assert_eq!(listed, Ok(these(expected)));
    bench.finish();
}

#[tokio::test]
async fn with_the_cache_away_the_list_is_as_the_database_has_it() {
    let bench = Bench::new();
    let (one, two) = (record(1, T0), record(2, T0.minus(secs(60))));
    lists_open(&bench, vec![two.clone(), one.clone(), idle_record(3)]);
    bench.counters.go_away();

    assert_eq!(list(&bench).run(live()).await, Ok(these(vec![one, two])));
    bench.finish();
}

#[tokio::test]
async fn who_has_no_session_gets_an_empty_list_and_no_cache_is_asked() {
    let bench = Bench::new();
    lists_open(&bench, Vec::new());

    assert_eq!(list(&bench).run(live()).await, Ok(these(Vec::new())));
    assert_eq!(bench.journal.entries(), ["read Person", "close"]);
    bench.finish();
}

#[tokio::test]
async fn all_sessions_come_by_page_with_the_number_over_all_pages() {
    let bench = Bench::new();
    // In the store's order, those that are over too.
    let found = vec![record(4, T0), idle_record(3)];
    let page = Page {
        items: found.clone(),
        next: Some(session_id(3)),
    };
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_all()
            .with(
                eq(ada_id()),
                eq(PageLimit::new(2).unwrap()),
                eq(Some(session_id(5))),
            )
            .times(1)
            .return_once(|_, _, _| Ok(page));
        unit.sessions
            .expect_count_all()
            .with(eq(ada_id()))
            .times(1)
            .returning(|_| Ok(31));
    });

    let listed = list(&bench).run(all()).await;

    let expected = SessionList {
        sessions: found,
        total: 31,
        next: Some(session_id(3)),
        now: T0,
    };
    assert_eq!(listed, Ok(expected));
    bench.finish();
}

#[tokio::test]
async fn a_page_keeps_the_stores_order_whatever_the_cache_knows() {
    let bench = Bench::new();
    let (four, three) = (record(4, T0.minus(secs(60))), idle_record(3));
    let page = Page {
        items: vec![four.clone(), three.clone()],
        next: None,
    };
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_all()
            .return_once(|_, _, _| Ok(page));
        unit.sessions.expect_count_all().return_once(|_| Ok(2));
    });
    bench.counters.know(session_id(3), activity(9, T0));

    let listed = list(&bench).run(all()).await.unwrap();

    assert_eq!(listed.sessions, [four, heard(three, 9, T0)]);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_gives_no_list() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_list = Bench::new();
    no_list.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_open()
            .return_once(|_, _| Err(lost()));
    });
    for bench in [no_unit, no_list] {
        let failed = list(&bench).run(live()).await;
        assert_eq!(failed, Err(ListSessionsError::Store(lost())));
        bench.finish();
    }

    let no_page = Bench::new();
    no_page.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_all()
            .return_once(|_, _, _| Err(lost()));
    });
    let no_number = Bench::new();
    no_number.reads(Scope::Person(ada_id()), |unit| {
        let page = Page {
            items: Vec::new(),
            next: None,
        };
        unit.sessions
            .expect_list_all()
            .return_once(|_, _, _| Ok(page));
        unit.sessions
            .expect_count_all()
            .return_once(|_| Err(lost()));
    });
    for bench in [no_page, no_number] {
        let failed = list(&bench).run(all()).await;
        assert_eq!(failed, Err(ListSessionsError::Store(lost())));
        bench.finish();
    }
}
