//! Opening a further session.

use kogents_domain::auth::User;
use kogents_domain::session::{
    Analytics, EndReason, MockSessionStates, Session, SessionEnd, SessionRecord, SessionType,
};
use kogents_domain::store::{Scope, StoreError};
use kogents_usecases::session::{OpenSession, OpenSessionCommand, OpenSessionError};
use mockall::Sequence;
use mockall::predicate::eq;

use crate::support::{
    Bench, SESSION_LIMIT, Slot, T0, Units, ada, ada_id, away, caller, client, fenced_once, lost,
    opens_after, prepares, record, secs, session_id, workspace_id,
};

fn open_session(bench: &Bench, states: MockSessionStates) -> OpenSession {
    OpenSession {
        opener: bench.opener(),
        store: bench.store(),
        minter: bench.minter(),
        gate: bench.gate(states),
        clock: bench.clock(),
    }
}

fn command(session_type: SessionType) -> OpenSessionCommand {
    OpenSessionCommand {
        caller: caller(),
        session_type,
        analytics: Analytics {
            utm_source: Some("newsletter".to_owned()),
            ..Analytics::default()
        },
        client: client(),
    }
}

fn own() -> SessionRecord {
    record(1, T0.minus(secs(60)))
}

/// The person's row is locked, then the caller's own session is looked at.
fn finds(unit: &mut Units, user: Option<User>, own: Option<Session>) {
    let mut order = Sequence::new();
    unit.users
        .expect_find_for_update()
        .with(eq(ada_id()))
        .times(1)
        .in_sequence(&mut order)
        .return_once(|_| Ok(user));
    unit.sessions
        .expect_find()
        .with(eq(session_id(1)))
        .times(..=1)
        .in_sequence(&mut order)
        .return_once(|_| Ok(own));
}

/// A store that opens the session.
fn opened(bench: &Bench) -> Slot<SessionRecord> {
    opened_beside(bench, own().session)
}

/// The same, where the caller's own session is as this one when the person's row is held.
fn opened_beside(bench: &Bench, own_session: Session) -> Slot<SessionRecord> {
    prepares(bench, vec![own()]);
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds(unit, Some(ada()), Some(own_session));
        // The caller's own session is not the one that gives way.
        opens_after(unit, true, Vec::new(), (Some(session_id(1)), SESSION_LIMIT))
    })
}

#[tokio::test]
async fn a_session_of_its_kind_opens_in_the_callers_workspace_with_tokens_of_its_own() {
    for session_type in SessionType::ALL {
        let bench = Bench::new();
        let kept = opened(&bench);

        let opened = open_session(&bench, fenced_once(ada_id()))
            .run(command(session_type))
            .await
            .unwrap();

        let record = kept.only();
        assert_eq!(opened.session, record);
        let session = &record.session;
        assert_eq!(session.session_type, session_type);
        assert_eq!(session.workspace_id, Some(workspace_id(1)));
        assert_ne!(session.id, session_id(1));
        assert_eq!(record.facts.utm_source.as_deref(), Some("newsletter"));
        assert_eq!(opened.tokens, bench.minter().pair(session, T0));
        let refresh = opened.tokens.refresh;
        let claims = bench.refresh().read(refresh.expose(), T0).unwrap();
        assert_eq!((claims.session_id, claims.generation), (session.id, 0));
        bench.finish();
    }
}

#[tokio::test]
async fn it_opens_where_the_callers_session_is_by_then() {
    for there in [None, Some(workspace_id(2))] {
        let bench = Bench::new();
        let moved = Session {
            workspace_id: there,
            ..own().session
        };
        let kept = opened_beside(&bench, moved);

        let opened = open_session(&bench, fenced_once(ada_id()))
            .run(command(SessionType::Web))
            .await;

        assert!(opened.is_ok());
        assert_eq!(kept.only().session.workspace_id, there);
        bench.finish();
    }
}

