//! Cases of an address that has several budgets of wrong guesses.

use kogents_domain::digest::Digest;
use kogents_domain::limits::Limit;
use kogents_domain::signup::{CodePolicy, GuessBudgets, IssuedCode, TriedCode};
use kogents_domain::time::{Span, Timestamp};

use super::POLICY;
use super::support::{Case, SignupsPort, before, is_right, is_wrong, wrong};
use crate::builders::{real_now, unique_digest};
use crate::parallel::at_once;

/// Fewer than a code has attempts.
const SHORT: Limit = Limit::new(4, Span::from_secs(3_600));
const LONG: Limit = Limit::new(6, Span::from_secs(86_400));

/// The policy that the maker is given.
///
/// # Panics
/// Never: there are two budgets.
#[must_use]
pub fn policy() -> CodePolicy {
    CodePolicy {
        address_budgets: GuessBudgets::of(&[SHORT, LONG]).expect("two budgets"),
        ..POLICY
    }
}

/// What is said of a new code that leaves so many guesses.
const fn issued(attempts_remaining: u32, now: Timestamp) -> IssuedCode {
    IssuedCode::Issued {
        attempts_remaining,
        expires_at: now.plus(POLICY.ttl),
        resend_available_at: now.plus(POLICY.resend_pause),
    }
}

/// Neither a right guess is compared nor a code issued, because of this budget.
async fn assert_locked(case: &Case, code: Digest, now: Timestamp, until: Timestamp, budget: Limit) {
    let tried = case.guess(code, now).await;
    assert_eq!(tried, TriedCode::Locked { until, budget });
    let again = case.issue(unique_digest(), now).await;
    assert_eq!(again, IssuedCode::Locked { until, budget });
}

/// So many wrong guesses, at a fresh signup of the address; gives it and its code.
async fn guessed_wrong(
    port: &SignupsPort,
    address: Digest,
    now: Timestamp,
    guesses: u32,
) -> (Case, Digest) {
    let case = Case::of_address(port, address, now).await;
    let code = case.issued(now).await;
    for _ in 0..guesses {
        let tried = case.guess_wrong(now).await;
        assert!(is_wrong(&tried), "{tried:?}");
    }
    (case, code)
}

/// Until its window is over; the longer one has counted what it did meanwhile.
pub async fn s3_the_shorter_budget_locks_first_and_comes_back(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = unique_digest();
    let start = case.start;
    assert_eq!(case.issue(code, start).await, issued(4, start));
    for (secs, left) in [(0, 3), (1, 2), (2, 1), (3, 0)] {
        assert_eq!(case.guess_wrong(case.at(secs)).await, wrong(left));
    }
    let until = start.plus(SHORT.window());
    assert_locked(&case, code, case.at(60), until, SHORT).await;
    assert_locked(&case, code, before(until), until, SHORT).await;

    let code = unique_digest();
    assert_eq!(case.issue(code, until).await, issued(2, until));
    assert_eq!(case.guess_wrong(until).await, wrong(1));
    assert!(is_right(&case.guess(code, until).await));
}

/// It goes on counting when the shorter one begins again, and locks until its own window is over.
pub async fn s3_the_longer_budget_locks_longer(port: SignupsPort) {
    let (first, _) = guessed_wrong(&port, unique_digest(), real_now(), 4).await;
    let (address, start) = (first.address, first.start);
    let second_hour = start.plus(SHORT.window());
    let (case, code) = guessed_wrong(&port, address, second_hour, 2).await;
    let until = start.plus(LONG.window());
    assert_locked(&case, code, case.at(60), until, LONG).await;
    // The shorter one has room again, which does not help.
    assert_locked(&case, code, case.at(3_600), until, LONG).await;
    assert_locked(&case, code, before(until), until, LONG).await;
    assert_eq!(case.issue(unique_digest(), until).await, issued(4, until));
}

