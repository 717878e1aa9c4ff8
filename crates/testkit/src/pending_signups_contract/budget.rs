//! Cases of the wrong guesses that an address has, over all its signups.

use kogents_domain::signup::{IssuedCode, TriedCode};
use kogents_domain::time::Span;

use super::support::{Case, SignupsPort, before, is_right, wrong};
use super::{BUDGET, POLICY};
use crate::builders::{real_now, unique_digest};

/// Uses an address's budget up by three codes, burnt one after the other. The first wrong guess
/// is at the signup's start.
async fn locked(port: &SignupsPort) -> Case {
    let case = Case::with_workspace(port).await;
    for secs in [0, 60, 120] {
        case.burn_a_code(case.at(secs)).await;
    }
    case
}

/// From the fifteenth wrong guess on no code is issued and none compared, not even the right one.
pub async fn s3_an_address_is_locked_after_its_wrong_guesses(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    case.burn_a_code(case.at(0)).await;
    case.burn_a_code(case.at(60)).await;
    let code = case.issued(case.at(120)).await;
    for left in [4, 3, 2, 1, 0] {
        assert_eq!(case.guess_wrong(case.at(121)).await, wrong(left));
    }
    let until = case.start.plus(BUDGET.window());
    assert_eq!(
        case.guess(code, case.at(122)).await,
        TriedCode::Locked {
            until,
            budget: BUDGET
        }
    );
    assert_eq!(
        case.issue(unique_digest(), case.at(300)).await,
        IssuedCode::Locked {
            until,
            budget: BUDGET
        }
    );
}

/// It is never permanent: a window after the first wrong guess all are forgotten.
pub async fn s3_the_lock_ends_with_the_window(port: SignupsPort) {
    let first = locked(&port).await;
    let until = first.start.plus(BUDGET.window());
    let later = Case::of_address(&port, first.address, first.at(3_600)).await;
    assert_eq!(
        later.issue(unique_digest(), before(until)).await,
        IssuedCode::Locked {
            until,
            budget: BUDGET
        }
    );
    let code = unique_digest();
    let issued = later.issue(code, until).await;
    assert!(
        matches!(
            issued,
            IssuedCode::Issued {
                attempts_remaining: 5,
                ..
            }
        ),
        "{issued:?}"
    );
    assert_eq!(later.guess_wrong(until).await, wrong(4));
    assert!(is_right(&later.guess(code, until).await));
}

/// The lesser of both is told, when a code is issued and at every guess.
pub async fn s3_the_address_may_leave_fewer_guesses_than_the_code(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    case.burn_a_code(case.at(0)).await;
    case.burn_a_code(case.at(60)).await;
    case.issued(case.at(120)).await;
    for left in [4, 3, 2] {
        assert_eq!(case.guess_wrong(case.at(121)).await, wrong(left));
    }
    let code = unique_digest();
    assert_eq!(
        case.issue(code, case.at(180)).await,
        IssuedCode::Issued {
            attempts_remaining: 2,
            expires_at: case.at(180).plus(POLICY.ttl),
            resend_available_at: case.at(180).plus(POLICY.resend_pause),
        }
    );
    for left in [1, 0] {
        assert_eq!(case.guess_wrong(case.at(181)).await, wrong(left));
    }
    let until = case.start.plus(BUDGET.window());
    assert_eq!(
        case.guess(code, case.at(182)).await,
        TriedCode::Locked {
            until,
            budget: BUDGET
        }
    );
}

/// A new signup of the address goes on counting, also when the one before is finished.
pub async fn s3_the_budget_spans_signups_finished_or_not(port: SignupsPort) {
    let address = unique_digest();
    let start = real_now();
    for n in 0..3 {
        let case = Case::of_address(&port, address, start.plus(Span::from_secs(n))).await;
        case.burn_a_code(case.start).await;
        if n == 0 {
            port.finish(case.key).await.unwrap();
        }
    }
    let fourth = Case::of_address(&port, address, start.plus(Span::from_secs(3))).await;
    assert_eq!(
        fourth.issue(unique_digest(), fourth.start).await,
        IssuedCode::Locked {
            until: start.plus(BUDGET.window()),
            budget: BUDGET,
        }
    );
}

/// Nobody locks anybody else out.
pub async fn s3_another_address_has_a_budget_of_its_own(port: SignupsPort) {
    locked(&port).await;
    let other = Case::with_workspace(&port).await;
    other.burn_a_code(other.at(0)).await;
    let code = other.issued(other.at(60)).await;
    assert!(is_right(&other.guess(code, other.at(61)).await));
}

/// Whatever the state of the code; but an unknown signup and a missing workspace go first.
pub async fn s3_a_lock_goes_before_every_check_of_a_code(port: SignupsPort) {
    let burnt = locked(&port).await;
    let until = burnt.start.plus(BUDGET.window());
    let now = burnt.at(180);
    // Burnt, expired, never issued.
    let expired = burnt.at(5_000);
    let without = Case::of_address(&port, burnt.address, now).await;
    for (case, now) in [(&burnt, now), (&burnt, expired), (&without, now)] {
        assert_eq!(
            case.guess_wrong(now).await,
            TriedCode::Locked {
                until,
                budget: BUDGET
            }
        );
    }
    // Within the pause after the last code, too.
    assert_eq!(
        burnt.issue(unique_digest(), burnt.at(121)).await,
        IssuedCode::Locked {
            until,
            budget: BUDGET
        }
    );
    let mut unknown = burnt.clone();
    unknown.key = unique_digest();
    assert_eq!(unknown.guess_wrong(now).await, TriedCode::Gone);

    let address = burnt.address;
    let homeless = crate::builders::a_new_pending().address(address).build();
    let mut case = burnt;
    case.key = homeless.key;
    port.create(homeless, now).await.unwrap();
    assert_eq!(
        case.issue(unique_digest(), now).await,
        IssuedCode::WorkspaceRequired
    );
}