#[tokio::test]
async fn the_cache_is_fenced_before_the_unit_begins_and_lifted_after_it_is_committed() {
    let bench = Bench::new();
    opened(&bench);

    let opened = open_session(&bench, fenced_once(ada_id()))
        .run(command(SessionType::Web))
        .await;

    assert!(opened.is_ok());
    let order = [
        "detect",
        "locate",
        "read Person",
        "close",
        "fence",
        "begin Person",
        "commit",
        "lift",
        "wake",
        "mint access",
        "mint refresh",
    ];
    assert_eq!(bench.journal.entries(), order);
    bench.finish();
}

#[tokio::test]
async fn s16_who_was_suspended_or_is_gone_meanwhile_opens_nothing() {
    let suspended = User {
        suspended_at: Some(T0),
        ..ada()
    };
    for user in [Some(suspended), None] {
        let bench = Bench::new();
        prepares(&bench, vec![own()]);
        bench.begins(Scope::Person(ada_id()), |unit| {
            finds(unit, user, Some(own().session));
        });

        let refused = open_session(&bench, fenced_once(ada_id()))
            .run(command(SessionType::Web))
            .await;

        assert_eq!(refused, Err(OpenSessionError::Over));
        let order = ["fence", "begin Person", "rollback", "lift"];
        assert_eq!(bench.journal.only(&order), order);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn s16_whose_own_session_was_ended_or_is_gone_meanwhile_opens_nothing() {
    let ended = Session {
        end: Some(SessionEnd {
            at: T0,
            reason: EndReason::RevokedAll,
        }),
        ..own().session
    };
    for own_session in [Some(ended), None] {
        let bench = Bench::new();
        prepares(&bench, vec![own()]);
        bench.begins(Scope::Person(ada_id()), |unit| {
            finds(unit, Some(ada()), own_session);
        });

        let refused = open_session(&bench, fenced_once(ada_id()))
            .run(command(SessionType::Web))
            .await;

        assert_eq!(refused, Err(OpenSessionError::Over));
        let order = ["fence", "begin Person", "rollback", "lift"];
        assert_eq!(bench.journal.only(&order), order);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn a_cache_that_is_away_keeps_no_session_from_opening() {
    let bench = Bench::new();
    opened(&bench);
    bench.counters.go_away();
    let mut states = MockSessionStates::new();
    states.expect_fence().returning(|_, _| Err(away()));

    let opened = open_session(&bench, states)
        .run(command(SessionType::Web))
        .await;

    assert!(opened.is_ok());
    assert_eq!(bench.journal.count("commit"), 1);
    bench.finish();
}

#[tokio::test]
async fn whatever_fails_in_the_store_the_fence_is_lifted_and_no_token_is_minted() {
    let failed = || StoreError::Failed("the disk is full".to_owned());

    let no_unit = Bench::new();
    prepares(&no_unit, vec![own()]);
    no_unit.begin_fails(failed());

    let no_user = Bench::new();
    prepares(&no_user, vec![own()]);
    no_user.begins(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find_for_update()
            .return_once(move |_| Err(failed()));
    });

    let no_own = Bench::new();
    prepares(&no_own, vec![own()]);
    no_own.begins(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find_for_update()
            .return_once(|_| Ok(Some(ada())));
        unit.sessions
            .expect_find()
            .return_once(move |_| Err(failed()));
    });

    let no_commit = Bench::new();
    prepares(&no_commit, vec![own()]);
    no_commit.fails_to_commit(Scope::Person(ada_id()), failed(), |unit| {
        finds(unit, Some(ada()), Some(own().session));
        // The caller's own session is not the one that gives way.
        opens_after(unit, true, Vec::new(), (Some(session_id(1)), SESSION_LIMIT))
    });

    for bench in [no_unit, no_user, no_own, no_commit] {
        let refused = open_session(&bench, fenced_once(ada_id()))
            .run(command(SessionType::Web))
            .await;

        assert_eq!(refused, Err(OpenSessionError::Store(failed())));
        assert_eq!(bench.journal.entries().last().unwrap(), "lift");
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }

    let no_list = Bench::new();
    no_list.read_fails(lost());
    let refused = open_session(&no_list, MockSessionStates::new())
        .run(command(SessionType::Web))
        .await;
    assert_eq!(refused, Err(OpenSessionError::Store(lost())));
    no_list.finish();
}
