//! Cases of listing sessions.

use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{EndReason, SessionRecord};

use super::support::{StorePort, at, before, ids, insert_sessions, read, some_user};
use crate::builders::{a_session, unique_id};

async fn list_open(store: &StorePort, user: UserId, secs: i64) -> Vec<SessionRecord> {
    let mut unit = read(store).await;
    unit.sessions().list_open(user, at(secs)).await.unwrap()
}

async fn count_open(store: &StorePort, user: UserId, secs: i64) -> u64 {
    let mut unit = read(store).await;
    unit.sessions().count_open(user, at(secs)).await.unwrap()
}

async fn list_all(
    store: &StorePort,
    user: UserId,
    limit: u16,
    after: Option<SessionId>,
) -> Page<SessionRecord, SessionId> {
    let limit = PageLimit::new(limit).unwrap();
    let mut unit = read(store).await;
    unit.sessions().list_all(user, limit, after).await.unwrap()
}

async fn count_all(store: &StorePort, user: UserId) -> u64 {
    read(store).await.sessions().count_all(user).await.unwrap()
}

/// Opened in this order, a second after each other, one of them ended, one timed out at once.
async fn insert_history(store: &StorePort, user: UserId, count: i64) -> Vec<SessionRecord> {
    let records: Vec<SessionRecord> = (0..count)
        .map(|secs| {
            let session = a_session(user).opened_at(at(secs));
            match secs {
                1 => session.ended(at(100), EndReason::Logout).build(),
                2 => session.idle_until(at(secs)).everything().build(),
                _ => session.build(),
            }
        })
        .collect();
    insert_sessions(store, &records).await;
    records
}

/// Whatever they were last active at; with all that is kept of them.
pub async fn open_sessions_come_newest_started_first(store: StorePort) {
    let user = some_user(&store).await;
    let records = [(1, 9), (2, 3), (4, 5)].map(|(opened, active)| {
        let session = a_session(user.id).opened_at(at(opened));
        session.active_at(at(active)).build()
    });
    insert_sessions(&store, &records).await;
    let [first, second, third] = records;
    assert_eq!(list_open(&store, user.id, 10).await, [third, second, first]);
}

/// Ended or too old: gone without any sweep, and not a moment before. What was idle too long may
/// have been heard of since, which the caller knows better.
pub async fn s18_ended_and_old_sessions_are_not_listed_as_open(store: StorePort) {
    let user = some_user(&store).await;
    let ended = a_session(user.id).ended(at(5), EndReason::Logout).build();
    let idle = a_session(user.id).idle_until(at(50)).build();
    let old = a_session(user.id).absolute_until(at(60)).build();
    let live = a_session(user.id).build();
    insert_sessions(&store, &[ended, idle.clone(), old.clone(), live.clone()]).await;
    let (idle, old, live) = (idle.session.id, old.session.id, live.session.id);

    let mut unit = read(&store).await;
    for (now, expected) in [
        (at(50), vec![live, old, idle]),
        (before(at(60)), vec![live, old, idle]),
        (at(60), vec![live, idle]),
    ] {
        let listed = unit.sessions().list_open(user.id, now).await.unwrap();
        assert_eq!(ids(&listed), expected);
        let counted = unit.sessions().count_open(user.id, now).await.unwrap();
        assert_eq!(counted, u64::try_from(expected.len()).unwrap());
    }
}

/// In no list, and in no count.
pub async fn s20_sessions_of_others_are_never_listed(store: StorePort) {
    let user = some_user(&store).await;
    let stranger = some_user(&store).await;
    let own = a_session(user.id).build();
    let foreign = [1, 2, 3].map(|secs| a_session(stranger.id).opened_at(at(secs)).build());
    insert_sessions(&store, std::slice::from_ref(&own)).await;
    insert_sessions(&store, &foreign).await;

    let [.., newest_foreign] = &foreign;
    let expected = std::slice::from_ref(&own);
    assert_eq!(list_open(&store, user.id, 10).await, expected);
    assert_eq!(count_open(&store, user.id, 10).await, 1);
    assert_eq!(count_all(&store, user.id).await, 1);
    assert_eq!(count_all(&store, stranger.id).await, 3);
    let page = list_all(&store, user.id, 20, None).await;
    assert_eq!(page.items, expected);
    // A foreign id as a cursor tells nothing of the foreign list.
    let after = Some(newest_foreign.session.id);
    assert_eq!(list_all(&store, user.id, 20, after).await.items, expected);
}

/// Seven in pages of three, ended and timed-out ones among them.
pub async fn all_sessions_come_in_pages_newest_first(store: StorePort) {
    let user = some_user(&store).await;
    let mut expected = insert_history(&store, user.id, 7).await;
    expected.reverse();
    assert_eq!(count_all(&store, user.id).await, 7);

    let mut seen = Vec::new();
    let mut after = None;
    let mut sizes = Vec::new();
    loop {
        let page = list_all(&store, user.id, 3, after).await;
        sizes.push(page.items.len());
        let last = page.items.last().map(|record| record.session.id);
        seen.extend(page.items);
        if page.next.is_none() {
            break;
        }
        assert_eq!(page.next, last, "the next page begins after the last item");
        after = page.next;
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(seen, expected);
    let whole = list_all(&store, user.id, 100, None).await;
    assert_eq!((whole.items, whole.next), (expected, None));
}

/// No empty page follows a page that happens to be full.
pub async fn a_full_last_page_is_the_last(store: StorePort) {
    let user = some_user(&store).await;
    insert_history(&store, user.id, 6).await;
    let first = list_all(&store, user.id, 3, None).await;
    assert!(first.next.is_some());
    let second = list_all(&store, user.id, 3, first.next).await;
    assert_eq!((second.items.len(), second.next), (3, None));
}

/// Nothing is an answer, too.
pub async fn a_person_without_sessions_has_an_empty_page(store: StorePort) {
    let user = some_user(&store).await;
    for owner in [user.id, UserId::from_uuid(unique_id())] {
        let page = list_all(&store, owner, 20, None).await;
        assert_eq!((page.items, page.next), (Vec::new(), None));
        assert_eq!(count_all(&store, owner).await, 0);
        assert_eq!(list_open(&store, owner, 0).await, []);
        assert_eq!(count_open(&store, owner, 0).await, 0);
    }
}
