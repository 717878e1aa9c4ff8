//! Telling who makes a request.

use kogents_domain::auth::AccessClaims;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::{LimitLedger, LimitRule, LimitSubject, Taken};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{
    ActivityCount, EndReason, MockSessionStates, Session, SessionActivity, SessionEnd, Touch,
    Touched, Vouched,
};
use kogents_domain::time::Span;
use kogents_testkit::fakes::AskedOfLimiter::Take;
use kogents_usecases::auth::{Authenticate, AuthenticateCommand, AuthenticateError, Caller};
use kogents_usecases::limits::Limited;

use crate::support::{
    self, Bench, T0, activity, ada_id, away, bob_id, caller, client_ip, finds_with_activity,
    idle_record, lost, puts, record, secs, session_id, snapshot, touched, workspace_id,
};

fn authenticate(bench: &Bench, states: MockSessionStates) -> Authenticate {
    Authenticate {
        tokens: bench.access(),
        admission: bench.admission(states),
        clock: bench.clock(),
    }
}

/// An access token of Ada's first session.
fn token(bench: &Bench, workspace_id: Option<WorkspaceId>) -> String {
    let token = bench.access().mint(&AccessClaims {
        user_id: ada_id(),
        session_id: session_id(1),
        workspace_id,
        issued_at: T0,
        expires_at: T0.plus(secs(900)),
    });
    token.expose().to_owned()
}

fn session() -> Session {
    record(1, T0.minus(secs(60))).session
}

/// A cache that is asked once about Ada's first session.
fn cache(answer: Result<Touch, CacheError>) -> MockSessionStates {
    let answer = answer.map(|touch| touched(touch, None));
    support::cache(Some(ActivityCount::REQUEST), answer)
}

fn command(token: &str) -> AuthenticateCommand {
    AuthenticateCommand {
        ip_address: client_ip(),
        token: SecretText::new(token),
        counted: Some(ActivityCount::REQUEST),
        ledger: LimitLedger::default(),
    }
}

/// The session's counters as the database has them.
fn stored() -> SessionActivity {
    activity(7, T0.minus(secs(60)))
}

/// The database is asked once.
fn finds(bench: &Bench, found: Option<Session>) {
    finds_with_activity(bench, found.map(|session| (session, stored())));
}

/// What the database says of a session, to be kept under a version.
fn vouched(session: &Session, version: Option<u64>) -> Vouched {
    Vouched {
        snapshot: snapshot(session),
        version,
        activity: stored(),
        counted: Some(ActivityCount::REQUEST),
        now: T0,
    }
}

async fn run(bench: &Bench, states: MockSessionStates) -> Result<Caller, AuthenticateError> {
    let token = token(bench, Some(workspace_id(1)));
    authenticate(bench, states).run(command(&token)).await
}

