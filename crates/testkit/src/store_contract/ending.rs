//! Cases of ending sessions: one, all others, those beyond the limit.

use std::sync::Arc;

use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::session::{EndReason, Session, SessionEnd, SessionQuota, SessionRecord};
use kogents_domain::time::Span;

use super::support::{
    StorePort, at, begin, commit, find_record, find_session, insert_sessions, some_user,
};
use crate::builders::{a_session, unique_id};
use crate::parallel::at_once;

/// Shorter than what any session here was idle, unless it says otherwise.
const IDLE: Span = Span::from_secs(10);

async fn end(store: &StorePort, id: SessionId, reason: EndReason, secs: i64) -> Option<Session> {
    let mut unit = begin(store).await;
    let ended = unit.sessions().end(id, reason, at(secs)).await.unwrap();
    commit(unit).await;
    ended
}

async fn end_others(store: &StorePort, user: UserId, except: Option<SessionId>) -> Vec<Session> {
    let mut unit = begin(store).await;
    unit.users().find_for_update(user).await.unwrap();
    let ended = unit
        .sessions()
        .end_others(user, except, EndReason::RevokedAll, at(100))
        .await
        .unwrap();
    commit(unit).await;
    ended
}

/// Sessions with an end at 100, the oldest first: as whoever ended them is given them.
fn ended<'a>(
    records: impl IntoIterator<Item = &'a SessionRecord>,
    reason: EndReason,
) -> Vec<Session> {
    let with_end = |record: &SessionRecord| Session {
        end: Some(SessionEnd {
            at: at(100),
            reason,
        }),
        ..record.session.clone()
    };
    let mut sessions: Vec<Session> = records.into_iter().map(with_end).collect();
    sessions.sort_unstable_by_key(|session| session.id);
    sessions
}

/// The same, as those that gave way to others.
fn replaced<'a>(records: impl IntoIterator<Item = &'a SessionRecord>) -> Vec<Session> {
    ended(records, EndReason::Replaced)
}

/// That the store has sessions as it gave them.
async fn assert_kept(store: &StorePort, sessions: &[Session]) {
    for session in sessions {
        assert_eq!(
            find_session(store, session.id).await.as_ref(),
            Some(session)
        );
    }
}

async fn end_surplus(store: &StorePort, user: UserId, keep: SessionId, limit: u32) -> Vec<Session> {
    end_surplus_but(store, user, (keep, None), limit).await
}

async fn end_surplus_but(
    store: &StorePort,
    user: UserId,
    (keep, also_keep): (SessionId, Option<SessionId>),
    limit: u32,
) -> Vec<Session> {
    let mut unit = begin(store).await;
    unit.users().find_for_update(user).await.unwrap();
    let ended = unit
        .sessions()
        .end_surplus(
            user,
            SessionQuota {
                keep,
                also_keep,
                limit,
                session_idle: IDLE,
                at: at(100),
            },
        )
        .await
        .unwrap();
    commit(unit).await;
    ended
}

async fn end_of(store: &StorePort, id: SessionId) -> Option<SessionEnd> {
    find_session(store, id).await.unwrap().end
}

/// Five live sessions in workspaces of their own, the n-th last active n seconds after the start.
async fn five_live(store: &StorePort, user: UserId) -> [SessionRecord; 5] {
    let records = [1, 2, 3, 4, 5].map(|secs| {
        let session = a_session(user).active_at(at(secs)).spent(vec![at(secs)]);
        session
            .in_workspace(WorkspaceId::from_uuid(unique_id()))
            .build()
    });
    insert_sessions(store, &records).await;
    records
}

/// The first end counts; nothing else of the session changes.
pub async fn a_session_ends_once(store: StorePort) {
    let user = some_user(&store).await;
    let record = a_session(user.id).everything().build();
    let sibling = a_session(user.id).build();
    insert_sessions(&store, &[record.clone(), sibling.clone()]).await;
    let id = record.session.id;

    let mut expected = record;
    expected.session.end = Some(SessionEnd {
        at: at(10),
        reason: EndReason::Logout,
    });
    assert_eq!(
        end(&store, id, EndReason::Logout, 10).await.as_ref(),
        Some(&expected.session)
    );
    assert_eq!(end(&store, id, EndReason::Revoked, 11).await, None);
    assert_eq!(find_record(&store, user.id, id).await, Some(expected));
    assert_eq!(end_of(&store, sibling.session.id).await, None);
}

