//! Letting a session's requests in, by the door of authenticating one.

use kogents_domain::auth::AccessClaims;
use kogents_domain::cache::CacheError;
use kogents_domain::limits::{LimitLedger, LimitRule, LimitStanding, LimitSubject, Taken};
use kogents_domain::session::{
    ActivityCount, EndReason, MockSessionStates, Session, SessionActivity, SessionEnd, Touch,
    Touched, Vouched,
};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::fakes::AskedOfCounters::{Count, Look};
use kogents_testkit::fakes::{AskedOfCounters, AskedOfLimiter};
use kogents_usecases::auth::{Authenticate, AuthenticateCommand, AuthenticateError};
use kogents_usecases::limits::Limited;

use crate::support::{
    Bench, LIFETIMES, T0, activity, ada_id, away, cache, client_ip, finds_with_activity,
    idle_record, lost, puts, record, secs, session_id, snapshot, touched, workspace_id,
};

const REQUEST: Option<ActivityCount> = Some(ActivityCount::REQUEST);
const OVER: Result<(), AuthenticateError> = Err(AuthenticateError::Invalid);

/// Whether a request of Ada's first session, which adds this to its counters, is let in.
async fn admit(
    bench: &Bench,
    states: MockSessionStates,
    counted: Option<ActivityCount>,
    ledger: &LimitLedger,
) -> Result<(), AuthenticateError> {
    let token = bench.access().mint(&AccessClaims {
        user_id: ada_id(),
        session_id: session_id(1),
        workspace_id: Some(workspace_id(1)),
        issued_at: T0,
        expires_at: T0.plus(secs(900)),
    });
    let authenticate = Authenticate {
        tokens: bench.access(),
        admission: bench.admission(states),
        clock: bench.clock(),
    };
    let admitted = authenticate
        .run(AuthenticateCommand {
            ip_address: client_ip(),
            token,
            counted,
            ledger: ledger.clone(),
        })
        .await;
    admitted.map(drop)
}

async fn request(bench: &Bench, states: MockSessionStates) -> Result<(), AuthenticateError> {
    admit(bench, states, REQUEST, &LimitLedger::default()).await
}

fn session() -> Session {
    record(1, T0.minus(secs(60))).session
}

/// The session's counters as the database has them.
fn stored() -> SessionActivity {
    activity(7, T0.minus(secs(60)))
}

fn known() -> Touch {
    Touch::Known(snapshot(&session()))
}

/// Everything that a cache says of a session which it does not vouch for.
fn unvouched() -> [Result<Touched, CacheError>; 3] {
    [
        Ok(touched(Touch::Unknown { version: 41 }, None)),
        Ok(touched(Touch::Fenced, None)),
        Err(away()),
    ]
}

/// What the database says of the session, to be kept under a version.
fn vouched(version: Option<u64>) -> Vouched {
    Vouched {
        snapshot: snapshot(&session()),
        version,
        activity: stored(),
        counted: REQUEST,
        now: T0,
    }
}

/// One request, counted on top of what the database has.
fn counted_on(base: SessionActivity) -> AskedOfCounters {
    Count {
        session: session_id(1),
        base: Some(base),
        counted: ActivityCount::REQUEST,
        now: T0,
    }
}

/// What the journal tells after the token was minted.
fn steps(bench: &Bench) -> Vec<String> {
    bench.journal.entries().split_off(1)
}

#[tokio::test]
async fn a_known_session_is_counted_in_the_one_round_trip_and_nowhere_else() {
    let bench = Bench::new();

    let admitted = request(&bench, cache(REQUEST, Ok(touched(known(), Some(T0))))).await;

    assert_eq!(admitted, Ok(()));
    assert_eq!(steps(&bench), ["touch"]);
    assert_eq!(bench.counters.asked(), []);
    assert_eq!(bench.local_counters.asked(), []);
    bench.finish();
}

#[tokio::test]
async fn what_the_cache_does_not_know_is_counted_with_what_the_database_says() {
    for (touch, version) in [
        (Touch::Unknown { version: 41 }, Some(41)),
        (Touch::Fenced, None),
    ] {
        let bench = Bench::new();
        finds_with_activity(&bench, Some((session(), stored())));
        let states = cache(REQUEST, Ok(touched(touch, None)));

        let admitted = request(&bench, puts(states, vouched(version))).await;

        assert_eq!(admitted, Ok(()));
        assert_eq!(steps(&bench), ["touch", "read Person", "close", "put"]);
        assert_eq!(bench.counters.asked(), []);
        assert_eq!(bench.local_counters.asked(), []);
        bench.finish();
    }
}