/// Whichever that is, and the address is free when it has come back.
pub async fn s3_of_two_used_up_budgets_the_last_to_come_back_locks(port: SignupsPort) {
    // Two guesses open the longer window; four open a shorter one and use both up.
    for (later_secs, last) in [(3_600, LONG), (84_600, SHORT)] {
        let (first, _) = guessed_wrong(&port, unique_digest(), real_now(), 2).await;
        let (address, later) = (first.address, first.at(later_secs));
        let (case, code) = guessed_wrong(&port, address, later, 4).await;
        let short_ends = later.plus(SHORT.window());
        let long_ends = first.start.plus(LONG.window());
        let until = short_ends.max(long_ends);
        let other = short_ends.min(long_ends);
        for now in [later, before(other), other, before(until)] {
            assert_locked(&case, code, now, until, last).await;
        }
        assert_eq!(case.issue(unique_digest(), until).await, issued(4, until));
    }
}

/// As a wrong guess does.
pub async fn s3_a_failed_lease_counts_against_every_budget(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let start = case.start;
    let code = case.issued(start).await;
    for left in [3, 2, 1, 0] {
        let lease = case.lease(code, start).await;
        assert_eq!(port.fail(case.key, lease, start).await, Ok(left));
    }
    let until = start.plus(SHORT.window());
    assert_locked(&case, code, case.at(60), until, SHORT).await;
    let code = case.issued(until).await;
    for left in [1, 0] {
        let lease = case.lease(code, until).await;
        assert_eq!(port.fail(case.key, lease, until).await, Ok(left));
    }
    let day = start.plus(LONG.window());
    assert_locked(&case, code, until.plus(POLICY.resend_pause), day, LONG).await;
}

/// Each of them.
pub async fn s3_budgets_span_signups_and_leave_other_addresses_alone(port: SignupsPort) {
    let (address, start) = (unique_digest(), real_now());
    let (first, _) = guessed_wrong(&port, address, start, 3).await;
    port.finish(first.key).await.unwrap();
    let (second, code) = guessed_wrong(&port, address, start, 1).await;
    let until = start.plus(SHORT.window());
    for case in [second, Case::of_address(&port, address, start).await] {
        assert_locked(&case, code, start, until, SHORT).await;
    }
    let other = Case::with_workspace(&port).await;
    let now = other.start;
    assert_eq!(other.issue(unique_digest(), now).await, issued(4, now));
}

/// Four in the first hour and two in the next, however many signups there are and guess at once.
pub async fn s3_parallel_guesses_stop_at_each_budget(port: SignupsPort) {
    let (address, start) = (unique_digest(), real_now());
    let next_hour = start.plus(SHORT.window());
    let day = start.plus(LONG.window());
    for (now, allowed, until, budget) in [(start, 4, next_hour, SHORT), (next_hour, 2, day, LONG)] {
        let mut cases = Vec::new();
        for _ in 0..3 {
            let case = Case::of_address(&port, address, now).await;
            case.issued(now).await;
            cases.push(case);
        }
        let guesses = (0..20).flat_map(|_| cases.iter().cloned());
        let tried = at_once(guesses.map(|case| async move { case.guess_wrong(now).await })).await;
        let compared = tried.iter().filter(|tried| is_wrong(tried)).count();
        assert_eq!(compared, allowed);
        let locked = TriedCode::Locked { until, budget };
        let refused = tried.iter().filter(|tried| **tried == locked).count();
        assert_eq!(refused, 60 - allowed);
    }
}

/// Those of another address stay.
pub async fn forgotten_guesses_are_in_no_budget(port: SignupsPort) {
    let now = real_now();
    let [own, other] = [unique_digest(), unique_digest()];
    for address in [own, other] {
        guessed_wrong(&port, address, now, 4).await;
    }
    port.forget_guesses(own).await.unwrap();
    let case = Case::of_address(&port, own, now).await;
    assert_eq!(case.issue(unique_digest(), now).await, issued(4, now));
    let case = Case::of_address(&port, other, now).await;
    let locked = case.issue(unique_digest(), now).await;
    assert!(matches!(locked, IssuedCode::Locked { .. }), "{locked:?}");
}
