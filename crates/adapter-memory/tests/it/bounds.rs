//! What happens when the in-process cache is at its bounds.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_adapter_memory::{MemoryPendingSignups, MemoryRateLimiter, MemorySessionStates};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::limits::{
    Charge, ClientNetwork, Limit, LimitRule, LimitRules, LimitSubject, RateLimiter, Taken,
};
use kogents_domain::session::{
    ActivityCount, SessionActivity, SessionCounters, SessionSnapshot, SessionStates, Touch,
};
use kogents_domain::signup::{CodeTry, IssueCode, IssuedCode, PendingSignups, TriedCode};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::{START, a_new_pending, unique_digest};
use kogents_testkit::pending_signups_contract::POLICY;
use kogents_testkit::session_states_contract::{a_snapshot, request_of, vouched_for};

fn at(secs: i64) -> Timestamp {
    START.plus(Span::from_secs(secs))
}

/// A signup of a fresh address that ends at a second, with a code.
async fn begin(port: &MemoryPendingSignups, start: i64, end: i64) -> (Digest, Digest) {
    let (new, code) = (a_new_pending().expires_at(at(end)).build(), unique_digest());
    let key = new.key;
    port.create(new, at(start)).await.unwrap();
    let version = port.load(key, at(start)).await.unwrap().unwrap().version;
    port.set_workspace(key, version, Vec::new(), at(start))
        .await
        .unwrap();
    let now = at(start);
    let issued = port.issue_code(IssueCode { key, code, now }).await.unwrap();
    assert!(matches!(issued, IssuedCode::Issued { .. }));
    (key, code)
}

async fn guess(
    port: &MemoryPendingSignups,
    key: Digest,
    code: Digest,
    secs: i64,
) -> Result<TriedCode, CacheError> {
    let now = at(secs);
    port.try_code(CodeTry { key, code, now }).await
}

#[tokio::test]
async fn r10_a_full_cache_refuses_signups_until_some_have_ended() {
    let port = MemoryPendingSignups::new(POLICY, 2);
    let (soon, _) = begin(&port, 0, 10).await;
    let (late, _) = begin(&port, 0, 100).await;
    let third = a_new_pending().expires_at(at(200)).build();
    assert_eq!(
        port.create(third.clone(), at(9)).await,
        Err(CacheError::Full)
    );
    assert!(port.load(soon, at(9)).await.unwrap().is_some());
    assert_eq!(port.load(third.key, at(9)).await, Ok(None));
    assert_eq!(port.create(third.clone(), at(10)).await, Ok(()));
    assert!(port.load(third.key, at(10)).await.unwrap().is_some());
    assert!(port.load(late, at(10)).await.unwrap().is_some());
    port.finish(late).await.unwrap();
    let fourth = a_new_pending().expires_at(at(200)).build();
    assert_eq!(port.create(fourth, at(11)).await, Ok(()));
}

#[tokio::test]
async fn s3_a_guess_that_could_not_be_counted_is_not_compared() {
    let port = MemoryPendingSignups::new(POLICY, 2);
    for _ in 0..2 {
        let (key, _) = begin(&port, 0, 1_000).await;
        let tried = guess(&port, key, unique_digest(), 1).await;
        assert_eq!(
            tried,
            Ok(TriedCode::Wrong {
                attempts_remaining: 4
            })
        );
        port.finish(key).await.unwrap();
    }
    // Both signups are done; the wrong guesses of their addresses stay for a day.
    let (key, code) = begin(&port, 2, 200_000).await;
    for tried in [unique_digest(), code] {
        assert_eq!(guess(&port, key, tried, 3).await, Err(CacheError::Full));
    }
    // When the windows are over there is room again.
    let day = 86_401;
    let now = at(day);
    let code = unique_digest();
    port.issue_code(IssueCode { key, code, now }).await.unwrap();
    let tried = guess(&port, key, code, day).await.unwrap();
    assert!(matches!(tried, TriedCode::Right { .. }), "{tried:?}");
}

async fn put(port: &MemorySessionStates, secs: i64) -> SessionSnapshot {
    let snapshot = a_snapshot(at(secs));
    put_again(port, &snapshot, secs).await.unwrap();
    snapshot
}

async fn put_again(
    port: &MemorySessionStates,
    snapshot: &SessionSnapshot,
    secs: i64,
) -> Result<(), CacheError> {
    let touch = touch(port, snapshot, secs).await;
    let Touch::Unknown { version } = touch else {
        panic!("not unknown: {touch:?}");
    };
    port.put(&vouched_for(snapshot, Some(version), at(secs)))
        .await
}

async fn touch(port: &MemorySessionStates, snapshot: &SessionSnapshot, secs: i64) -> Touch {
    let request = request_of(snapshot, &LimitRules::off(), at(secs));
    port.touch(&request).await.unwrap().touch
}

/// The database gets all counters that wait for it.
async fn flush(port: &MemorySessionStates, secs: i64) -> usize {
    let unflushed = port.unflushed(100, at(secs)).await.unwrap();
    port.flushed(&unflushed, at(secs)).await.unwrap();
    unflushed.len()
}

#[tokio::test]
async fn r10_the_person_whose_entries_end_soonest_gives_way() {
    let port = MemorySessionStates::new(2, MemoryRateLimiter::new(1));
    let first = put(&port, 0).await;
    let second = put(&port, 1).await;
    flush(&port, 1).await;
    let third = put(&port, 2).await;
    for known in [second, third] {
        assert_eq!(touch(&port, &known, 3).await, Touch::Known(known));
    }
    assert!(matches!(
        touch(&port, &first, 3).await,
        Touch::Unknown { .. }
    ));
}

