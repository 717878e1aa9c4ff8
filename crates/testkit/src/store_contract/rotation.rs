//! Cases of the rotation of refresh tokens.

use std::sync::Arc;

use kogents_domain::auth::SpentTokens;
use kogents_domain::digest::Digest;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{EndReason, Rotation, Session, SessionRecord};
use kogents_domain::time::{Span, Timestamp};

use super::support::{
    StorePort, at, before, begin, commit, find_record, find_session, insert_sessions, some_user,
};
use crate::builders::{a_session, digest_of, lifetimes, unique_id};
use crate::parallel::at_once;

const GRACE: Span = Span::from_secs(30);

/// The digest that a session's token of a generation gets here.
fn token(session: SessionId, generation: u32) -> Digest {
    digest_of((session, generation))
}

/// The rotation of a session's token of a generation.
fn rotation(session: SessionId, generation: u32, now: Timestamp) -> Rotation {
    Rotation {
        session_id: session,
        generation,
        digest: token(session, generation),
        next_digest: token(session, generation + 1),
        now,
        grace: GRACE,
        session_idle: lifetimes().session_idle,
    }
}

async fn rotate(store: &StorePort, rotation: Rotation) -> Option<Session> {
    let mut unit = begin(store).await;
    let rotated = unit.sessions().rotate(&rotation).await.unwrap();
    commit(unit).await;
    rotated
}

/// A person's new session whose current token is [`token`] of generation 0, after a change.
async fn fresh(store: &StorePort, change: impl FnOnce(&mut SessionRecord)) -> SessionRecord {
    let user = some_user(store).await;
    let record = a_session(user.id).with(change).build();
    let digest = token(record.session.id, 0);
    let mut record = record;
    record.session.refresh.digest = digest;
    insert_sessions(store, std::slice::from_ref(&record)).await;
    record
}

async fn assert_untouched(store: &StorePort, record: &SessionRecord) {
    let (user, id) = (record.session.user_id, record.session.id);
    assert_eq!(find_record(store, user, id).await.as_ref(), Some(record));
}

/// The answer and the stored rows have every field moved, and nothing else: not the counters.
pub async fn s17_a_rotation_moves_every_refresh_field(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    let now = at(100).plus(Span::from_millis(7));
    let rotated = rotate(&store, rotation(id, 0, now)).await;

    let mut expected = record;
    let session = &mut expected.session;
    session.refresh.generation = 1;
    session.refresh.digest = token(id, 1);
    session.refresh.rotated_at = now;
    session.refresh.spent = SpentTokens::from_times(vec![now]);
    session.idle_expires_at = now.plus(lifetimes().session_idle);
    assert_eq!(rotated.as_ref(), Some(&expected.session));
    assert_untouched(&store, &expected).await;

    // The successor rotates in turn.
    let again = rotate(&store, rotation(id, 1, at(105))).await.unwrap();
    assert_eq!(again.refresh.generation, 2);
    assert_eq!(again.refresh.spent.times(), [now, at(105)]);
}

/// Both must be the stored ones.
pub async fn s17_a_wrong_generation_or_digest_rotates_nothing(store: StorePort) {
    let record = fresh(&store, |record| record.session.refresh.generation = 1).await;
    let id = record.session.id;
    let right = Rotation {
        digest: token(id, 0),
        ..rotation(id, 1, at(10))
    };
    for wrong in [
        Rotation {
            generation: 0,
            ..right
        },
        Rotation {
            generation: 2,
            ..right
        },
        Rotation {
            digest: token(id, 1),
            ..right
        },
    ] {
        assert_eq!(rotate(&store, wrong).await, None);
        assert_untouched(&store, &record).await;
    }
    assert!(rotate(&store, right).await.is_some());
}

/// Ended is ended.
pub async fn s17_an_ended_session_does_not_rotate(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    let mut unit = begin(&store).await;
    let ended = unit.sessions().end(id, EndReason::Logout, at(5)).await;
    commit(unit).await;
    assert_eq!(rotate(&store, rotation(id, 0, at(6))).await, None);
    assert_eq!(find_session(&store, id).await, ended.unwrap());
}

/// At the idle end it is over, a millisecond before it is not.
pub async fn s18_an_idle_session_does_not_rotate(store: StorePort) {
    let record = fresh(&store, |record| record.session.idle_expires_at = at(50)).await;
    let id = record.session.id;
    for late in [at(50), at(51)] {
        assert_eq!(rotate(&store, rotation(id, 0, late)).await, None);
        assert_untouched(&store, &record).await;
    }
    let in_time = rotation(id, 0, before(at(50)));
    assert!(rotate(&store, in_time).await.is_some());
}

/// So at the absolute one, whatever the idle end says.
pub async fn s18_a_session_past_its_absolute_end_does_not_rotate(store: StorePort) {
    let record = fresh(&store, |record| {
        record.session.absolute_expires_at = at(50);
    })
    .await;
    let id = record.session.id;
    for late in [at(50), at(51)] {
        assert_eq!(rotate(&store, rotation(id, 0, late)).await, None);
        assert_untouched(&store, &record).await;
    }
    let in_time = rotation(id, 0, before(at(50)));
    assert!(rotate(&store, in_time).await.is_some());
}

