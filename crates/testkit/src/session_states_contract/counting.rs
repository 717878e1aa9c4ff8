//! Cases of counters beside the snapshots: what is counted, and what is not.

use kogents_domain::limits::{Limit, LimitRule, LimitRules};
use kogents_domain::session::{ActivityCount, SessionActivity, Touch, Touching, Unflushed};
use kogents_domain::time::Span;

use super::request_of;
use super::support::{Case, StatesPort, before, is_unknown, requests};
use crate::parallel::at_once;

/// With the time since the one before; and waits for the database.
pub async fn a_request_of_a_known_session_is_counted(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    let mut expected = SessionActivity::starting(case.start);
    case.vouch(
        Some(version),
        expected,
        Some(ActivityCount::REQUEST),
        case.at(1),
    )
    .await;
    expected.count(ActivityCount::REQUEST, case.at(1));
    for secs in [2, 30, 30, 59] {
        let now = case.at(secs);
        assert_eq!(case.touch(now).await, Touch::Known(case.snapshot));
        expected.count(ActivityCount::REQUEST, now);
        assert_eq!(case.counters(now).await, Some(expected));
    }
    let both = ActivityCount {
        requests: 1,
        pages: 2,
        actions: 3,
    };
    let mut request = case.request(case.at(60));
    request.counted = Some(both);
    assert_eq!(case.send(&request).await.touch, Touch::Known(case.snapshot));
    expected.count(both, case.at(60));
    assert_eq!(case.counters(case.at(60)).await, Some(expected));
    assert_eq!(case.waiting(case.at(60)).await, [case.snapshot.session_id]);
}

/// Whoever learns that it was not counted counts it by putting.
pub async fn what_is_unknown_or_fenced_is_not_counted(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    assert_eq!(case.counters(case.start).await, None);
    assert!(case.waiting(case.start).await.is_empty());
    case.put(version, case.start).await;
    let counted = Some(requests(case.start, 1));
    assert_eq!(case.counters(case.start).await, counted);
    let fence = case.fence(case.at(1)).await;
    assert_eq!(case.touch(case.at(2)).await, Touch::Fenced);
    case.lift(fence, case.at(3)).await;
    assert!(is_unknown(&case.touch(case.at(4)).await));
    // Another session of the person is not, and has no counters of this one.
    let sibling = case.sibling();
    assert!(is_unknown(&sibling.touch(case.at(4)).await));
    assert_eq!(case.counters(case.at(5)).await, counted);
    assert_eq!(sibling.counters(case.at(5)).await, None);
}

/// Neither when it is put nor when it is known, and the database has nothing to learn of it.
pub async fn a_request_that_adds_nothing_counts_and_moves_nothing(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    let base = requests(case.start, 7);
    case.vouch(Some(version), base, None, case.at(10)).await;
    for secs in [11, 40] {
        let touch = case.touch_uncounted(case.at(secs)).await;
        assert_eq!(touch, Touch::Known(case.snapshot));
    }
    assert_eq!(case.counters(case.at(40)).await, Some(base));
    assert!(case.waiting(case.at(40)).await.is_empty());
    // Nor does it stop those from waiting that do, or make them wait shorter.
    assert_eq!(case.touch(case.at(41)).await, Touch::Known(case.snapshot));
    let version = case.version(case.at(70)).await;
    case.vouch(Some(version), base, None, case.at(70)).await;
    let long_after = before(case.at(41).plus(Unflushed::KEEP_UNFLUSHED));
    assert_eq!(case.waiting(long_after).await, [case.snapshot.session_id]);
}

/// Requests of any status count.
pub async fn s24_what_its_limit_refuses_is_counted_all_the_same(port: StatesPort) {
    let case = Case::known(&port).await;
    let limits = [Limit::new(1, Span::from_secs(60))];
    let rules = LimitRules::off().with(LimitRule::GeneralSession, limits);
    let request = request_of(&case.snapshot, &rules, case.at(1));
    for refused in [false, true, true] {
        let touched = case.send(&request).await;
        let refused_for = touched.taken.unwrap().refused_for;
        assert_eq!(refused_for.is_some(), refused);
        assert_eq!(touched.touch, Touch::Known(case.snapshot));
    }
    let counted = case.counters(case.at(1)).await.unwrap();
    assert_eq!(counted.total_requests, 5);
}

