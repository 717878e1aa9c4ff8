//! The contract that every keeper of rate limits keeps, as a suite of named tests.
//!
//! ```ignore
//! async fn fresh_rate_limiter() -> Arc<dyn RateLimiter> {
//!     Arc::new(MemoryRateLimiter::new(10_000))
//! }
//!
//! kogents_testkit::rate_limiter_contract!(fresh_rate_limiter);
//! ```
//!
//! The maker may give an `Arc` of the port, a [`Subject`](crate::subject::Subject), or an
//! `Option` of one, where `None` skips the case. The cases pass moments and do not wait.

pub mod forgetting;
pub mod giving_back;
pub mod support;
pub mod taking;

use kogents_domain::limits::{Limit, LimitRule, LimitRules, RateLimiter};
use kogents_domain::session::SessionStates;
use kogents_domain::time::Span;

use crate::builders::real_now;
use crate::session_states_contract::{a_snapshot, request_of};

/// Makes a test of every case that a keeper of rate limits must pass. See
/// [`rate_limiter_contract`](self).
#[macro_export]
macro_rules! rate_limiter_contract {
    ($maker:path) => {
        $crate::contract_cases!($maker() => rate_limiter_contract::taking {
            s24_a_burst_takes_the_quota_and_no_more,
            s24_parallel_takers_take_the_quota_and_no_more,
            s24_the_stated_wait_is_true,
            s24_what_is_refused_is_not_counted,
            s24_several_charges_are_taken_all_or_none,
            several_limits_of_one_rule_all_hold,
            subjects_and_rules_have_counters_of_their_own,
            looking_takes_nothing,
            standings_tell_what_is_left,
            a_rule_without_limits_grants_everything,
        });
        $crate::contract_cases!($maker() => rate_limiter_contract::giving_back {
            what_is_given_back_can_be_taken_again,
            giving_back_never_grants_more_than_the_quota,
            a_cleared_counter_is_empty,
            s24_parallel_giving_back_loses_none,
        });
        $crate::contract_cases!($maker() => rate_limiter_contract::forgetting {
            an_account_s_counters_are_emptied_and_no_others,
        });
    };
}

/// The requests that a session's state counts and those that the limiter beside it counts for the
/// session are the same.
///
/// # Panics
/// When they are not.
pub async fn counts_together(limiter: &dyn RateLimiter, states: &dyn SessionStates) {
    let limits = [Limit::new(3, Span::from_secs(60))];
    let rules = LimitRules::off().with(LimitRule::GeneralSession, limits);
    let now = real_now();
    let touching = request_of(&a_snapshot(now), &rules, now);
    for left in [2, 1] {
        let taken = states.touch(&touching).await.unwrap().taken.unwrap();
        assert_eq!(
            (taken.refused_for, support::left(&taken.standings)),
            (None, vec![left])
        );
    }
    let charge = std::slice::from_ref(&touching.charge);
    assert_eq!(limiter.take(charge, now).await.unwrap().refused_for, None);
    let touched = states.touch(&touching).await.unwrap();
    let taken = touched.taken.unwrap();
    assert_eq!(taken.refused_for, Some(Span::from_secs(20)));
    assert_eq!(support::left(&taken.standings), [0]);
}
