//! Sealing and opening pending signups.

use kogents_domain::digest::SealPurpose;
use kogents_domain::signup::{MockPendingSignups, PendingEntry, SignupToken};
use kogents_usecases::signup::DraftError;

use super::given::{away, draft, entry, kept, key, loads, signup, token};
use crate::support::{Bench, T0};

#[tokio::test]
async fn a_signup_opens_under_its_own_token() {
    let bench = Bench::new();
    let signup = signup(Some(draft("engines")));
    let drafts = bench.drafts(kept(&bench, &signup));

    let open = drafts.load(&token(), T0).await.unwrap();

    assert_eq!(open.key, key(&bench));
    assert_eq!(open.signup, signup);
    assert_eq!(open.entry, entry(&bench, &signup));
}

#[tokio::test]
async fn an_unknown_signup_is_not_found() {
    let bench = Bench::new();
    let drafts = bench.drafts(loads(&bench, Ok(None)));
    assert_eq!(drafts.load(&token(), T0).await, Err(DraftError::NotFound));
}

#[tokio::test]
async fn s9_what_does_not_open_is_answered_as_unknown_and_left_where_it_is() {
    let bench = Bench::new();
    let genuine = entry(&bench, &signup(None));
    let other = SignupToken::parse("sgn_other").unwrap();
    let drafts = bench.drafts(MockPendingSignups::new());
    let swapped = drafts.seal(&drafts.key(&other), &signup(None));
    let mut altered = genuine.sealed.clone();
    *altered.last_mut().unwrap() ^= 1;
    let for_mail = bench
        .sealer()
        .seal(SealPurpose::Mail, key(&bench).as_bytes(), b"{}");
    let no_signup = bench
        .sealer()
        .seal(SealPurpose::PendingSignup, key(&bench).as_bytes(), b"{}");
    for sealed in [swapped, altered, for_mail, no_signup, Vec::new()] {
        let entry = PendingEntry {
            sealed,
            ..genuine.clone()
        };
        // Any other call, one that deletes above all, would be a panic of the mock.
        let drafts = bench.drafts(loads(&bench, Ok(Some(entry))));
        assert_eq!(drafts.load(&token(), T0).await, Err(DraftError::NotFound));
    }
}

#[tokio::test]
async fn a_cache_that_is_away_is_told() {
    let bench = Bench::new();
    let drafts = bench.drafts(loads(&bench, Err(away())));
    assert_eq!(
        drafts.load(&token(), T0).await,
        Err(DraftError::Cache(away()))
    );
}
