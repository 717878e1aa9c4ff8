//! Cases of what holds while a right code is being confirmed.

use kogents_domain::signup::{IssuedCode, Lease, Replaced, TriedCode};

use super::support::{Case, SignupsPort, before, is_right, wrong};
use crate::builders::unique_digest;

/// Nothing of it can be changed: no second confirmation, no other workspace, no other code.
pub async fn s8_a_leased_signup_waits_for_its_confirmation(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let start = case.at(100);
    case.lease(code, start).await;
    let until = start.plus(Lease::HOLDS);
    let kept = port.load(case.key, start).await.unwrap().unwrap();
    for now in [start, before(until)] {
        for guess in [code, unique_digest()] {
            assert_eq!(case.guess(guess, now).await, TriedCode::InProgress);
        }
        let replaced = port
            .set_workspace(case.key, kept.version, b"other".to_vec(), now)
            .await;
        assert_eq!(replaced, Ok(Replaced::Leased));
        assert_eq!(
            case.issue(unique_digest(), now).await,
            IssuedCode::TooSoon { until }
        );
        assert_eq!(port.load(case.key, now).await, Ok(Some(kept.clone())));
    }
    case.issued(until).await;
}

/// They were not compared.
pub async fn guesses_during_a_lease_do_not_count(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let lease = case.lease(code, case.at(1)).await;
    for _ in 0..20 {
        assert_eq!(case.guess_wrong(case.at(2)).await, TriedCode::InProgress);
    }
    port.release(case.key, lease).await.unwrap();
    assert_eq!(case.guess_wrong(case.at(3)).await, wrong(4));
}

/// Whoever held it died; the next right guess gets a lease of its own.
pub async fn an_expired_lease_may_be_taken_over(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let first = case.lease(code, case.at(1)).await;
    let over = case.at(1).plus(Lease::HOLDS);
    assert_eq!(case.guess(code, before(over)).await, TriedCode::InProgress);
    let second = case.lease(code, over).await;
    assert_ne!(first, second);
}

/// Something other than the code stood in the way: it is tried again at once.
pub async fn a_released_lease_leaves_the_code_good(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    for secs in 1..=20 {
        let lease = case.lease(code, case.at(secs)).await;
        port.release(case.key, lease).await.unwrap();
    }
    assert_eq!(case.guess_wrong(case.at(21)).await, wrong(4));
    let version = port
        .load(case.key, case.at(22))
        .await
        .unwrap()
        .unwrap()
        .version;
    let replaced = port
        .set_workspace(case.key, version, b"other".to_vec(), case.at(22))
        .await;
    assert_eq!(
        replaced,
        Ok(Replaced::Done {
            code_was_sent: true
        })
    );
}

/// The answer says what a wrong guess would have.
pub async fn a_failed_lease_counts_as_a_wrong_guess(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    assert_eq!(case.guess_wrong(case.at(1)).await, wrong(4));
    let lease = case.lease(code, case.at(2)).await;
    assert_eq!(port.fail(case.key, lease, case.at(2)).await, Ok(3));
    // The lease is given back.
    assert_eq!(case.guess_wrong(case.at(2)).await, wrong(2));
    assert!(is_right(&case.guess(code, case.at(2)).await));
}

/// Five of them are five wrong guesses.
pub async fn s2_failed_leases_burn_the_code(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    for left in [4, 3, 2, 1, 0] {
        let lease = case.lease(code, case.at(1)).await;
        assert_eq!(port.fail(case.key, lease, case.at(1)).await, Ok(left));
    }
    assert_eq!(case.guess(code, case.at(1)).await, TriedCode::Exhausted);
}

/// They count against the address, too.
pub async fn s3_failed_leases_use_the_budget_up(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    for secs in [0, 60, 120] {
        let code = case.issued(case.at(secs)).await;
        for left in [4, 3, 2, 1, 0] {
            let lease = case.lease(code, case.at(secs)).await;
            assert_eq!(port.fail(case.key, lease, case.at(secs)).await, Ok(left));
        }
    }
    let tried = case.guess_wrong(case.at(121)).await;
    assert!(matches!(tried, TriedCode::Locked { .. }), "{tried:?}");
}

/// Whoever was too slow cannot give the next one's lease back.
pub async fn a_stale_lease_frees_nothing(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let stale = case.lease(code, case.at(1)).await;
    let now = case.at(20);
    let current = case.lease(code, now).await;
    port.release(case.key, stale).await.unwrap();
    assert_eq!(case.guess(code, now).await, TriedCode::InProgress);
    port.fail(case.key, stale, now).await.unwrap();
    assert_eq!(case.guess(code, now).await, TriedCode::InProgress);
    port.release(case.key, current).await.unwrap();
    assert!(is_right(&case.guess(code, now).await));
}

/// For everybody, also for whoever holds a lease on it.
pub async fn a_finished_signup_is_gone(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let lease = case.lease(code, case.at(1)).await;
    port.finish(case.key).await.unwrap();
    assert_eq!(port.load(case.key, case.at(1)).await, Ok(None));
    assert_eq!(case.guess(code, case.at(1)).await, TriedCode::Gone);
    assert_eq!(case.issue(code, case.at(61)).await, IssuedCode::Gone);
    port.release(case.key, lease).await.unwrap();
    assert_eq!(port.load(case.key, case.at(1)).await, Ok(None));
    port.finish(case.key).await.unwrap();
}
