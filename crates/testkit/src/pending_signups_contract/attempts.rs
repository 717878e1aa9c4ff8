//! Cases of guessing at one code.

use kogents_domain::signup::{IssuedCode, TriedCode};

use super::POLICY;
use super::support::{Case, SignupsPort, before, is_right, wrong};
use crate::builders::unique_digest;

/// The answer carries the signup as it is kept.
pub async fn a_right_code_gives_the_signup(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let kept = port.load(case.key, case.at(1)).await.unwrap().unwrap();
    let tried = case.guess(code, case.at(1)).await;
    let TriedCode::Right { entry, .. } = tried else {
        panic!("not right: {tried:?}");
    };
    assert_eq!(entry, kept);
    assert!(entry.has_workspace && entry.code_was_sent);
    assert_eq!(entry.sealed, b"chosen");
    assert_eq!(entry.expires_at, case.ends_at);
}

/// And guessing costs nothing then.
pub async fn without_a_code_none_is_right(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    for _ in 0..20 {
        assert_eq!(case.guess_wrong(case.at(1)).await, TriedCode::NoCode);
    }
    let code = unique_digest();
    assert_eq!(
        case.issue(code, case.at(2)).await,
        IssuedCode::Issued {
            attempts_remaining: POLICY.max_attempts,
            expires_at: case.at(2).plus(POLICY.ttl),
            resend_available_at: case.at(2).plus(POLICY.resend_pause),
        }
    );
}

/// The fifth says that none is left; from then on not even the right code counts.
pub async fn s2_wrong_guesses_burn_the_code(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    for left in [4, 3, 2, 1, 0] {
        assert_eq!(case.guess_wrong(case.at(1)).await, wrong(left));
    }
    for guess in [code, unique_digest(), code] {
        assert_eq!(case.guess(guess, case.at(2)).await, TriedCode::Exhausted);
    }
}

/// Until its end it is burnt, then there is none.
pub async fn a_burnt_code_ends_like_any_other(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    case.burn_a_code(case.start).await;
    let over = case.start.plus(POLICY.ttl);
    assert_eq!(case.guess_wrong(before(over)).await, TriedCode::Exhausted);
    assert_eq!(case.guess_wrong(over).await, TriedCode::NoCode);
}

/// Attempts begin anew with every code; what was guessed at the one before stays the address's.
pub async fn a_new_code_has_attempts_of_its_own(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    case.burn_a_code(case.at(0)).await;
    let code = case.issued(case.at(60)).await;
    assert_eq!(case.guess_wrong(case.at(61)).await, wrong(4));
    assert!(is_right(&case.guess(code, case.at(62)).await));
}