/// Its end gets a reason, late as it is.
pub async fn a_timed_out_session_can_be_ended(store: StorePort) {
    let user = some_user(&store).await;
    let record = a_session(user.id).idle_until(at(5)).build();
    insert_sessions(&store, std::slice::from_ref(&record)).await;
    let id = record.session.id;
    assert!(end(&store, id, EndReason::IdleTimeout, 10).await.is_some());
    assert_eq!(
        end_of(&store, id).await.map(|end| end.reason),
        Some(EndReason::IdleTimeout)
    );
}

/// None, and no error.
pub async fn an_unknown_session_cannot_be_ended(store: StorePort) {
    let unknown = SessionId::from_uuid(unique_id());
    assert_eq!(end(&store, unknown, EndReason::Logout, 1).await, None);
}

/// Of twenty, one ends it.
pub async fn parallel_ends_of_one_session_succeed_once(store: StorePort) {
    let user = some_user(&store).await;
    let record = a_session(user.id).build();
    insert_sessions(&store, std::slice::from_ref(&record)).await;
    let id = record.session.id;
    let results = at_once((0..20).map(|secs| {
        let store = Arc::clone(&store);
        async move { end(&store, id, EndReason::Revoked, secs).await }
    }))
    .await;
    let winners: Vec<Session> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(find_session(&store, id).await.as_ref(), winners.first());
}

/// The excepted one, and those of other persons, live on.
pub async fn all_others_end_but_one(store: StorePort) {
    let user = some_user(&store).await;
    let stranger = some_user(&store).await;
    let records = five_live(&store, user.id).await;
    let foreign = a_session(stranger.id).build();
    insert_sessions(&store, std::slice::from_ref(&foreign)).await;
    let [kept, others @ ..] = &records;

    let expected = ended(others, EndReason::RevokedAll);
    let told = end_others(&store, user.id, Some(kept.session.id)).await;
    assert_eq!(told, expected);
    assert_kept(&store, &expected).await;
    assert_eq!(end_of(&store, kept.session.id).await, None);
    assert_eq!(end_of(&store, foreign.session.id).await, None);
    let again = end_others(&store, user.id, Some(kept.session.id)).await;
    assert_eq!(again, []);
}

/// Without an exception all end.
pub async fn all_end_without_exception(store: StorePort) {
    let user = some_user(&store).await;
    let records = five_live(&store, user.id).await;
    assert_eq!(
        end_others(&store, user.id, None).await,
        ended(&records, EndReason::RevokedAll)
    );
    let mut unit = begin(&store).await;
    let open = unit.sessions().list_open(user.id, at(100)).await.unwrap();
    assert_eq!(open, []);
}

/// What had ended keeps its end, and is not told of; what had timed out is ended and told of, and
/// can be told from what was live.
pub async fn ending_others_leaves_what_had_ended(store: StorePort) {
    let user = some_user(&store).await;
    let had_ended = a_session(user.id).ended(at(5), EndReason::Logout).build();
    let live = a_session(user.id).build();
    let idle = a_session(user.id).idle_until(at(100)).build();
    let old = a_session(user.id).absolute_until(at(100)).build();
    let open = [live.clone(), idle, old];
    insert_sessions(&store, std::slice::from_ref(&had_ended)).await;
    insert_sessions(&store, &open).await;

    let told = end_others(&store, user.id, None).await;
    assert_eq!(told, ended(&open, EndReason::RevokedAll));
    let were_live = told.iter().filter(|one| at(100) < one.expires_at());
    let were_live: Vec<SessionId> = were_live.map(|one| one.id).collect();
    assert_eq!(were_live, [live.session.id]);
    assert_kept(&store, &told).await;
    assert_kept(&store, &[had_ended.session]).await;
}

