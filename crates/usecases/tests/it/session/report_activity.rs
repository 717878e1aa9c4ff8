//! Reporting what the frontend counted.

use kogents_domain::auth::{AccessClaims, RefreshClaims};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::{LimitLedger, Taken};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{ActivityCount, MockSessionStates, Session, Touch, Touched, Vouched};
use kogents_testkit::fakes::AskedOfCounters::Count;
use kogents_usecases::limits::Limited;
use kogents_usecases::session::{
    ReportActivity, ReportActivityCommand, ReportActivityError, Reporter,
};

use crate::support::{
    Bench, T0, activity, ada_id, away, bob_id, cache, finds_with_activity, lost, puts, record,
    secs, session_id, snapshot, touched, workspace_id,
};

const COUNTED: ActivityCount = ActivityCount {
    requests: 0,
    pages: 3,
    actions: 2,
};

fn report(bench: &Bench, states: MockSessionStates) -> ReportActivity {
    ReportActivity {
        access_tokens: bench.access(),
        refresh_tokens: bench.refresh(),
        admission: bench.admission(states),
        clock: bench.clock(),
    }
}

/// An access token of Ada's first session, in a workspace.
fn access(bench: &Bench, workspace_id: Option<WorkspaceId>) -> SecretText {
    bench.access().mint(&AccessClaims {
        user_id: ada_id(),
        session_id: session_id(1),
        workspace_id,
        issued_at: T0,
        expires_at: T0.plus(secs(900)),
    })
}

/// A refresh token of Ada's first session.
fn refresh(bench: &Bench) -> SecretText {
    bench.refresh().mint(&RefreshClaims {
        user_id: ada_id(),
        session_id: session_id(1),
        generation: 3,
        token_id: Digest::from_bytes([3; 32]),
        issued_at: T0,
        expires_at: T0.plus(secs(900)),
    })
}

/// A report by either token, and what is said when its session is over.
fn reporters(bench: &Bench) -> [(Reporter, ReportActivityError); 2] {
    let access = access(bench, Some(workspace_id(1)));
    [
        (Reporter::Bearer(access), ReportActivityError::InvalidAccess),
        (
            Reporter::Refresh(refresh(bench)),
            ReportActivityError::InvalidRefresh,
        ),
    ]
}

fn command(reporter: Reporter) -> ReportActivityCommand {
    ReportActivityCommand {
        reporter,
        counted: Some(COUNTED),
        ledger: LimitLedger::default(),
    }
}

fn session() -> Session {
    record(1, T0.minus(secs(60))).session
}

fn knows(session: &Session) -> Result<Touched, CacheError> {
    let known = Touch::Known(snapshot(session));
    Ok(touched(known, Some(T0)))
}

fn unknown() -> Result<Touched, CacheError> {
    Ok(touched(Touch::Unknown { version: 4 }, None))
}

