//! Cases of sessions that end by time.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{EndReason, Rotation, Session, SessionEnd, SessionRecord, TimedOut};
use kogents_domain::time::{Span, Timestamp};

use super::support::{
    StorePort, at, before, begin, commit, find_record, find_session, insert_sessions, read,
    some_user,
};
use crate::builders::{a_session, digest_of, unique_id};
use crate::parallel::at_once;

async fn list_idle(store: &StorePort, now: Timestamp, limit: u32) -> Vec<SessionId> {
    let mut unit = read(store).await;
    let idle = unit.session_upkeep().list_idle(now, limit).await.unwrap();
    idle.into_iter().map(|(session, _)| session.id).collect()
}

/// Those that ended, the oldest first.
async fn end_timed_out(store: &StorePort, sessions: &[TimedOut], now: Timestamp) -> Vec<Session> {
    let mut unit = begin(store).await;
    let upkeep = unit.session_upkeep();
    let mut ended = upkeep.end_timed_out(sessions, now).await.unwrap();
    commit(unit).await;
    ended.sort_unstable_by_key(|session| session.id);
    ended
}

fn idle_out(id: SessionId) -> TimedOut {
    TimedOut {
        session_id: id,
        at: at(7),
        reason: EndReason::IdleTimeout,
    }
}

/// An open session whose idle end lies at 50.
fn idle_at_50(user: UserId) -> SessionRecord {
    let session = a_session(user).idle_until(at(50));
    session.refresh(0, digest_of("the token")).build()
}

/// The rotation that such a session gets just before its idle end.
fn rotation(id: SessionId) -> Rotation {
    Rotation {
        session_id: id,
        generation: 0,
        digest: digest_of("the token"),
        next_digest: digest_of("the next token"),
        now: before(at(50)),
        grace: Span::from_secs(30),
        session_idle: Span::from_secs(100),
    }
}

/// Of anybody, in this order, so many; not those that have ended, nor any before its time.
pub async fn r10_idle_sessions_come_those_that_passed_first_first(store: StorePort) {
    let user = some_user(&store).await;
    let stranger = some_user(&store).await;
    let records = [30, 10, 20].map(|secs| a_session(user.id).idle_until(at(secs)).build());
    let foreign = a_session(stranger.id)
        .everything()
        .idle_until(at(15))
        .build();
    let ended = a_session(user.id)
        .idle_until(at(5))
        .ended(at(5), EndReason::Logout)
        .build();
    insert_sessions(&store, &records).await;
    insert_sessions(&store, &[foreign.clone(), ended]).await;
    let [third, first, second] = records.map(|record| record.session.id);
    let all = [first, foreign.session.id, second, third];
    assert_eq!(list_idle(&store, at(30), 10).await, all);
    assert_eq!(list_idle(&store, before(at(30)), 10).await, all[..3]);
    assert_eq!(list_idle(&store, at(30), 2).await, all[..2]);
    assert_eq!(list_idle(&store, before(at(10)), 10).await, []);
    let mut unit = read(&store).await;
    let idle = unit.session_upkeep().list_idle(at(15), 10).await.unwrap();
    assert_eq!(idle.last(), Some(&(foreign.session, foreign.activity)));
}

/// Forward, up to the absolute end; never back; and not where the session has ended.
pub async fn idle_ends_move_forward_up_to_the_absolute_end(store: StorePort) {
    let user = some_user(&store).await;
    let idle_at = |secs| a_session(user.id).idle_until(at(secs));
    let records = [
        idle_at(50).build(),
        idle_at(50).absolute_until(at(60)).build(),
        idle_at(90).build(),
        idle_at(90).absolute_until(at(60)).build(),
        idle_at(50).ended(at(5), EndReason::Logout).build(),
        idle_at(50).build(),
    ];
    insert_sessions(&store, &records).await;
    let [moved @ .., _] = &records;
    let mut ends: Vec<_> = moved.iter().map(|one| (one.session.id, at(70))).collect();
    ends.push((SessionId::from_uuid(unique_id()), at(70)));
    let mut unit = begin(&store).await;
    let upkeep = unit.session_upkeep();
    upkeep.move_idle_ends(&ends).await.unwrap();
    upkeep.move_idle_ends(&[]).await.unwrap();
    commit(unit).await;
    for (mut record, expected) in records.into_iter().zip([70, 60, 90, 90, 50, 50]) {
        record.session.idle_expires_at = at(expected);
        let id = record.session.id;
        assert_eq!(find_record(&store, user.id, id).await, Some(record));
    }
}

