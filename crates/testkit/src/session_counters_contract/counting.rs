//! Cases of counting and of looking.

use kogents_domain::session::{ActivityCount, SessionActivity};
use kogents_domain::time::Span;

use super::support::{Case, InstancesPort, sessions};
use crate::mutate::Dice;
use crate::parallel::at_once;

/// The database has to be asked first.
pub async fn without_a_base_or_an_entry_nothing_is_counted(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    for _ in 0..2 {
        case.count(session, None, ActivityCount::ACTION, case.start)
            .await;
        assert_eq!(case.look(session, case.start).await, None);
    }
    assert_eq!(case.claim(10, case.start).await, []);
}

/// The base alone, the entry alone, and both, each ahead in something.
pub async fn counting_goes_on_from_the_greater_of_base_and_entry(port: InstancesPort) {
    let case = Case::new(&port);
    let [session, other] = sessions();
    let base = SessionActivity {
        total_requests: 100,
        pages_visited: 0,
        actions_performed: 7,
        engaged_millis: 8_000,
        visit_count: 9,
        last_activity_at: case.at(-2_000),
    };
    let counted = ActivityCount {
        requests: 1,
        pages: 2,
        actions: 3,
    };
    let mut expected = base;
    for (secs, base) in [(0, Some(base)), (5, None), (5, Some(base))] {
        case.count(session, base, counted, case.at(secs)).await;
        expected.count(counted, case.at(secs));
        assert_eq!(case.look(session, case.at(5)).await, Some(expected));
    }
    let ahead = SessionActivity {
        total_requests: 0,
        pages_visited: 1_000,
        last_activity_at: case.at(60),
        ..base
    };
    case.count(session, Some(ahead), ActivityCount::NOTHING, case.at(61))
        .await;
    expected = expected.latest(ahead);
    expected.count(ActivityCount::NOTHING, case.at(61));
    assert_eq!(case.look(session, case.at(61)).await, Some(expected));
    assert_eq!(case.look(other, case.at(61)).await, None);
}

/// Over many sequences of gaps, those next to half an hour, none, and backwards ones among them.
pub async fn gaps_are_counted_as_the_domain_counts_them(port: InstancesPort) {
    let case = Case::new(&port);
    let half_an_hour = SessionActivity::VISIT_GAP.as_millis();
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let [session] = sessions();
        let (mut now, base) = (case.start, SessionActivity::starting(case.start));
        let mut expected = base;
        for _ in 0..25 {
            let some = i64::try_from(dice.below(4_000_000)).unwrap();
            let gap = match dice.below(8) {
                0 => half_an_hour,
                1 => half_an_hour + 1,
                2 => half_an_hour - 1,
                3 => 0,
                4 => 1,
                5 => -(some / 100),
                _ => some,
            };
            now = now.plus(Span::from_millis(gap));
            let counted = ActivityCount {
                requests: u32::from(dice.octet()),
                pages: if dice.one_in(10) { u32::MAX } else { 1 },
                actions: u32::from(dice.one_in(2)),
            };
            let base = dice.one_in(3).then_some(base);
            case.count(session, base.or(Some(expected)), counted, now)
                .await;
            expected.count(counted, now);
            let found = case.look(session, now).await;
            assert_eq!(found, Some(expected), "seed {seed}");
        }
    }
}

/// Beyond what 32 bits hold, up to 53.
pub async fn great_totals_stay_exact(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    let great = (1 << 53) - 10_000_001;
    let mut expected = SessionActivity {
        total_requests: great,
        pages_visited: great - 2,
        actions_performed: great - 4,
        engaged_millis: great - 6,
        visit_count: great - 8,
        last_activity_at: case.start,
    };
    let (base, counted) = (Some(expected), ActivityCount::REQUEST);
    for secs in [1, 2, 2_000] {
        case.count(session, base, counted, case.at(secs)).await;
        expected.count(counted, case.at(secs));
    }
    assert_eq!(case.look(session, case.at(2_000)).await, Some(expected));
    let claimed = case.claim(1, case.at(2_000)).await;
    assert_eq!(claimed.first().map(|one| one.activity), Some(expected));
}

/// Any number of them, some twice, some unknown.
pub async fn looking_answers_in_the_order_asked_for(port: InstancesPort) {
    let case = Case::new(&port);
    let [one, other, unknown] = sessions();
    case.request(one, case.at(1)).await;
    case.request(other, case.at(2)).await;
    let (of_one, of_other) = (
        case.look(one, case.at(3)).await,
        case.look(other, case.at(3)).await,
    );
    assert_ne!(of_one, of_other);
    let asked = [other, unknown, one, other];
    let found = case.second.look(&asked, case.at(3)).await.unwrap();
    assert_eq!(found, [of_other, None, of_one, of_other]);
    assert_eq!(case.second.look(&[], case.at(3)).await, Ok(Vec::new()));
    let many: Vec<_> = asked.iter().copied().cycle().take(2_000).collect();
    let found_many = case.second.look(&many, case.at(3)).await.unwrap();
    assert!(found_many.chunks(4).all(|chunk| chunk == found));
    assert_eq!(found_many.len(), 2_000);
}

/// Of a hundred at once none is lost.
pub async fn parallel_counts_at_two_instances_are_each_counted_once(port: InstancesPort) {
    let case = Case::new(&port);
    let [session] = sessions();
    at_once((0..100).map(|n| {
        let instance = case.instance(n);
        let (base, now) = (SessionActivity::starting(case.start), case.at(1));
        async move {
            let counting = instance.count(session, Some(base), ActivityCount::REQUEST, now);
            counting.await.unwrap();
        }
    }))
    .await;
    let expected = SessionActivity {
        total_requests: 100,
        engaged_millis: 1_000,
        last_activity_at: case.at(1),
        ..SessionActivity::starting(case.start)
    };
    assert_eq!(case.look(session, case.at(1)).await, Some(expected));
}
