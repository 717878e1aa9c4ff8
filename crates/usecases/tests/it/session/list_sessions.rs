//! Listing one's sessions.

use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::Scope;
use kogents_usecases::session::{
    ListSessions, ListSessionsCommand, ListSessionsError, SessionList,
};
use mockall::predicate::eq;

use crate::support::{Bench, T0, ada_id, caller, lost, record, secs, session_id};

fn list(bench: &Bench) -> ListSessions {
    ListSessions {
        store: bench.store(),
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

#[tokio::test]
async fn the_live_sessions_come_all_at_once_in_the_stores_order() {
    let bench = Bench::new();
    let found = vec![
        record(1, T0.minus(secs(9))),
        record(3, T0.minus(secs(8))),
        record(2, T0),
    ];
    let answer = found.clone();
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_live()
            .with(eq(ada_id()), eq(T0))
            .times(1)
            .return_once(|_, _| Ok(answer));
    });

    let listed = list(&bench).run(live()).await;

    let expected = SessionList {
        sessions: found,
        total: 3,
        next: None,
        now: T0,
    };
    assert_eq!(listed, Ok(expected));
    assert_eq!(bench.journal.entries(), ["read Person", "close"]);
    bench.finish();
}

#[tokio::test]
async fn all_sessions_come_by_page_with_the_number_over_all_pages() {
    let bench = Bench::new();
    let found = vec![record(4, T0), record(3, T0)];
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
async fn a_store_that_fails_gives_no_list() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_list = Bench::new();
    no_list.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_live()
            .return_once(|_, _| Err(lost()));
    });
    for bench in [no_unit, no_list] {
        let failed = list(&bench).run(live()).await;
        assert_eq!(failed, Err(ListSessionsError::Store(lost())));
        bench.finish();
    }
}