/// When and why is what the caller says, and is told with whatever else the session has; each counts
/// once; others stay as they are.
pub async fn s18_timed_out_sessions_end_as_they_are_told(store: StorePort) {
    let user = some_user(&store).await;
    let stranger = some_user(&store).await;
    let workspace = WorkspaceId::from_uuid(unique_id());
    let two = a_session(stranger.id).in_workspace(workspace);
    let two = two.spent(vec![at(1), at(2)]).idle_until(at(50)).build();
    let [one, other] = [idle_at_50(user.id), idle_at_50(user.id)];
    insert_sessions(&store, &[one.clone(), two.clone(), other.clone()]).await;
    let ends = [
        (one, at(7), EndReason::IdleTimeout),
        (two, at(8), EndReason::AbsoluteTimeout),
    ];
    let mut timed_out: Vec<TimedOut> = (ends.iter())
        .map(|(record, at, reason)| TimedOut {
            session_id: record.session.id,
            at: *at,
            reason: *reason,
        })
        .collect();
    timed_out.push(idle_out(SessionId::from_uuid(unique_id())));
    let ended = ends.map(|(mut record, at, reason)| {
        record.session.end = Some(SessionEnd { at, reason });
        record
    });
    let mut expected = ended.clone().map(|record| record.session);
    expected.sort_unstable_by_key(|session| session.id);
    assert_eq!(end_timed_out(&store, &[], at(60)).await, []);
    assert_eq!(end_timed_out(&store, &timed_out, at(60)).await, expected);
    assert_eq!(end_timed_out(&store, &timed_out, at(60)).await, []);
    for record in ended {
        let (user, id) = (record.session.user_id, record.session.id);
        assert_eq!(find_record(&store, user, id).await, Some(record));
    }
    let id = other.session.id;
    assert_eq!(find_record(&store, user.id, id).await, Some(other));
}

/// One that has ended keeps its end; one whose idle end has not passed, not by a moment, lives.
pub async fn sessions_that_are_not_idle_any_more_are_not_ended(store: StorePort) {
    let user = some_user(&store).await;
    let ended = a_session(user.id)
        .idle_until(at(50))
        .ended(at(5), EndReason::Logout)
        .build();
    let live = idle_at_50(user.id);
    insert_sessions(&store, &[ended.clone(), live.clone()]).await;
    let both = [ended.session.id, live.session.id].map(idle_out);
    assert_eq!(end_timed_out(&store, &both, before(at(50))).await, []);
    for record in [&ended, &live] {
        let found = find_session(&store, record.session.id).await;
        assert_eq!(found.as_ref(), Some(&record.session));
    }
    let told = end_timed_out(&store, &both, at(50)).await;
    let told: Vec<SessionId> = told.iter().map(|session| session.id).collect();
    assert_eq!(told, [live.session.id]);
    let found = find_session(&store, ended.session.id).await;
    assert_eq!(found, Some(ended.session));
}

/// Listed as idle, then rotated, then ended: the rotation counts, committed or about to be.
pub async fn s18_a_rotation_meanwhile_keeps_the_session(store: StorePort) {
    let user = some_user(&store).await;
    let record = idle_at_50(user.id);
    let id = record.session.id;
    insert_sessions(&store, std::slice::from_ref(&record)).await;
    assert_eq!(list_idle(&store, at(60), 10).await, [id]);
    let mut rotating = begin(&store).await;
    let rotated = rotating.sessions().rotate(&rotation(id)).await.unwrap();
    assert!(rotated.is_some());
    let sweeping = tokio::spawn({
        let store = Arc::clone(&store);
        async move { end_timed_out(&store, &[idle_out(id)], at(60)).await }
    });
    // Time to get as far as the row.
    tokio::time::sleep(Duration::from_millis(50)).await;
    commit(rotating).await;
    assert_eq!(sweeping.await.unwrap(), []);
    assert_eq!(end_timed_out(&store, &[idle_out(id)], at(60)).await, []);
    assert_eq!(find_session(&store, id).await, rotated);
}

/// Thirty sessions, each rotated and ended at the same moment: each is either.
pub async fn s18_of_a_rotation_and_a_timeout_at_once_one_happens(store: StorePort) {
    let user = some_user(&store).await;
    let records: Vec<_> = (0..30).map(|_| idle_at_50(user.id)).collect();
    insert_sessions(&store, &records).await;
    for record in records {
        let id = record.session.id;
        let outcomes = at_once([true, false].map(|rotates| {
            let store = Arc::clone(&store);
            async move {
                if !rotates {
                    return end_timed_out(&store, &[idle_out(id)], at(60)).await.len() == 1;
                }
                let mut unit = begin(&store).await;
                let rotated = unit.sessions().rotate(&rotation(id)).await.unwrap();
                commit(unit).await;
                rotated.is_some()
            }
        }))
        .await;
        let [rotated, timed_out] = outcomes[..] else {
            panic!("two outcomes");
        };
        assert_ne!(rotated, timed_out);
        let found = find_session(&store, id).await.unwrap();
        assert_eq!(found.end.is_some(), timed_out);
        assert_eq!(found.refresh.generation, u32::from(rotated));
    }
}

/// Four instances with one list, in different orders, end each session once.
pub async fn parallel_sweeps_end_every_session_once(store: StorePort) {
    let user = some_user(&store).await;
    let records: Vec<_> = (0..100).map(|_| idle_at_50(user.id)).collect();
    insert_sessions(&store, &records).await;
    let ids: Vec<_> = records.iter().map(|record| record.session.id).collect();
    let told = at_once((0..4).map(|n| {
        let store = Arc::clone(&store);
        let mut batch: Vec<_> = ids.iter().copied().map(idle_out).collect();
        batch.rotate_left(25 * n);
        async move { end_timed_out(&store, &batch, at(60)).await }
    }))
    .await;
    let told = told.into_iter().flatten().map(|session| session.id);
    let mut told: Vec<SessionId> = told.collect();
    told.sort_unstable();
    assert_eq!(told, ids);
    assert_eq!(list_idle(&store, at(60), 200).await, []);
}