#[tokio::test]
async fn a_session_that_the_cache_knows_costs_no_database() {
    let bench = Bench::new();
    let known = snapshot(&session());

    let who = run(&bench, cache(Ok(Touch::Known(known)))).await;

    assert_eq!(who, Ok(caller()));
    assert_eq!(bench.journal.entries(), ["mint access", "touch"]);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_the_cache_does_not_know_is_read_once_and_put_under_the_version() {
    let bench = Bench::new();
    finds(&bench, Some(session()));
    let states = cache(Ok(Touch::Unknown { version: 41 }));

    let who = run(&bench, puts(states, vouched(&session(), Some(41)))).await;

    assert_eq!(who, Ok(caller()));
    let order = ["mint access", "touch", "read Person", "close", "put"];
    assert_eq!(bench.journal.entries(), order);
    bench.finish();
}

#[tokio::test]
async fn while_sessions_are_being_changed_the_database_answers_and_no_snapshot_is_kept() {
    let bench = Bench::new();
    finds(&bench, Some(session()));
    let states = cache(Ok(Touch::Fenced));

    let who = run(&bench, puts(states, vouched(&session(), None))).await;

    assert_eq!(who, Ok(caller()));
    bench.finish();
}

#[tokio::test]
async fn while_the_cache_is_away_the_database_answers_alone() {
    let bench = Bench::new();
    finds(&bench, Some(session()));

    let who = run(&bench, cache(Err(away()))).await;

    assert_eq!(who, Ok(caller()));
    assert_eq!(bench.journal.count("put"), 0);
    bench.finish();
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_put_changes_no_answer() {
    let bench = Bench::new();
    finds(&bench, Some(session()));
    let mut states = cache(Ok(Touch::Unknown { version: 1 }));
    states.expect_put().times(1).returning(|_| Err(away()));

    assert_eq!(run(&bench, states).await, Ok(caller()));
    bench.finish();
}

#[tokio::test]
async fn a_session_in_no_workspace_makes_a_caller_in_no_workspace() {
    let bench = Bench::new();
    let nowhere = Session {
        workspace_id: None,
        ..session()
    };
    let states = cache(Ok(Touch::Known(snapshot(&nowhere))));

    let who = authenticate(&bench, states)
        .run(command(&token(&bench, None)))
        .await;

    assert_eq!(who.unwrap().workspace_id, None);
    bench.finish();
}

#[tokio::test]
async fn s16_a_session_that_is_over_or_unknown_is_nobodys_and_is_not_put() {
    let ended = Session {
        end: Some(SessionEnd {
            at: T0,
            reason: EndReason::Revoked,
        }),
        ..session()
    };
    let absolute = Session {
        absolute_expires_at: T0,
        ..session()
    };
    let idle = idle_record(1);
    for found in [
        Some((ended, stored())),
        Some((absolute, stored())),
        Some((idle.session, idle.activity)),
        None,
    ] {
        let bench = Bench::new();
        finds_with_activity(&bench, found);

        let who = run(&bench, cache(Ok(Touch::Unknown { version: 1 }))).await;

        assert_eq!(who, Err(AuthenticateError::Invalid));
        assert_eq!(bench.journal.count("put"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn s18_a_session_ends_at_its_moment_also_without_any_sweep() {
    let moment = Span::from_millis(1);
    for (idle_end, absolute_end, who) in [
        (T0.plus(moment), T0.plus(moment), Ok(caller())),
        (T0, T0.plus(moment), Err(AuthenticateError::Invalid)),
        (T0.plus(moment), T0, Err(AuthenticateError::Invalid)),
    ] {
        let bench = Bench::new();
        let idle = idle_record(1);
        let found = Session {
            idle_expires_at: idle_end,
            absolute_expires_at: absolute_end,
            ..idle.session
        };
        finds_with_activity(&bench, Some((found, idle.activity)));
        let mut states = cache(Ok(Touch::Unknown { version: 1 }));
        states.expect_put().returning(|_| Ok(()));

        assert_eq!(run(&bench, states).await, who);
        bench.finish();
    }
}

#[tokio::test]
async fn a_session_whose_end_a_refresh_has_moved_lives_past_the_end_that_was_cached() {
    let bench = Bench::new();
    // Nothing was counted for longer than the idle lifetime, but the row was moved.
    let idle = idle_record(1);
    let refreshed = Session {
        idle_expires_at: T0.plus(secs(60)),
        ..idle.session
    };
    let vouched = Vouched {
        activity: idle.activity,
        ..vouched(&refreshed, Some(2))
    };
    finds_with_activity(&bench, Some((refreshed, idle.activity)));
    let states = cache(Ok(Touch::Unknown { version: 2 }));

    assert_eq!(run(&bench, puts(states, vouched)).await, Ok(caller()));
    bench.finish();
}

#[tokio::test]
async fn a_token_of_another_workspace_than_the_sessions_current_one_is_refused() {
    for claimed in [Some(workspace_id(2)), None] {
        let bench = Bench::new();
        let states = cache(Ok(Touch::Known(snapshot(&session()))));
        let token = token(&bench, claimed);

        let who = authenticate(&bench, states).run(command(&token)).await;

        assert_eq!(who, Err(AuthenticateError::Invalid));
        bench.finish();
    }
}

#[tokio::test]
async fn a_session_of_another_person_is_refused_whoever_knows_it() {
    let bobs = Session {
        user_id: bob_id(),
        ..session()
    };
    let bench = Bench::new();
    let states = cache(Ok(Touch::Known(snapshot(&bobs))));
    assert_eq!(run(&bench, states).await, Err(AuthenticateError::Invalid));

    let bench = Bench::new();
    finds(&bench, Some(bobs.clone()));
    let states = puts(cache(Ok(Touch::Fenced)), vouched(&bobs, None));
    assert_eq!(run(&bench, states).await, Err(AuthenticateError::Invalid));
    bench.finish();
}

#[tokio::test]
async fn s15_what_is_no_current_access_token_asks_neither_cache_nor_database() {
    let bench = Bench::new();
    let expired = token(&bench, None);
    let refresh = bench.minter().pair(&session(), T0).refresh;
    bench.clock.set(T0.plus(secs(900)));
    let authenticate = authenticate(&bench, MockSessionStates::new());
    for text in ["", "forged", &expired, refresh.expose()] {
        assert_eq!(
            authenticate.run(command(text)).await,
            Err(AuthenticateError::Invalid)
        );
    }
    bench.finish();
}

#[tokio::test]
async fn with_cache_and_database_away_nobody_can_say() {
    let bench = Bench::new();
    bench.read_fails(lost());

    let who = run(&bench, cache(Err(away()))).await;

    assert_eq!(who, Err(AuthenticateError::Store(lost())));
    bench.finish();
}

/// A cache that knows the session and says this of its limit.
fn says_of_the_limit(taken: Option<Taken>) -> MockSessionStates {
    let touched = Touched {
        touch: Touch::Known(snapshot(&session())),
        heard_at: Some(T0),
        taken,
    };
    support::cache(Some(ActivityCount::REQUEST), Ok(touched))
}

#[tokio::test]
async fn s24_a_session_over_its_limit_is_refused_without_the_database() {
    let bench = Bench::new();
    let taken = Taken {
        refused_for: Some(secs(3)),
        standings: Vec::new(),
    };

    let who = run(&bench, says_of_the_limit(Some(taken))).await;

    let limited = Limited { wait: secs(3) };
    assert_eq!(who, Err(AuthenticateError::Limited(limited)));
    bench.finish();
}

#[tokio::test]
async fn r3_where_the_cache_could_not_count_this_process_does() {
    let counted = [Take(vec![(
        LimitRule::GeneralSession,
        LimitSubject::Session(session_id(1)),
    )])];
    let bench = Bench::new();
    let who = run(&bench, says_of_the_limit(None)).await;
    assert_eq!(who, Ok(caller()));
    assert_eq!(bench.local_limiter.asked(), counted);

    let bench = Bench::new();
    bench
        .local_limiter
        .refuse(LimitRule::GeneralSession, secs(3));
    let who = run(&bench, cache(Err(away()))).await;
    let limited = Limited { wait: secs(3) };
    assert_eq!(who, Err(AuthenticateError::Limited(limited)));
    assert_eq!(bench.local_limiter.asked(), counted);
    bench.finish();
}
