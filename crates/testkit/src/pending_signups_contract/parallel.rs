//! Cases of many callers at one moment. No limit stands in their way here: the port counts codes
//! and addresses only.

use std::sync::Arc;

use kogents_domain::digest::Digest;
use kogents_domain::signup::{IssuedCode, Replaced, TriedCode};

use super::POLICY;
use super::support::{Case, SignupsPort, is_right, is_wrong, wrong};
use crate::builders::{real_now, unique_digest};
use crate::parallel::at_once;

async fn guess_at_once(guesses: impl IntoIterator<Item = (Case, Digest)>) -> Vec<TriedCode> {
    at_once(guesses.into_iter().map(|(case, code)| async move {
        let now = case.at(1);
        case.guess(code, now).await
    }))
    .await
}

/// Wrong and right ones mixed: what is compared is at most what the code allows, and the right
/// one counts at most once. In every round, whichever comes first.
pub async fn s2_two_hundred_parallel_guesses_compare_at_most_five(port: SignupsPort) {
    for right_share in [2, 20, 100] {
        let case = Case::with_workspace(&port).await;
        let code = case.issued(case.at(0)).await;
        let guesses = (1..=200).map(|n| {
            let guess = if n % right_share == 0 {
                code
            } else {
                unique_digest()
            };
            (case.clone(), guess)
        });
        let tried = guess_at_once(guesses).await;
        let right = tried.iter().filter(|tried| is_right(tried)).count();
        let wrong = tried.iter().filter(|tried| is_wrong(tried)).count();
        assert!(right <= 1, "{right} were right");
        assert!(right + wrong <= 5, "{right} right and {wrong} wrong");
        assert!(right + wrong >= 1, "none was compared");
        // Burnt, or being confirmed: afterwards no further guess is compared.
        let after = case.guess(code, case.at(1)).await;
        let expected = if right == 1 {
            TriedCode::InProgress
        } else {
            TriedCode::Exhausted
        };
        assert_eq!(after, expected);
    }
}

/// Five are told what is left, each another number; the rest that nothing is.
pub async fn s2_parallel_wrong_guesses_are_each_counted_once(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    case.issued(case.at(0)).await;
    let guesses = (0..200).map(|_| (case.clone(), unique_digest()));
    let tried = guess_at_once(guesses).await;
    for left in 0..POLICY.max_attempts {
        let told = tried.iter().filter(|tried| **tried == wrong(left)).count();
        assert_eq!(told, 1, "told that {left} are left");
    }
    let exhausted = tried
        .iter()
        .filter(|tried| **tried == TriedCode::Exhausted)
        .count();
    assert_eq!(exhausted, 195);
}

/// Five signups of one address have twenty-five attempts, and the address fifteen.
pub async fn s3_parallel_guesses_over_signups_stop_at_the_budget(port: SignupsPort) {
    let (address, start) = (unique_digest(), real_now());
    let mut cases = Vec::new();
    for _ in 0..5 {
        let case = Case::of_address(&port, address, start).await;
        case.issued(start).await;
        cases.push(case);
    }
    let guesses = (0..20).flat_map(|_| cases.iter().map(|case| (case.clone(), unique_digest())));
    let tried = guess_at_once(guesses).await;
    let wrong = tried.iter().filter(|tried| is_wrong(tried)).count();
    assert_eq!(wrong, 15);
    for case in &cases {
        let after = case.guess_wrong(case.at(2)).await;
        assert!(matches!(after, TriedCode::Locked { .. }), "{after:?}");
    }
}

/// One gets the lease, the others are told that somebody is at work.
pub async fn s8_fifty_parallel_right_codes_give_one_lease(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(0)).await;
    let tried = guess_at_once((0..50).map(|_| (case.clone(), code))).await;
    assert_eq!(tried.iter().filter(|tried| is_right(tried)).count(), 1);
    let waiting = tried
        .iter()
        .filter(|tried| **tried == TriedCode::InProgress)
        .count();
    assert_eq!(waiting, 49);
}

/// One replaces the contents, the others have to load again.
pub async fn s8_parallel_choices_of_a_workspace_succeed_once(port: SignupsPort) {
    let case = Case::begun(&port).await;
    let (key, now) = (case.key, case.at(1));
    let version = port.load(key, now).await.unwrap().unwrap().version;
    let results = at_once((0..50_u8).map(|n| {
        let port = Arc::clone(&port);
        async move {
            port.set_workspace(key, version, vec![n], now)
                .await
                .unwrap()
        }
    }))
    .await;
    let done: Vec<u8> = (0_u8..)
        .zip(&results)
        .filter(|(_, result)| matches!(result, Replaced::Done { .. }))
        .map(|(n, _)| n)
        .collect();
    assert_eq!(done.len(), 1);
    let moved = results.iter().filter(|result| **result == Replaced::Moved);
    assert_eq!(moved.count(), 49);
    assert_eq!(port.load(key, now).await.unwrap().unwrap().sealed, done);
}

/// One code is issued, and it is the one that counts.
pub async fn parallel_codes_issue_once(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let results = at_once((0..50).map(|_| {
        let case = case.clone();
        async move {
            let code = unique_digest();
            let issued = case.issue(code, case.at(0)).await;
            matches!(issued, IssuedCode::Issued { .. }).then_some(code)
        }
    }))
    .await;
    let codes: Vec<Digest> = results.into_iter().flatten().collect();
    let [code] = codes.as_slice() else {
        panic!("{} codes were issued", codes.len());
    };
    assert!(is_right(&case.guess(*code, case.at(1)).await));
}
