//! Cases of minimising and dropping sessions of long ago, and of what waits for it.

use std::net::IpAddr;

use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{EndReason, SessionRecord, Traces, UpkeepLag};
use kogents_domain::time::Timestamp;

use super::support::{StorePort, at, begin, commit, find_record, insert_sessions, read, some_user};
use crate::builders::{START, SessionBuilder, a_session};

/// 2020-01-01T00:00:00Z.
const JANUARY: Timestamp = Timestamp::from_millis(1_577_836_800_000);
/// 2020-02-15T00:00:00Z.
const MID_FEBRUARY: Timestamp = Timestamp::from_millis(1_581_724_800_000);
/// 2020-03-31T23:59:59.999Z.
const END_OF_MARCH: Timestamp = Timestamp::from_millis(1_585_699_199_999);
/// 2020-04-01T00:00:00Z.
const APRIL: Timestamp = Timestamp::from_millis(1_585_699_200_000);

fn traces(record: &SessionRecord) -> Traces {
    Traces {
        session_id: record.session.id,
        ip_address: record.facts.ip_address,
        coordinate: record.facts.coordinate,
        referrer_url: record.facts.referrer_url.clone(),
        landing_page: record.facts.landing_page.clone(),
    }
}

async fn list_traces(store: &StorePort, ended_before: Timestamp, limit: u32) -> Vec<Traces> {
    let mut unit = read(store).await;
    let upkeep = unit.session_upkeep();
    upkeep.list_traces(ended_before, limit).await.unwrap()
}

async fn minimise(store: &StorePort, traces: &[Traces]) {
    let mut unit = begin(store).await;
    unit.session_upkeep().minimise(traces).await.unwrap();
    commit(unit).await;
}

async fn make_partitions(store: &StorePort, now: Timestamp, months_ahead: u32) -> u64 {
    let mut unit = begin(store).await;
    let upkeep = unit.session_upkeep();
    let made = upkeep.make_partitions(now, months_ahead).await.unwrap();
    commit(unit).await;
    made
}

async fn drop_opened_before(store: &StorePort, moment: Timestamp, limit: u32) -> u64 {
    let mut unit = begin(store).await;
    let upkeep = unit.session_upkeep();
    let dropped = upkeep.drop_opened_before(moment, limit).await.unwrap();
    commit(unit).await;
    dropped
}

async fn lag(store: &StorePort, now: Timestamp) -> UpkeepLag {
    read(store).await.session_upkeep().lag(now).await.unwrap()
}

fn ended_at(session: SessionBuilder, end: Timestamp) -> SessionRecord {
    session.ended(end, EndReason::Logout).build()
}

/// Whether all that is kept of a session is there; fails where only a part is.
async fn is_kept(store: &StorePort, record: &SessionRecord) -> bool {
    let (user, id) = (record.session.user_id, record.session.id);
    let mut unit = read(store).await;
    let sessions = unit.sessions();
    let found = sessions.find_record(user, id).await.unwrap();
    let own = sessions.find(id).await.unwrap();
    let activity = sessions.find_activity(id).await.unwrap();
    match found {
        Some(found) => assert_eq!(&found, record),
        None => assert!(own.is_none() && activity.is_none()),
    }
    own.is_some()
}

/// Of those that ended before a moment, in the order of their ends, so many; with every trace.
pub async fn r10_traces_come_of_those_that_ended_first(store: StorePort) {
    let user = some_user(&store).await;
    let open = a_session(user.id).everything().build();
    let records = [30, 10, 20].map(|secs| ended_at(a_session(user.id).everything(), at(secs)));
    let bare = ended_at(a_session(user.id), at(15));
    insert_sessions(&store, &[open, bare.clone()]).await;
    insert_sessions(&store, &records).await;
    let [third, first, second] = &records;
    let all = [first, &bare, second, third].map(traces);
    assert_eq!(list_traces(&store, at(31), 10).await, all);
    assert_eq!(list_traces(&store, at(30), 10).await, all[..3]);
    assert_eq!(list_traces(&store, at(31), 2).await, all[..2]);
    assert_eq!(list_traces(&store, at(10), 10).await, []);
}

/// The traces given are in place of those before, nothing else has changed, and it is not asked
/// for again.
pub async fn r10_minimised_traces_are_kept_and_not_listed_again(store: StorePort) {
    let user = some_user(&store).await;
    let [mut one, mut two, other] =
        [10, 20, 30].map(|secs| ended_at(a_session(user.id).everything(), at(secs)));
    insert_sessions(&store, &[one.clone(), two.clone(), other.clone()]).await;
    let coarse = traces(&one).minimised();
    let gone = Traces {
        session_id: two.session.id,
        ip_address: IpAddr::from([192, 0, 2, 0]),
        coordinate: None,
        referrer_url: None,
        landing_page: None,
    };
    minimise(&store, &[]).await;
    minimise(&store, &[coarse.clone(), gone.clone()]).await;
    assert_eq!(list_traces(&store, at(31), 10).await, [traces(&other)]);
    assert_ne!(coarse, traces(&one));
    for (record, traces) in [(&mut one, coarse), (&mut two, gone)] {
        let facts = &mut record.facts;
        facts.ip_address = traces.ip_address;
        facts.coordinate = traces.coordinate;
        facts.referrer_url = traces.referrer_url;
        facts.landing_page = traces.landing_page;
    }
    for record in [one, two, other] {
        let id = record.session.id;
        assert_eq!(find_record(&store, user.id, id).await, Some(record));
    }
}