#[tokio::test]
async fn r10_counters_that_the_database_has_give_way_and_others_never() {
    let port = MemorySessionStates::new(2, MemoryRateLimiter::new(1));
    let (first, second) = (put(&port, 0).await, put(&port, 1).await);
    // Nobody else is counted, and what was not counted is not known either.
    let third = a_snapshot(at(2));
    assert_eq!(put_again(&port, &third, 2).await, Err(CacheError::Full));
    let (session, base) = (third.session_id, SessionActivity::starting(at(2)));
    let counted = port.count(session, Some(base), ActivityCount::ACTION, at(2));
    assert_eq!(counted.await, Err(CacheError::Full));
    assert!(matches!(
        touch(&port, &third, 2).await,
        Touch::Unknown { .. }
    ));
    let sessions = [first, second, third].map(|one| one.session_id);
    let there = async |secs| {
        let found = port.look(&sessions, at(secs)).await.unwrap();
        found.iter().map(Option::is_some).collect::<Vec<_>>()
    };
    assert_eq!(there(3).await, [true, true, false]);
    // Those that are there are counted on.
    assert_eq!(touch(&port, &second, 3).await, Touch::Known(second));
    assert_eq!(flush(&port, 4).await, 2);
    assert_eq!(touch(&port, &second, 5).await, Touch::Known(second));
    assert_eq!(put_again(&port, &third, 5).await, Ok(()));
    assert_eq!(there(6).await, [false, true, true]);
    assert_eq!(touch(&port, &third, 6).await, Touch::Known(third));
    // A session whose counters gave way is not known, whatever is said of it.
    assert!(matches!(
        touch(&port, &first, 6).await,
        Touch::Unknown { .. }
    ));
    assert_eq!(put_again(&port, &first, 6).await, Err(CacheError::Full));
}

#[tokio::test]
async fn s18_a_session_whose_counters_gave_way_is_not_known() {
    let port = MemorySessionStates::new(1, MemoryRateLimiter::new(1));
    let known = put(&port, 0).await;
    assert_eq!(touch(&port, &known, 1).await, Touch::Known(known));
    flush(&port, 1).await;
    // Another session takes the only place of counters; nothing is said of this one's person.
    let (other, base) = (
        a_snapshot(at(1)).session_id,
        SessionActivity::starting(at(1)),
    );
    let counted = port.count(other, Some(base), ActivityCount::ACTION, at(1));
    counted.await.unwrap();
    assert!(matches!(
        touch(&port, &known, 1).await,
        Touch::Unknown { .. }
    ));
}

#[tokio::test]
async fn s16_a_forgotten_person_takes_no_stale_snapshot() {
    let port = MemorySessionStates::new(1, MemoryRateLimiter::new(1));
    let snapshot = put(&port, 0).await;
    let fence = port.fence(snapshot.user_id, at(1)).await.unwrap();
    port.lift(snapshot.user_id, fence, at(1)).await.unwrap();
    let Touch::Unknown { version } = touch(&port, &snapshot, 2).await else {
        panic!("still known");
    };
    // Another person takes the only place, and the first one comes back.
    flush(&port, 3).await;
    put(&port, 3).await;
    flush(&port, 3).await;
    let asked_again = touch(&port, &snapshot, 4).await;
    assert_ne!(asked_again, Touch::Unknown { version });
    let stale = vouched_for(&snapshot, Some(version), at(4));
    port.put(&stale).await.unwrap();
    assert!(matches!(
        touch(&port, &snapshot, 4).await,
        Touch::Unknown { .. }
    ));
}

#[tokio::test]
async fn s16_fences_are_bounded_and_never_give_way() {
    let port = MemorySessionStates::new(2, MemoryRateLimiter::new(1));
    let snapshots = [(); 3].map(|()| a_snapshot(at(0)));
    let [first, second, third] = snapshots.map(|snapshot| snapshot.user_id);
    port.fence(first, at(0)).await.unwrap();
    port.fence(second, at(5)).await.unwrap();
    assert_eq!(port.fence(third, at(6)).await, Err(CacheError::Full));
    // A second fence on a fenced person needs no further place.
    port.fence(second, at(6)).await.unwrap();
    for snapshot in &snapshots[..2] {
        assert_eq!(touch(&port, snapshot, 6).await, Touch::Fenced);
    }
    // What ran out makes room.
    assert!(port.fence(third, at(10)).await.is_ok());
}

#[tokio::test]
async fn s26_the_limiter_keeps_so_many_counters_and_those_that_limit_most() {
    let port = MemoryRateLimiter::new(3);
    let limits: Arc<[Limit]> = Arc::new([Limit::new(5, Span::from_secs(900))]);
    let client = |last: u8| Charge {
        rule: LimitRule::LoginAddress,
        subject: LimitSubject::Client(ClientNetwork::of(IpAddr::from([203, 0, 113, last]))),
        limits: Arc::clone(&limits),
    };
    let attacker = [client(1)];
    for _ in 0..5 {
        port.take(&attacker, at(0)).await.unwrap();
    }
    for other in 2..=255 {
        port.take(&[client(other)], at(0)).await.unwrap();
    }
    let refused = port.take(&attacker, at(0)).await.unwrap().refused_for;
    assert_eq!(refused, Some(Span::from_secs(180)));
    // The last one is there still, one of those in the middle has given way.
    let left = |taken: Taken| taken.standings.first().map(|s| s.remaining);
    assert_eq!(
        left(port.take(&[client(255)], at(0)).await.unwrap()),
        Some(3)
    );
    assert_eq!(
        left(port.take(&[client(100)], at(0)).await.unwrap()),
        Some(4)
    );
}
