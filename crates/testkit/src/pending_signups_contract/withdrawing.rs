//! Cases of taking a code back whose mail could not be queued.

use kogents_domain::signup::{IssuedCode, TriedCode};

use super::support::{Case, SignupsPort, is_right};
use crate::builders::unique_digest;

/// As if it had never been issued.
pub async fn a_withdrawn_code_counts_no_longer_and_starts_no_pause(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let now = case.at(1);
    let code = case.issued(now).await;
    case.withdraw(code, now).await;
    assert!(!case.code_was_sent(now).await);
    assert_eq!(case.guess(code, now).await, TriedCode::NoCode);
    // At the very same moment another one may be issued.
    let next = case.issued(now).await;
    assert!(case.code_was_sent(now).await);
    assert!(is_right(&case.guess(next, now).await));
}

/// A code was sent before, so the step stays; the first code is void all the same.
pub async fn withdrawing_a_second_code_remembers_the_first(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let first = case.issued(case.at(0)).await;
    let second = case.issued(case.at(60)).await;
    case.withdraw(second, case.at(60)).await;
    assert!(case.code_was_sent(case.at(60)).await);
    for code in [first, second] {
        assert_eq!(case.guess(code, case.at(61)).await, TriedCode::NoCode);
    }
    let third = case.issued(case.at(61)).await;
    assert!(is_right(&case.guess(third, case.at(62)).await));
}

/// A newer code was issued meanwhile; it and its pause stay.
pub async fn withdrawing_an_older_code_changes_nothing(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let old = case.issued(case.at(0)).await;
    let new = case.issued(case.at(60)).await;
    case.withdraw(old, case.at(0)).await;
    case.withdraw(unique_digest(), case.at(60)).await;
    assert!(case.code_was_sent(case.at(61)).await);
    assert_eq!(
        case.issue(unique_digest(), case.at(61)).await,
        IssuedCode::TooSoon {
            until: case.at(120)
        }
    );
    assert!(is_right(&case.guess(new, case.at(62)).await));
}
