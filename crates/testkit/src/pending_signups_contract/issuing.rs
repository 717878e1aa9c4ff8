//! Cases of issuing codes.

use kogents_domain::signup::{IssuedCode, TriedCode};
use kogents_domain::time::Span;

use super::POLICY;
use super::support::{Case, SignupsPort, before, is_right, wrong};
use crate::builders::unique_digest;

/// And nothing has begun by that: no pause, no step.
pub async fn s8_without_a_workspace_no_code_is_issued(port: SignupsPort) {
    let case = Case::begun(&port).await;
    let code = unique_digest();
    assert_eq!(
        case.issue(code, case.at(1)).await,
        IssuedCode::WorkspaceRequired
    );
    assert!(!case.code_was_sent(case.at(1)).await);
    assert_eq!(case.guess(code, case.at(1)).await, TriedCode::NoCode);

    let version = port
        .load(case.key, case.at(1))
        .await
        .unwrap()
        .unwrap()
        .version;
    port.set_workspace(case.key, version, b"chosen".to_vec(), case.at(1))
        .await
        .unwrap();
    case.issued(case.at(1)).await;
}

/// Attempts, the code's end, the end of the pause; the signup has sent a code from now on.
pub async fn an_issued_code_says_how_long_it_is_good(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    assert!(!case.code_was_sent(case.at(7)).await);
    assert_eq!(
        case.issue(unique_digest(), case.at(7)).await,
        IssuedCode::Issued {
            attempts_remaining: POLICY.max_attempts,
            expires_at: case.at(7).plus(POLICY.ttl),
            resend_available_at: case.at(7).plus(POLICY.resend_pause),
        }
    );
    assert!(case.code_was_sent(case.at(7)).await);
    // It stays so when the code is long over.
    assert!(case.code_was_sent(case.at(7_000)).await);
}

/// The code before stays good while another one has to wait.
pub async fn another_code_has_to_wait_for_the_pause(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let until = case.start.plus(POLICY.resend_pause);
    for now in [case.at(0), case.at(30), before(until)] {
        assert_eq!(
            case.issue(unique_digest(), now).await,
            IssuedCode::TooSoon { until }
        );
    }
    let tried = case.guess(code, case.at(31)).await;
    let TriedCode::Right { lease, .. } = tried else {
        panic!("the code was lost: {tried:?}");
    };
    port.release(case.key, lease).await.unwrap();
    case.issued(until).await;
}

/// The old code is a wrong guess like any other.
pub async fn s4_a_new_code_voids_the_one_before(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let old = case.issued(case.at(0)).await;
    let new = case.issued(case.at(60)).await;
    assert_eq!(case.guess(old, case.at(61)).await, wrong(4));
    assert!(is_right(&case.guess(new, case.at(62)).await));
}

/// To its last millisecond.
pub async fn s4_a_code_is_good_until_its_end(port: SignupsPort) {
    let end = Case::with_workspace(&port).await;
    let code = end.issued(end.start).await;
    let over = end.start.plus(POLICY.ttl);
    assert_eq!(end.guess(code, over).await, TriedCode::NoCode);
    assert!(is_right(&end.guess(code, before(over)).await));
}

/// A code that is issued late says when it really ends.
pub async fn a_code_does_not_outlive_its_signup(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let late = case.ends_at.minus(Span::from_secs(100));
    let issued = case.issue(unique_digest(), late).await;
    let IssuedCode::Issued { expires_at, .. } = issued else {
        panic!("not issued: {issued:?}");
    };
    assert_eq!(expires_at, case.ends_at);
}

/// Two signups of one address have a code each.
pub async fn s1_a_code_counts_for_its_own_signup_only(port: SignupsPort) {
    let address = unique_digest();
    let start = crate::builders::real_now();
    let one = Case::of_address(&port, address, start).await;
    let other = Case::of_address(&port, address, start).await;
    let (of_one, of_other) = (one.issued(start).await, other.issued(start).await);
    assert_eq!(one.guess(of_other, start).await, wrong(4));
    assert_eq!(other.guess(of_one, start).await, wrong(4));
    assert!(is_right(&one.guess(of_one, start).await));
    assert!(is_right(&other.guess(of_other, start).await));
}