/// Rotating never extends the absolute lifetime.
pub async fn s18_the_idle_end_stops_at_the_absolute_one(store: StorePort) {
    let absolute = at(1_000);
    let record = fresh(&store, |record| {
        record.session.idle_expires_at = at(100);
        record.session.absolute_expires_at = absolute;
    })
    .await;
    let id = record.session.id;
    let shorter = Rotation {
        session_idle: Span::from_secs(200),
        ..rotation(id, 0, at(10))
    };
    let rotated = rotate(&store, shorter).await.unwrap();
    assert_eq!(rotated.idle_expires_at, at(210));
    let rotated = rotate(&store, rotation(id, 1, at(20))).await.unwrap();
    assert_eq!(rotated.idle_expires_at, absolute);
    assert_eq!(rotated.absolute_expires_at, absolute);
    assert_eq!(find_session(&store, id).await, Some(rotated));
}

/// A shorter idle lifetime, newly configured, does not cut what was promised.
pub async fn the_idle_end_never_moves_back(store: StorePort) {
    let record = fresh(&store, |record| record.session.idle_expires_at = at(500)).await;
    let shorter = Rotation {
        session_idle: Span::from_secs(60),
        ..rotation(record.session.id, 0, at(10))
    };
    let rotated = rotate(&store, shorter).await.unwrap();
    assert_eq!(rotated.idle_expires_at, at(500));
}

/// The list holds what lies within the grace, and no more.
pub async fn s17_spent_generations_leave_after_the_grace(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    for (generation, secs, spent) in [
        (0, 0, vec![at(0)]),
        (1, 10, vec![at(0), at(10)]),
        (2, 35, vec![at(10), at(35)]),
        (3, 100, vec![at(100)]),
    ] {
        let rotated = rotate(&store, rotation(id, generation, at(secs))).await;
        assert_eq!(rotated.unwrap().refresh.spent.times(), spent, "at {secs}");
    }
    let found = find_session(&store, id).await.unwrap();
    assert_eq!(found.refresh.spent.times(), [at(100)]);
}

/// Thirty-two fit into the grace; the next has to wait until the first has left.
pub async fn s17_a_thirty_third_rotation_within_the_grace_waits(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    let start = at(10);
    let step = |n: u32| start.plus(Span::from_millis(i64::from(n)));
    for n in 0..32 {
        let rotated = rotate(&store, rotation(id, n, step(n))).await;
        assert!(rotated.is_some(), "rotation {n}");
    }
    let full = find_session(&store, id).await.unwrap();
    assert_eq!(full.refresh.generation, 32);
    assert_eq!(full.refresh.spent.times().len(), SpentTokens::MAX);
    for now in [step(32), before(start.plus(GRACE))] {
        assert_eq!(rotate(&store, rotation(id, 32, now)).await, None);
        assert_eq!(find_session(&store, id).await.as_ref(), Some(&full));
    }
    // The domain says when: from then on it fits.
    let fits = full.refresh.spent.full_until(step(32), GRACE).unwrap();
    let rotated = rotate(&store, rotation(id, 32, fits)).await.unwrap();
    assert_eq!(rotated.refresh.generation, 33);
    assert!(rotated.refresh.spent.times().len() <= SpentTokens::MAX);
}

/// Instances whose clocks differ do not disorder the list.
pub async fn spent_times_never_run_backwards(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    rotate(&store, rotation(id, 0, at(10))).await.unwrap();
    let rotated = rotate(&store, rotation(id, 1, at(9))).await.unwrap();
    assert_eq!(rotated.refresh.spent.times(), [at(10), at(10)]);
    assert_eq!(find_session(&store, id).await, Some(rotated));
}

/// A hundred at once, each with a successor of its own: one is taken.
pub async fn s17_hundred_parallel_rotations_of_one_token_give_one_successor(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    let results = at_once((0..100_u32).map(|n| {
        let store = Arc::clone(&store);
        async move {
            let attempt = Rotation {
                next_digest: digest_of(("successor", n)),
                ..rotation(id, 0, at(10).plus(Span::from_millis(i64::from(n))))
            };
            rotate(&store, attempt).await
        }
    }))
    .await;
    let winners: Vec<Session> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let found = find_session(&store, id).await.unwrap();
    assert_eq!(winners.first(), Some(&found));
    assert_eq!(found.refresh.generation, 1);
    assert_eq!(found.refresh.spent.times().len(), 1);
}

/// The token is still good.
pub async fn a_rotation_that_is_not_committed_did_not_happen(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let id = record.session.id;
    let mut unit = begin(&store).await;
    let rotated = unit.sessions().rotate(&rotation(id, 0, at(10))).await;
    assert!(rotated.unwrap().is_some());
    drop(unit);
    assert_untouched(&store, &record).await;
    assert!(rotate(&store, rotation(id, 0, at(11))).await.is_some());
}

/// Not of the same person, not of another.
pub async fn other_sessions_do_not_rotate_along(store: StorePort) {
    let record = fresh(&store, |_| {}).await;
    let sibling = a_session(record.session.user_id).build();
    insert_sessions(&store, std::slice::from_ref(&sibling)).await;
    let stranger = fresh(&store, |_| {}).await;
    let rotated = rotate(&store, rotation(record.session.id, 0, at(10))).await;
    assert!(rotated.is_some());
    assert_untouched(&store, &sibling).await;
    assert_untouched(&store, &stranger).await;
}

/// None, and no error.
pub async fn an_unknown_session_does_not_rotate(store: StorePort) {
    let unknown = SessionId::from_uuid(unique_id());
    assert_eq!(rotate(&store, rotation(unknown, 0, at(1))).await, None);
}