/// Who reports pages and actions and is refused reports them again; the sign of life counts.
pub async fn s24_what_a_refused_report_tells_is_not_counted(port: StatesPort) {
    let case = Case::known(&port).await;
    let before = case.counters(case.at(1)).await.unwrap();
    let limits = [Limit::new(1, Span::from_secs(60))];
    let rules = LimitRules::off().with(LimitRule::GeneralSession, limits);
    for at in [2, 3] {
        let report = ActivityCount {
            requests: 0,
            pages: 5,
            actions: 7,
        };
        let request = Touching {
            counted: Some(report),
            ..request_of(&case.snapshot, &rules, case.at(at))
        };
        let touched = case.send(&request).await;
        assert_eq!(touched.touch, Touch::Known(case.snapshot));
    }
    let counted = case.counters(case.at(4)).await.unwrap();
    assert_eq!(counted.pages_visited, before.pages_visited + 5);
    assert_eq!(counted.actions_performed, before.actions_performed + 7);
    assert_eq!(counted.total_requests, before.total_requests);
    assert_eq!(counted.last_activity_at, case.at(3));
}

/// Whether the database or the cache has it.
pub async fn putting_goes_on_from_the_greater_of_each_counter(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    let first = SessionActivity {
        total_requests: 10,
        pages_visited: 2,
        actions_performed: 30,
        engaged_millis: 4,
        visit_count: 50,
        last_activity_at: case.at(6),
    };
    let second = SessionActivity {
        total_requests: 1,
        pages_visited: 20,
        actions_performed: 3,
        engaged_millis: 40,
        visit_count: 5,
        last_activity_at: case.at(7),
    };
    case.vouch(Some(version), first, None, case.at(8)).await;
    case.vouch(Some(version), second, None, case.at(9)).await;
    assert_eq!(case.counters(case.at(9)).await, Some(first.latest(second)));
    case.vouch(None, first, Some(ActivityCount::REQUEST), case.at(10))
        .await;
    let mut expected = first.latest(second);
    expected.count(ActivityCount::REQUEST, case.at(10));
    assert_eq!(case.counters(case.at(10)).await, Some(expected));
}

/// While somebody changes the person, or when a version was not told.
pub async fn putting_without_a_version_counts_and_keeps_no_snapshot(port: StatesPort) {
    let case = Case::new(&port);
    case.version(case.start).await;
    let base = SessionActivity::starting(case.start);
    let counted = Some(ActivityCount::REQUEST);
    case.vouch(None, base, counted, case.start).await;
    assert!(is_unknown(&case.touch(case.start).await));
    let fence = case.fence(case.at(1)).await;
    case.vouch(None, base, counted, case.at(1)).await;
    assert_eq!(case.touch(case.at(1)).await, Touch::Fenced);
    case.lift(fence, case.at(2)).await;
    assert!(is_unknown(&case.touch(case.at(2)).await));
    let found = case.counters(case.at(2)).await.unwrap();
    assert_eq!((found.total_requests, found.engaged_millis), (2, 1_000));
}

/// A version that moved, a fence, an end that has passed.
pub async fn putting_what_may_not_be_known_counts_all_the_same(port: StatesPort) {
    let mut case = Case::new(&port);
    let version = case.version(case.start).await;
    case.put(version + 1_000, case.start).await;
    let fence = case.fence(case.start).await;
    case.put(version, case.start).await;
    case.lift(fence, case.start).await;
    case.put(version, case.start).await;
    case.snapshot.absolute_expires_at = case.start;
    let version = case.version(case.start).await;
    case.put(version, case.start).await;
    assert!(is_unknown(&case.touch(case.start).await));
    let expected = Some(requests(case.start, 4));
    assert_eq!(case.counters(case.start).await, expected);
}

/// And wait for the database still.
pub async fn counters_outlive_fences_and_snapshots(port: StatesPort) {
    let case = Case::known(&port).await;
    let expected = case.counters(case.start).await;
    let fence = case.fence(case.at(1)).await;
    assert_eq!(case.counters(case.at(1)).await, expected);
    case.lift(fence, case.at(2)).await;
    case.fence(case.at(3)).await;
    assert!(is_unknown(&case.touch(case.at(200)).await));
    assert_eq!(case.counters(case.at(200)).await, expected);
    assert_eq!(case.waiting(case.at(200)).await, [case.snapshot.session_id]);
}

/// Of a hundred at once none is lost.
pub async fn parallel_requests_are_each_counted_once(port: StatesPort) {
    let case = Case::known(&port).await;
    let before = case.counters(case.start).await.unwrap();
    let touches = at_once((0..100).map(|n| {
        let case = case.clone();
        async move {
            if n % 10 == 0 {
                let base = SessionActivity::starting(case.start);
                let counted = Some(ActivityCount::REQUEST);
                case.vouch(None, base, counted, case.at(1)).await;
                return true;
            }
            matches!(case.touch(case.at(1)).await, Touch::Known(_))
        }
    }))
    .await;
    assert!(touches.into_iter().all(|counted| counted));
    let after = case.counters(case.at(1)).await.unwrap();
    assert_eq!(after.total_requests, before.total_requests + 100);
    assert_eq!(after.engaged_millis, 1_000);
}