/// Of five with a limit of three, the two longest idle go.
pub async fn surplus_sessions_end_the_longest_idle_first(store: StorePort) {
    let user = some_user(&store).await;
    let stranger = some_user(&store).await;
    // Opened in another order than they were last active in.
    let records = [4, 1, 5, 2, 3].map(|secs| a_session(user.id).active_at(at(secs)).build());
    insert_sessions(&store, &records).await;
    let foreign = a_session(stranger.id).active_at(at(0)).build();
    insert_sessions(&store, std::slice::from_ref(&foreign)).await;
    let [fourth, first, fifth, second, third] = records;

    let told = end_surplus(&store, user.id, fifth.session.id, 3).await;
    assert_eq!(told, replaced([&first, &second]));
    assert_kept(&store, &told).await;
    for record in [third, fourth, fifth, foreign] {
        assert_eq!(end_of(&store, record.session.id).await, None);
    }
}

/// The session just opened is never the one to go.
pub async fn the_session_to_keep_is_kept_even_if_idle_longest(store: StorePort) {
    let user = some_user(&store).await;
    let records = five_live(&store, user.id).await;
    let [first, second, third, fourth, fifth] = &records;
    let keep = first.session.id;
    assert_eq!(
        end_surplus(&store, user.id, keep, 3).await,
        replaced([second, third])
    );
    assert_eq!(end_of(&store, keep).await, None);
    assert_eq!(
        end_surplus(&store, user.id, keep, 1).await,
        replaced([fourth, fifth])
    );
    assert_eq!(end_of(&store, keep).await, None);
}

/// A second one stays as well, however long it was idle and whatever the limit.
pub async fn a_second_session_to_keep_stays(store: StorePort) {
    let user = some_user(&store).await;
    let records = five_live(&store, user.id).await;
    let [first, second, third, fourth, fifth] = &records;
    let kept = (fifth.session.id, Some(first.session.id));
    assert_eq!(
        end_surplus_but(&store, user.id, kept, 3).await,
        replaced([second, third])
    );
    assert_eq!(
        end_surplus_but(&store, user.id, kept, 1).await,
        replaced([fourth])
    );
    for record in [first, fifth] {
        assert_eq!(end_of(&store, record.session.id).await, None);
    }
}

/// As many as are allowed are no surplus.
pub async fn within_the_limit_nothing_ends(store: StorePort) {
    let user = some_user(&store).await;
    let records = five_live(&store, user.id).await;
    let [first, ..] = records.map(|record| record.session.id);
    for limit in [5, 6, 25] {
        assert_eq!(end_surplus(&store, user.id, first, limit).await, []);
    }
}

/// What was heard of a session keeps it live, if its idle end was not moved yet; not beyond its
/// absolute end.
pub async fn s18_sessions_heard_of_lately_count_as_live(store: StorePort) {
    let user = some_user(&store).await;
    let past_idle = |active| a_session(user.id).idle_until(at(50)).active_at(active);
    let heard = past_idle(at(91)).build();
    let silent = past_idle(at(90)).build();
    let old = past_idle(at(95)).absolute_until(at(100)).build();
    let newest = a_session(user.id).build();
    let records = [heard, silent, old, newest];
    insert_sessions(&store, &records).await;
    let [heard, silent, old, newest] = &records;
    let keep = newest.session.id;
    assert_eq!(end_surplus(&store, user.id, keep, 2).await, []);
    assert_eq!(
        end_surplus(&store, user.id, keep, 1).await,
        replaced([heard])
    );
    for timed_out in [silent, old] {
        assert_eq!(end_of(&store, timed_out.session.id).await, None);
    }
}

/// Ended and timed-out sessions do not count.
pub async fn dead_sessions_are_no_surplus(store: StorePort) {
    let user = some_user(&store).await;
    let dead = [
        a_session(user.id).ended(at(5), EndReason::Logout).build(),
        a_session(user.id).idle_until(at(100)).build(),
        a_session(user.id).absolute_until(at(100)).build(),
    ];
    insert_sessions(&store, &dead).await;
    let records = five_live(&store, user.id).await;
    let [first, .., fifth] = &records;
    let keep = fifth.session.id;
    assert_eq!(end_surplus(&store, user.id, keep, 5).await, []);
    assert_eq!(
        end_surplus(&store, user.id, keep, 4).await,
        replaced([first])
    );
    let [ended, ..] = dead.map(|record| record.session.id);
    assert_eq!(
        end_of(&store, ended).await.map(|end| end.reason),
        Some(EndReason::Logout)
    );
}