#[tokio::test]
async fn while_the_cache_is_away_this_process_counts_from_what_the_database_has() {
    let bench = Bench::new();
    finds_with_activity(&bench, Some((session(), stored())));

    let admitted = request(&bench, cache(REQUEST, Err(away()))).await;

    assert_eq!(admitted, Ok(()));
    let order = [
        "touch",
        "look at counts",
        "take limits",
        "read Person",
        "close",
        "count",
    ];
    assert_eq!(steps(&bench), order);
    assert_eq!(bench.counters.asked(), []);
    let asked = [Look(vec![session_id(1)]), counted_on(stored())];
    assert_eq!(bench.local_counters.asked(), asked);
    bench.finish();
}

#[tokio::test]
async fn what_could_not_be_put_this_process_counts_once() {
    for error in [away(), CacheError::Full] {
        let bench = Bench::new();
        finds_with_activity(&bench, Some((session(), stored())));
        let mut states = cache(REQUEST, Ok(touched(Touch::Unknown { version: 1 }, None)));
        states
            .expect_put()
            .times(1)
            .return_once(move |_| Err(error));

        assert_eq!(request(&bench, states).await, Ok(()));
        assert_eq!(bench.counters.asked(), []);
        assert_eq!(bench.local_counters.asked(), [counted_on(stored())]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_session_that_is_over_or_nobodys_is_counted_nowhere() {
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
        for answer in unvouched() {
            let bench = Bench::new();
            finds_with_activity(&bench, found.clone());

            let admitted = request(&bench, cache(REQUEST, answer)).await;

            assert_eq!(admitted, OVER);
            assert_eq!(bench.journal.count("put"), 0);
            assert_eq!(bench.counters.asked(), []);
            assert_eq!(bench.local_counters.counted(), []);
            bench.finish();
        }
    }
}

#[tokio::test]
async fn a_request_that_adds_nothing_is_let_in_and_counted_nowhere() {
    let unknown = || Ok(touched(Touch::Unknown { version: 3 }, None));
    let judged = Vouched {
        counted: None,
        ..vouched(Some(3))
    };
    let mut full = cache(None, unknown());
    full.expect_put()
        .times(1)
        .returning(|_| Err(CacheError::Full));
    for states in [
        puts(cache(None, unknown()), judged),
        full,
        cache(None, Err(away())),
    ] {
        let bench = Bench::new();
        finds_with_activity(&bench, Some((session(), stored())));

        let admitted = admit(&bench, states, None, &LimitLedger::default()).await;

        assert_eq!(admitted, Ok(()));
        assert_eq!(bench.counters.asked(), []);
        assert_eq!(bench.local_counters.counted(), []);
        bench.finish();
    }
}

/// When a session whose idle end has passed by its row is over, with this heard of it last.
fn revived(heard_at: Timestamp) -> Vouched {
    let idle = idle_record(1);
    let session = Session {
        idle_expires_at: heard_at.plus(LIFETIMES.session_idle),
        ..idle.session
    };
    Vouched {
        snapshot: snapshot(&session),
        activity: idle.activity,
        ..vouched(Some(41))
    }
}

#[tokio::test]
async fn what_the_cache_heard_keeps_a_session_alive_that_its_row_says_is_idle() {
    let bench = Bench::new();
    let idle = idle_record(1);
    finds_with_activity(&bench, Some((idle.session, idle.activity)));
    let heard_at = T0.minus(secs(60));
    let answer = touched(Touch::Unknown { version: 41 }, Some(heard_at));

    let admitted = request(&bench, puts(cache(REQUEST, Ok(answer)), revived(heard_at))).await;

    assert_eq!(admitted, Ok(()));
    bench.finish();
}

#[tokio::test]
async fn what_the_database_heard_after_the_row_was_written_keeps_it_alive_too() {
    // Also when the cache remembers less than that.
    for cached in [None, Some(T0.minus(LIFETIMES.session_idle))] {
        let bench = Bench::new();
        let heard_at = T0.minus(secs(90));
        let flushed = activity(8, heard_at);
        finds_with_activity(&bench, Some((idle_record(1).session, flushed)));
        let answer = touched(Touch::Unknown { version: 41 }, cached);
        let vouched = Vouched {
            activity: flushed,
            ..revived(heard_at)
        };

        let admitted = request(&bench, puts(cache(REQUEST, Ok(answer)), vouched)).await;

        assert_eq!(admitted, Ok(()));
        bench.finish();
    }
}

#[tokio::test]
async fn what_this_process_heard_keeps_it_alive_while_the_cache_is_away() {
    let bench = Bench::new();
    let idle = idle_record(1);
    finds_with_activity(&bench, Some((idle.session, idle.activity)));
    let local = activity(9, T0.minus(secs(60)));
    bench.local_counters.know(session_id(1), local);

    let admitted = request(&bench, cache(REQUEST, Err(away()))).await;

    assert_eq!(admitted, Ok(()));
    assert_eq!(bench.local_counters.counted(), [counted_on(idle.activity)]);
    bench.finish();
}

#[tokio::test]
async fn s18_what_was_heard_longer_ago_than_the_idle_lifetime_keeps_nothing_alive() {
    let last = T0.minus(LIFETIMES.session_idle);
    for (heard_at, outcome) in [(last, OVER), (last.plus(Span::from_millis(1)), Ok(()))] {
        let bench = Bench::new();
        let long_ago = last.minus(secs(3_600));
        let row = Session {
            idle_expires_at: T0.minus(secs(3_600)),
            ..idle_record(1).session
        };
        finds_with_activity(&bench, Some((row, activity(1, long_ago))));
        let answer = touched(Touch::Unknown { version: 1 }, Some(heard_at));
        let mut states = cache(REQUEST, Ok(answer));
        states.expect_put().returning(|_| Ok(()));

        assert_eq!(request(&bench, states).await, outcome);
        bench.finish();
    }
}

#[tokio::test]
async fn s18_whatever_was_heard_keeps_nothing_alive_past_its_absolute_end() {
    let bench = Bench::new();
    let session = Session {
        absolute_expires_at: T0,
        ..session()
    };
    finds_with_activity(&bench, Some((session, stored())));
    let answer = touched(Touch::Unknown { version: 1 }, Some(T0));

    assert_eq!(request(&bench, cache(REQUEST, Ok(answer))).await, OVER);
    bench.finish();
}

fn standing() -> LimitStanding {
    LimitStanding::refusing("general-session", 600, secs(60), secs(3))
}

#[tokio::test]
async fn s24_a_session_over_its_limit_is_refused_before_the_database_is_asked() {
    for touch in [known(), Touch::Unknown { version: 1 }, Touch::Fenced] {
        let bench = Bench::new();
        let refused = Taken {
            refused_for: Some(secs(3)),
            standings: vec![standing()],
        };
        let answer = Touched {
            taken: Some(refused),
            ..touched(touch, None)
        };
        let ledger = LimitLedger::default();

        let admitted = admit(&bench, cache(REQUEST, Ok(answer)), REQUEST, &ledger).await;

        let limited = Limited { wait: secs(3) };
        assert_eq!(admitted, Err(AuthenticateError::Limited(limited)));
        assert_eq!(ledger.standings(), [standing()]);
        assert_eq!(steps(&bench), ["touch"]);
        bench.finish();
    }
}

#[tokio::test]
async fn r3_while_the_cache_does_not_count_requests_half_of_the_quota_holds_here() {
    let no_room = Touched {
        taken: None,
        ..touched(known(), None)
    };
    for answer in [Ok(no_room), Err(away())] {
        let bench = Bench::new();
        let rule = LimitRule::GeneralSession;
        bench.local_limiter.refuse(rule, secs(3));
        let ledger = LimitLedger::default();

        let admitted = admit(&bench, cache(REQUEST, answer), REQUEST, &ledger).await;

        let limited = Limited { wait: secs(3) };
        assert_eq!(admitted, Err(AuthenticateError::Limited(limited)));
        let quotas: Vec<u32> = ledger.standings().iter().map(|said| said.quota).collect();
        assert_eq!(quotas, [300]);
        let session = LimitSubject::Session(session_id(1));
        let taken = [AskedOfLimiter::Take(vec![(rule, session)])];
        assert_eq!(bench.local_limiter.asked(), taken);
        assert_eq!(bench.limiter.asked(), []);
        bench.finish();
    }
}

#[tokio::test]
async fn what_the_store_cannot_say_is_told_and_counted_nowhere() {
    for answer in unvouched() {
        let bench = Bench::new();
        bench.read_fails(lost());

        let admitted = request(&bench, cache(REQUEST, answer)).await;

        assert_eq!(admitted, Err(AuthenticateError::Store(lost())));
        assert_eq!(bench.local_counters.counted(), []);
        bench.finish();
    }
}
