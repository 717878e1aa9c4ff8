//! Cases of counters that wait for the database.

use kogents_domain::session::{ActivityCount, SessionActivity, Unflushed};

use super::support::{Case, InstancesPort, before, ids, sessions};
use crate::parallel::at_once;
use crate::session_states_contract::{a_snapshot, vouched_for};

/// The database has what it said itself.
pub async fn what_is_counted_waits_and_what_is_put_does_not(port: InstancesPort) {
    let case = Case::new(&port);
    assert_eq!(case.claim(10, case.start).await, []);
    let (put, counted) = (a_snapshot(case.start), a_snapshot(case.start));
    let mut vouched = vouched_for(&put, None, case.start);
    vouched.counted = None;
    case.first.put(&vouched).await.unwrap();
    let mut vouched = vouched_for(&counted, None, case.start);
    vouched.counted = Some(ActivityCount::NOTHING);
    case.first.put(&vouched).await.unwrap();
    let claimed = case.claim(10, case.start).await;
    assert_eq!(ids(&claimed), [counted.session_id]);
    let expected = SessionActivity::starting(case.start);
    assert_eq!(claimed.first().map(|one| one.activity), Some(expected));
}

/// By the first change that the database has not got.
pub async fn those_that_waited_longest_come_first_and_no_more_than_asked_for(port: InstancesPort) {
    let case = Case::new(&port);
    let [third, first, second, fourth] = sessions();
    for (session, secs) in [(second, 2), (first, 1), (fourth, 4), (third, 3), (first, 5)] {
        case.request(session, case.at(secs)).await;
    }
    assert_eq!(case.claim(0, case.at(5)).await, []);
    assert_eq!(ids(&case.claim(2, case.at(5)).await), [first, second]);
    assert_eq!(ids(&case.claim(1, case.at(5)).await), [third]);
    assert_eq!(ids(&case.claim(5, case.at(5)).await), [fourth]);
    assert_eq!(case.claim(5, case.at(5)).await, []);
}

/// Those too that somebody has claimed; those of a session count once, whatever it does.
pub async fn how_many_wait_is_known_whoever_writes_them_back(port: InstancesPort) {
    let case = Case::new(&port);
    let [first, second] = sessions();
    let waiting = async || case.second.waiting().await.unwrap();
    assert_eq!(waiting().await, 0);
    for session in [first, second, first] {
        case.request(session, case.start).await;
    }
    assert_eq!(waiting().await, 2);
    let claimed = case.claim(1, case.start).await;
    assert_eq!(waiting().await, 2);
    case.settle(&claimed, case.start).await;
    assert_eq!(waiting().await, 1);
    let claimed = case.claim(1, case.start).await;
    case.settle(&claimed, case.start).await;
    assert_eq!(waiting().await, 0);
}

/// At any instance; then somebody else may write it back.
pub async fn a_claim_keeps_others_away_until_it_runs_out(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    case.request(session, case.start).await;
    let claimed = case.claim(1, case.at(1)).await;
    assert_eq!(ids(&claimed), [session]);
    let over = case.at(1).plus(Unflushed::CLAIM);
    for now in [case.at(1), case.at(15), before(over)] {
        let others = case.second.unflushed(10, now).await.unwrap();
        assert_eq!(others, []);
    }
    let others = case.second.unflushed(10, over).await.unwrap();
    assert_eq!(others, claimed);
    // Which is a claim like any other.
    assert_eq!(
        case.claim(10, before(over.plus(Unflushed::CLAIM))).await,
        []
    );
}

/// It is in the totals that are given out next.
pub async fn what_is_counted_meanwhile_does_not_end_a_claim(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    case.request(session, case.start).await;
    let claimed = case.claim(1, case.at(1)).await;
    case.request(session, case.at(2)).await;
    assert_eq!(case.claim(1, case.at(3)).await, []);
    let over = case.at(1).plus(Unflushed::CLAIM);
    let later = case.claim(1, over).await;
    let totals = |all: &[Unflushed]| all.first().map(|one| one.activity.total_requests);
    assert_eq!((totals(&claimed), totals(&later)), (Some(1), Some(2)));
}

/// At once, and with what was added.
pub async fn what_was_flushed_waits_no_longer_and_what_changed_since_waits_again(
    port: InstancesPort,
) {
    let case = Case::new(&port);
    let [same, changed, heard, gone] = sessions();
    for session in [same, changed, heard] {
        case.request(session, case.start).await;
    }
    let mut claimed = case.claim(10, case.at(1)).await;
    assert_eq!(claimed.len(), 3);
    case.request(changed, case.at(2)).await;
    // Something that adds nothing is a change as well: it moves the last activity.
    case.count(heard, None, ActivityCount::NOTHING, case.at(2))
        .await;
    claimed.push(Unflushed {
        session_id: gone,
        ..*claimed.first().unwrap()
    });
    case.settle(&claimed, case.at(3)).await;
    let mut again = case.claim(10, case.at(3)).await;
    again.sort_by_key(|one| one.session_id);
    assert_eq!(ids(&again), [changed, heard]);
    for one in &again {
        assert_eq!(
            Some(one.activity),
            case.look(one.session_id, case.at(3)).await
        );
        assert_eq!(one.activity.last_activity_at, case.at(2));
    }
    case.settle(&again, case.at(4)).await;
    assert_eq!(case.claim(10, case.at(100)).await, []);
    case.settle(&[], case.at(4)).await;
    // Whatever is counted later waits from then on.
    case.request(same, case.at(5)).await;
    assert_eq!(case.claim(10, before(case.at(5))).await, []);
    assert_eq!(ids(&case.claim(10, case.at(5)).await), [same]);
}