/// What is there already is not made again, and what is made can be used.
pub async fn r10_partitions_are_made_once(store: StorePort) {
    let user = some_user(&store).await;
    let made = make_partitions(&store, END_OF_MARCH, 1).await;
    assert_eq!(make_partitions(&store, END_OF_MARCH, 1).await, 0);
    assert_eq!(make_partitions(&store, APRIL, 0).await, 0);
    let further = make_partitions(&store, APRIL, 1).await;
    assert_eq!(further, made / 2, "one month after two");
    for moment in [END_OF_MARCH, APRIL] {
        let record = a_session(user.id).made_at(moment).everything().build();
        insert_sessions(&store, std::slice::from_ref(&record)).await;
        assert!(is_kept(&store, &record).await);
    }
}

/// Ended ones with all that is kept of them; none that is open, and none opened since.
pub async fn r10_sessions_of_long_ago_are_dropped_once_they_have_ended(store: StorePort) {
    let user = some_user(&store).await;
    make_partitions(&store, JANUARY, 3).await;
    let ended = |moment| ended_at(a_session(user.id).made_at(moment), moment);
    let first = ended(JANUARY);
    let open = a_session(user.id).made_at(MID_FEBRUARY).build();
    let last = ended(END_OF_MARCH);
    let later = ended(APRIL);
    let recent = ended_at(a_session(user.id), START);
    let records = [first, open, last, later, recent];
    insert_sessions(&store, &records).await;
    let [first, open, last, later, recent] = &records;
    assert_eq!(drop_opened_before(&store, APRIL, 10).await, 2);
    for dropped in [first, last] {
        assert!(!is_kept(&store, dropped).await);
    }
    for kept in [open, later, recent] {
        assert!(is_kept(&store, kept).await);
    }
    assert_eq!(drop_opened_before(&store, APRIL, 10).await, 0);
}

/// The oldest first, so many at a time.
pub async fn r10_sessions_of_long_ago_are_dropped_bit_by_bit(store: StorePort) {
    let user = some_user(&store).await;
    make_partitions(&store, JANUARY, 2).await;
    let records = [END_OF_MARCH, JANUARY, MID_FEBRUARY]
        .map(|moment| ended_at(a_session(user.id).made_at(moment), moment));
    insert_sessions(&store, &records).await;
    let [third, first, second] = &records;
    assert_eq!(drop_opened_before(&store, APRIL, 0).await, 0);
    for left in [&[second, third][..], &[third], &[]] {
        assert_eq!(drop_opened_before(&store, APRIL, 1).await, 1);
        for record in [first, second, third] {
            assert_eq!(is_kept(&store, record).await, left.contains(&record));
        }
    }
    assert_eq!(drop_opened_before(&store, APRIL, 1).await, 0);
}

/// Nothing where nothing waits; else since when the first of each kind does.
pub async fn r10_the_lag_tells_what_waits_longest(store: StorePort) {
    assert_eq!(lag(&store, at(0)).await, UpkeepLag::default());
    let user = some_user(&store).await;
    make_partitions(&store, JANUARY, 0).await;
    let idle = |user: UserId, secs| a_session(user).idle_until(at(secs)).build();
    let oldest = ended_at(a_session(user.id).made_at(JANUARY), at(8));
    let records = [
        idle(user.id, 40),
        idle(user.id, 30),
        ended_at(a_session(user.id), at(9)),
        ended_at(a_session(user.id).idle_until(at(2)), at(12)),
    ];
    insert_sessions(&store, &records).await;
    insert_sessions(&store, std::slice::from_ref(&oldest)).await;
    let expected = UpkeepLag {
        to_end_since: Some(at(30)),
        to_minimise_since: Some(at(8)),
        oldest: Some(JANUARY),
        strays: 0,
    };
    assert_eq!(lag(&store, at(50)).await, expected);
    minimise(&store, &[traces(&oldest)]).await;
    let minimised = UpkeepLag {
        to_minimise_since: Some(at(9)),
        ..expected
    };
    assert_eq!(lag(&store, at(50)).await, minimised);
    let before_any = lag(&store, at(29)).await;
    assert_eq!(before_any.to_end_since, None);
    let ids: [SessionId; 4] = records.map(|record| record.session.id);
    let mut unit = begin(&store).await;
    for id in ids {
        let sessions = unit.sessions();
        sessions.end(id, EndReason::Admin, at(50)).await.unwrap();
    }
    commit(unit).await;
    assert_eq!(lag(&store, at(50)).await.to_end_since, None);
}
