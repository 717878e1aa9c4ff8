//! Making and reading the tokens that mailed links carry.

use kogents_domain::auth::{OneTimeToken, TokenPurpose};
use kogents_domain::ids::OneTimeTokenId;
use kogents_testkit::builders::unique_id;
use kogents_usecases::auth::{EmailChange, ReportedSession};

use crate::support::{Bench, T0, ada_id, address, session_id};

fn change() -> EmailChange {
    EmailChange {
        email: address("ada@example.org"),
        asked_by: session_id(1),
    }
}

#[test]
fn s5_of_a_token_only_its_digest_is_kept_for_as_long_as_its_purpose_lets_it_live() {
    let tokens = Bench::new().tokens();
    for purpose in TokenPurpose::ALL {
        for user in [Some(ada_id()), None] {
            let (token, kept) = tokens.issue(purpose, user, T0);

            let expected = OneTimeToken {
                id: kept.id,
                purpose,
                digest: tokens.digest(&token),
                user_id: user,
                workspace_id: None,
                payload: None,
                created_at: T0,
                expires_at: T0.plus(purpose.lifetime()),
            };
            assert_eq!(kept, expected);
            let secret = token.secret().expose().as_bytes();
            assert_ne!(kept.digest.as_bytes(), secret);
        }
    }
}

#[test]
fn no_two_tokens_have_one_id_or_one_digest() {
    let tokens = Bench::new().tokens();
    let (one, first) = tokens.issue(TokenPurpose::NotMe, None, T0);
    let (other, second) = tokens.issue(TokenPurpose::NotMe, None, T0);
    assert_ne!(one, other);
    assert_ne!(first.id, second.id);
    assert_ne!(first.digest, second.digest);
}

#[test]
fn s5_what_a_token_is_about_rests_sealed_and_opens_again() {
    let tokens = Bench::new().tokens();
    let purpose = TokenPurpose::ConfirmEmail;
    let (_, kept) = tokens.issue_about(purpose, ada_id(), &change(), T0);

    assert_eq!(kept.user_id, Some(ada_id()));
    let sealed = kept.payload.as_deref().unwrap();
    let secret = b"ada@example.org";
    assert!(!sealed.windows(secret.len()).any(|part| part == secret));
    assert_eq!(tokens.about(&kept), Some(change()));
}

#[test]
fn what_is_missing_altered_moved_or_of_another_kind_says_nothing() {
    let tokens = Bench::new().tokens();
    let purpose = TokenPurpose::ConfirmEmail;
    let (_, kept) = tokens.issue_about(purpose, ada_id(), &change(), T0);
    let missing = OneTimeToken {
        payload: None,
        ..kept.clone()
    };
    let mut altered = kept.clone();
    *altered.payload.as_mut().unwrap().last_mut().unwrap() ^= 1;
    let moved = OneTimeToken {
        id: OneTimeTokenId::from_uuid(unique_id()),
        ..kept.clone()
    };
    for unreadable in [missing, altered, moved] {
        assert_eq!(tokens.about::<EmailChange>(&unreadable), None);
    }
    assert_eq!(tokens.about::<ReportedSession>(&kept), None);
}