/// A late or repeated word of what the database has makes nothing wait that it has.
pub async fn what_was_flushed_twice_is_flushed_once(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    case.request(session, case.start).await;
    let early = case.claim(1, case.start).await;
    case.request(session, case.at(1)).await;
    let over = case.start.plus(Unflushed::CLAIM);
    let late = case.second.unflushed(1, over).await.unwrap();
    case.second.flushed(&late, over).await.unwrap();
    for told in [&early, &late, &early] {
        case.settle(told, case.at(40)).await;
        assert_eq!(case.claim(1, case.at(100)).await, []);
    }
    // And nothing that it has not got be forgotten.
    case.request(session, case.at(50)).await;
    for told in [&early, &late] {
        case.settle(told, case.at(50)).await;
    }
    assert_eq!(ids(&case.claim(1, case.at(100)).await), [session]);
}

/// Longer than a snapshot is believed, counted from when they were flushed or put again.
pub async fn flushed_counters_stay_for_a_while(port: InstancesPort) {
    let case = Case::new(&port);
    let snapshot = a_snapshot(case.start);
    let session = snapshot.session_id;
    case.request(session, case.start).await;
    let claimed = case.claim(1, case.at(10)).await;
    case.settle(&claimed, case.at(11)).await;
    let found = case.look(session, case.at(11)).await;
    assert!(found.is_some());
    let over = case.at(11).plus(Unflushed::KEEP_FLUSHED);
    assert_eq!(case.look(session, before(over)).await, found);
    assert_eq!(case.look(session, over).await, None);
    case.count(session, None, ActivityCount::REQUEST, over)
        .await;
    assert_eq!(case.look(session, over).await, None);
    let mut vouched = vouched_for(&snapshot, None, case.at(100));
    vouched.counted = None;
    case.first.put(&vouched).await.unwrap();
    let over = case.at(100).plus(Unflushed::KEEP_FLUSHED);
    assert!(case.look(session, before(over)).await.is_some());
    assert_eq!(case.look(session, over).await, None);
}

/// Counted from when they last changed; then nobody gets them any more.
pub async fn unflushed_counters_stay_for_a_day(port: InstancesPort) {
    let case = Case::new(&port);
    let [session, other] = sessions();
    case.request(session, case.start).await;
    case.request(session, case.at(100)).await;
    let over = case.at(100).plus(Unflushed::KEEP_UNFLUSHED);
    case.request(other, before(over)).await;
    assert!(case.look(session, before(over)).await.is_some());
    assert_eq!(case.look(session, over).await, None);
    // What is gone takes nobody's place.
    assert_eq!(ids(&case.claim(1, over).await), [other]);
    // It can be begun again.
    case.request(session, over).await;
    let found = case.look(session, over).await.unwrap();
    assert_eq!(found.total_requests, 1);
    assert_eq!(ids(&case.claim(1, over).await), [session]);
}

/// Neither for counters that were begun anew, nor after everything was lost.
pub async fn a_revision_does_not_come_back(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    case.request(session, case.start).await;
    let early = case.claim(1, case.start).await;
    case.settle(&early, case.start).await;
    let over = case.start.plus(Unflushed::KEEP_FLUSHED);
    case.request(session, over).await;
    case.settle(&early, over).await;
    let late = case.claim(1, over).await;
    assert_eq!(ids(&late), [session]);
    port.lose_everything().await;
    let after = Case {
        start: case.start,
        ..Case::new(&port)
    };
    assert_eq!(after.look(session, over).await, None);
    after.request(session, over).await;
    // Whoever had claimed them tells the cache that it knew.
    for told in [&early, &late] {
        case.settle(told, over).await;
    }
    assert_eq!(ids(&after.claim(1, over).await), [session]);
}

/// To one of many that ask at once.
pub async fn parallel_claims_give_each_out_once(port: InstancesPort) {
    let case = Case::new(&port);
    let mut counted: [_; 40] = sessions();
    for session in counted {
        case.request(session, case.start).await;
    }
    let claimed = at_once((0..20).map(|n| {
        let instance = case.instance(n);
        let now = case.at(1);
        async move { instance.unflushed(3, now).await.unwrap() }
    }))
    .await;
    let mut claimed: Vec<_> = claimed.iter().flat_map(|given| ids(given)).collect();
    claimed.sort_unstable();
    counted.sort_unstable();
    assert_eq!(claimed, counted);
}
