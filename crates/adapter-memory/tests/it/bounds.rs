//! What happens when the in-process cache is at its bounds.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_adapter_memory::{MemoryPendingSignups, MemoryRateLimiter, MemorySessionStates};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::{
    Charge, ClientNetwork, Limit, LimitRule, LimitRules, LimitSubject, RateLimiter, Taken,
};
use kogents_domain::session::{SessionSnapshot, SessionStates, Touch, Touching};
use kogents_domain::signup::{CodeTry, IssueCode, IssuedCode, PendingSignups, TriedCode};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::{START, a_new_pending, unique_digest, unique_id};
use kogents_testkit::pending_signups_contract::POLICY;

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
    let snapshot = SessionSnapshot {
        session_id: SessionId::from_uuid(unique_id()),
        user_id: UserId::from_uuid(unique_id()),
        workspace_id: None,
        expires_at: at(1_000),
    };
    let now = at(secs);
    let touch = touch(port, &snapshot, secs).await;
    let Touch::Unknown { version } = touch else {
        panic!("not unknown: {touch:?}");
    };
    port.put(&snapshot, version, now).await.unwrap();
    snapshot
}

async fn touch(port: &MemorySessionStates, snapshot: &SessionSnapshot, secs: i64) -> Touch {
    touch_of(port, snapshot.user_id, snapshot.session_id, secs).await
}

async fn touch_of(
    port: &MemorySessionStates,
    user: UserId,
    session: SessionId,
    secs: i64,
) -> Touch {
    let touching = Touching::new(user, session, &LimitRules::off(), at(secs));
    port.touch(&touching).await.unwrap().touch
}

#[tokio::test]
async fn r10_the_person_whose_entries_end_soonest_gives_way() {
    let port = MemorySessionStates::new(2, MemoryRateLimiter::new(1));
    let first = put(&port, 0).await;
    let second = put(&port, 1).await;
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
async fn s16_a_forgotten_person_takes_no_stale_snapshot() {
    let port = MemorySessionStates::new(1, MemoryRateLimiter::new(1));
    let snapshot = put(&port, 0).await;
    let fence = port.fence(snapshot.user_id, at(1)).await.unwrap();
    port.lift(snapshot.user_id, fence, at(1)).await.unwrap();
    let Touch::Unknown { version } = touch(&port, &snapshot, 2).await else {
        panic!("still known");
    };
    // Another person takes the only place, and the first one comes back.
    put(&port, 3).await;
    let asked_again = touch(&port, &snapshot, 4).await;
    assert_ne!(asked_again, Touch::Unknown { version });
    port.put(&snapshot, version, at(4)).await.unwrap();
    assert!(matches!(
        touch(&port, &snapshot, 4).await,
        Touch::Unknown { .. }
    ));
}

#[tokio::test]
async fn s16_fences_are_bounded_and_never_give_way() {
    let port = MemorySessionStates::new(2, MemoryRateLimiter::new(1));
    let users = [(); 3].map(|()| UserId::from_uuid(unique_id()));
    let session = SessionId::from_uuid(unique_id());
    let [first, second, third] = users;
    port.fence(first, at(0)).await.unwrap();
    port.fence(second, at(5)).await.unwrap();
    assert_eq!(port.fence(third, at(6)).await, Err(CacheError::Full));
    // A second fence on a fenced person needs no further place.
    port.fence(second, at(6)).await.unwrap();
    for user in [first, second] {
        assert_eq!(touch_of(&port, user, session, 6).await, Touch::Fenced);
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