#[tokio::test]
async fn either_token_names_the_session_that_is_counted_in_one_round_trip() {
    for (reporter, _) in reporters(&Bench::new()) {
        let bench = Bench::new();
        let states = cache(Some(COUNTED), knows(&session()));

        let reported = report(&bench, states).run(command(reporter)).await;

        assert_eq!(reported, Ok(()));
        // Nothing is spent: no unit of work is begun.
        assert_eq!(bench.journal.entries(), ["touch"]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_report_that_could_not_be_read_judges_the_session_and_counts_nothing() {
    for (reporter, invalid) in reporters(&Bench::new()) {
        let bench = Bench::new();
        let unread = ReportActivityCommand {
            counted: None,
            ..command(reporter)
        };
        let states = cache(None, knows(&session()));
        let reported = report(&bench, states).run(unread.clone()).await;
        assert_eq!(reported, Ok(()));

        finds_with_activity(&bench, None);
        let reported = report(&bench, cache(None, Err(away()))).run(unread).await;
        assert_eq!(reported, Err(invalid));
        assert_eq!(bench.counters.asked(), []);
        assert_eq!(bench.local_counters.counted(), []);
        bench.finish();
    }
}

#[tokio::test]
async fn what_the_cache_does_not_know_is_counted_with_what_the_database_says() {
    for (reporter, _) in reporters(&Bench::new()) {
        let bench = Bench::new();
        let stored = activity(7, T0.minus(secs(60)));
        finds_with_activity(&bench, Some((session(), stored)));
        let vouched = Vouched {
            snapshot: snapshot(&session()),
            version: Some(4),
            activity: stored,
            counted: Some(COUNTED),
            now: T0,
        };
        let states = puts(cache(Some(COUNTED), unknown()), vouched);

        let reported = report(&bench, states).run(command(reporter)).await;

        assert_eq!(reported, Ok(()));
        bench.finish();
    }
}

#[tokio::test]
async fn while_the_cache_is_away_this_process_counts_the_report() {
    for (reporter, _) in reporters(&Bench::new()) {
        let bench = Bench::new();
        let stored = activity(7, T0.minus(secs(60)));
        finds_with_activity(&bench, Some((session(), stored)));
        let states = cache(Some(COUNTED), Err(away()));

        let reported = report(&bench, states).run(command(reporter)).await;

        assert_eq!(reported, Ok(()));
        let counted = Count {
            session: session_id(1),
            base: Some(stored),
            counted: COUNTED,
            now: T0,
        };
        assert_eq!(bench.local_counters.counted(), [counted]);
        bench.finish();
    }
}

#[tokio::test]
async fn s15_what_is_no_current_token_of_its_kind_asks_neither_cache_nor_database() {
    let bench = Bench::new();
    let (expired_access, expired_refresh) = (access(&bench, None), refresh(&bench));
    bench.clock.set(T0.plus(secs(900)));
    let (access, refresh) = {
        let pair = bench.minter().pair(&session(), T0.plus(secs(900)));
        (pair.access, pair.refresh)
    };
    let forged = || SecretText::new("forged");
    for (reporter, invalid) in [
        (
            Reporter::Bearer(forged()),
            ReportActivityError::InvalidAccess,
        ),
        (
            Reporter::Bearer(expired_access),
            ReportActivityError::InvalidAccess,
        ),
        (
            Reporter::Bearer(refresh),
            ReportActivityError::InvalidAccess,
        ),
        (
            Reporter::Refresh(forged()),
            ReportActivityError::InvalidRefresh,
        ),
        (
            Reporter::Refresh(expired_refresh),
            ReportActivityError::InvalidRefresh,
        ),
        (
            Reporter::Refresh(access),
            ReportActivityError::InvalidRefresh,
        ),
    ] {
        let states = MockSessionStates::new();
        let reported = report(&bench, states).run(command(reporter)).await;
        assert_eq!(reported, Err(invalid));
    }
    assert_eq!(bench.local_limiter.asked(), []);
    bench.finish();
}

#[tokio::test]
async fn s16_a_session_that_is_over_is_told_by_the_kind_of_its_token() {
    for (reporter, invalid) in reporters(&Bench::new()) {
        let bench = Bench::new();
        finds_with_activity(&bench, None);
        let states = cache(Some(COUNTED), unknown());

        let reported = report(&bench, states).run(command(reporter)).await;

        assert_eq!(reported, Err(invalid));
        assert_eq!(bench.journal.count("put"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn an_access_token_of_another_workspace_is_refused_and_a_refresh_token_names_none() {
    let bench = Bench::new();
    for claimed in [Some(workspace_id(2)), None] {
        let states = cache(Some(COUNTED), knows(&session()));
        let reporter = Reporter::Bearer(access(&bench, claimed));
        let reported = report(&bench, states).run(command(reporter)).await;
        assert_eq!(reported, Err(ReportActivityError::InvalidAccess));
    }
    for workspace_id in [Some(workspace_id(2)), None] {
        let moved = Session {
            workspace_id,
            ..session()
        };
        let states = cache(Some(COUNTED), knows(&moved));
        let reporter = Reporter::Refresh(refresh(&bench));
        let reported = report(&bench, states).run(command(reporter)).await;
        assert_eq!(reported, Ok(()));
    }
    bench.finish();
}

#[tokio::test]
async fn a_session_of_another_person_is_refused() {
    for (reporter, invalid) in reporters(&Bench::new()) {
        let bench = Bench::new();
        let bobs = Session {
            user_id: bob_id(),
            ..session()
        };
        let states = cache(Some(COUNTED), knows(&bobs));

        let reported = report(&bench, states).run(command(reporter)).await;

        assert_eq!(reported, Err(invalid));
        bench.finish();
    }
}

#[tokio::test]
async fn s24_reports_count_against_the_sessions_limit() {
    for (reporter, _) in reporters(&Bench::new()) {
        let bench = Bench::new();
        let refused = Touched {
            taken: Some(Taken {
                refused_for: Some(secs(3)),
                standings: Vec::new(),
            }),
            ..touched(Touch::Unknown { version: 1 }, None)
        };
        let states = cache(Some(COUNTED), Ok(refused));

        let reported = report(&bench, states).run(command(reporter)).await;

        let limited = Limited { wait: secs(3) };
        assert_eq!(reported, Err(ReportActivityError::Limited(limited)));
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_cannot_say_is_told() {
    for (reporter, _) in reporters(&Bench::new()) {
        let bench = Bench::new();
        bench.read_fails(lost());
        let states = cache(Some(COUNTED), unknown());

        let reported = report(&bench, states).run(command(reporter)).await;

        assert_eq!(reported, Err(ReportActivityError::Store(lost())));
        bench.finish();
    }
}
