//! Cases of taking and looking.

use kogents_domain::limits::LimitRule;
use kogents_domain::time::Span;

use super::support::{Case, LimiterPort, charge, left, of_somebody, somebody};
use crate::parallel::at_once;

/// Within one millisecond, with small and large quotas, and with intervals that are no whole
/// number of milliseconds.
pub async fn s24_a_burst_takes_the_quota_and_no_more(port: LimiterPort) {
    let case = Case::new(port);
    for (quota, secs) in [(1, 60), (5, 900), (7, 1), (600, 60), (1_111, 1)] {
        let charges = [of_somebody(quota, secs)];
        assert_eq!(case.drain(&charges, case.start).await, quota);
    }
}

/// Fifty at once for five places.
pub async fn s24_parallel_takers_take_the_quota_and_no_more(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(5, 900)];
    let taken = at_once((0..50).map(|_| {
        let (case, charges) = (case.clone(), charges.clone());
        async move { case.take(&charges, case.start).await.refused_for }
    }))
    .await;
    assert_eq!(taken.iter().filter(|refused| refused.is_none()).count(), 5);
}

/// A millisecond before it is over nothing is granted, and when it is over, one.
pub async fn s24_the_stated_wait_is_true(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(5, 900)];
    case.drain(&charges, case.start).await;
    let wait = case.take(&charges, case.start).await.refused_for.unwrap();
    assert_eq!(wait, Span::from_secs(180));
    let early = case.take(&charges, case.after(179_999)).await;
    assert_eq!(early.refused_for, Some(Span::from_millis(1)));
    assert_eq!(case.drain(&charges, case.after(180_000)).await, 1);
    // After the whole window everything is there again.
    assert_eq!(case.drain(&charges, case.after(180_000 + 900_000)).await, 5);
}

/// However often one is refused meanwhile.
pub async fn s24_what_is_refused_is_not_counted(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(2, 10)];
    case.drain(&charges, case.start).await;
    for millis in [0, 1, 1_000, 4_999] {
        let taken = case.take(&charges, case.after(millis)).await;
        assert!(taken.refused_for.is_some(), "{millis}");
    }
    assert_eq!(case.drain(&charges, case.after(5_000)).await, 1);
}

/// Where one of them refuses, the others lose nothing.
pub async fn s24_several_charges_are_taken_all_or_none(port: LimiterPort) {
    let case = Case::new(port);
    let (wide, narrow) = (of_somebody(10, 60), of_somebody(2, 60));
    let both = [wide.clone(), narrow.clone()];
    assert_eq!(case.drain(&both, case.start).await, 2);
    let refused = case.take(&both, case.start).await;
    assert_eq!(refused.refused_for, Some(Span::from_secs(30)));
    assert_eq!(left(&refused.standings), [8, 0]);
    assert_eq!(case.drain(&[wide], case.start).await, 8);
}

/// As in "5 an hour, 10 a day": the day's runs out in the third hour.
pub async fn several_limits_of_one_rule_all_hold(port: LimiterPort) {
    let case = Case::new(port);
    let limits = [(5, 3_600), (8, 86_400)];
    let charges = [charge(LimitRule::SendEmail, somebody(), &limits)];
    assert_eq!(case.drain(&charges, case.start).await, 5);
    // Three of the day's are left; a part of one has come back within the hour.
    let hour = case.after(3_600_000);
    assert_eq!(case.drain(&charges, hour).await, 3);
    let refused = case.take(&charges, hour).await;
    let names: Vec<_> = refused.standings.iter().map(|s| &*s.policy).collect();
    assert_eq!(names, ["send-email-3600s", "send-email-86400s"]);
    assert_eq!(left(&refused.standings).last(), Some(&0));
    assert!(refused.refused_for.unwrap() > Span::from_secs(3_600));
}

/// The same subject under two rules, and two subjects under one rule.
pub async fn subjects_and_rules_have_counters_of_their_own(port: LimiterPort) {
    let case = Case::new(port);
    let one = of_somebody(1, 60);
    let mut other_rule = one.clone();
    other_rule.rule = LimitRule::SignupAddress;
    let other_subject = of_somebody(1, 60);
    for charge in [one, other_rule, other_subject] {
        assert_eq!(case.drain(&[charge], case.start).await, 1);
    }
}

/// Also when nothing is left to be taken.
pub async fn looking_takes_nothing(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(3, 30)];
    for _ in 0..5 {
        let looked = case.port.look(&charges, case.start).await.unwrap();
        assert_eq!(looked.refused_for, None);
        assert_eq!(left(&looked.standings), [3]);
    }
    assert_eq!(case.drain(&charges, case.start).await, 3);
    let looked = case.port.look(&charges, case.start).await.unwrap();
    assert_eq!(looked.refused_for, Some(Span::from_secs(10)));
}

/// Quota and window as they are, what is left, and until when.
pub async fn standings_tell_what_is_left(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [of_somebody(3, 30)];
    for (left, reset) in [(2, 10), (1, 20), (0, 10), (0, 10)] {
        let standing = case.take(&charges, case.start).await.standings.remove(0);
        assert_eq!(standing.policy, "login-address");
        assert_eq!((standing.quota, standing.window), (3, Span::from_secs(30)));
        assert_eq!(standing.remaining, left);
        assert_eq!(standing.reset, Span::from_secs(reset), "{left} left");
    }
}

/// And tells nothing.
pub async fn a_rule_without_limits_grants_everything(port: LimiterPort) {
    let case = Case::new(port);
    let charges = [charge(LimitRule::GeneralAddress, somebody(), &[])];
    for _ in 0..3 {
        let taken = case.take(&charges, case.start).await;
        assert_eq!((taken.refused_for, taken.standings.len()), (None, 0));
    }
}
