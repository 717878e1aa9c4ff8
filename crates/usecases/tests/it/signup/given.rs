//! A signup of Ada's, as the tests of signing up find it.

use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::SignupId;
use kogents_domain::session::Analytics;
use kogents_domain::signup::{
    MockPendingSignups, PendingEntry, PendingSignup, SignupToken, WorkspaceDraft,
};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Branding, Slug, WorkspaceName};
use mockall::predicate::eq;

use crate::support::{Bench, T0, address, language, name, password_hash, secs};

pub(super) fn token() -> SignupToken {
    SignupToken::parse("sgn_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc").unwrap()
}

/// The name the signup is kept under.
pub(super) fn key(bench: &Bench) -> Digest {
    bench.drafts(MockPendingSignups::new()).key(&token())
}

pub(super) fn expires_at() -> Timestamp {
    T0.plus(secs(80_000))
}

pub(super) fn signup_id() -> SignupId {
    SignupId::parse("0192f3c0-0004-7000-8000-000000000077").unwrap()
}

pub(super) fn draft(slug: &str) -> WorkspaceDraft {
    WorkspaceDraft {
        name: WorkspaceName::parse("Analytical Engines").unwrap(),
        slug: Slug::parse(slug).unwrap(),
        branding: Branding {
            company_name: Some("Engines Ltd".to_owned()),
            ..Branding::default()
        },
    }
}

pub(super) fn signup(workspace: Option<WorkspaceDraft>) -> PendingSignup {
    PendingSignup {
        id: signup_id(),
        email: address("Ada@Example.com"),
        name: name("Ada"),
        password_hash: password_hash(),
        analytics: Analytics {
            utm_source: Some("newsletter".to_owned()),
            ..Analytics::default()
        },
        language: language("de"),
        workspace,
    }
}

/// The signup as it is kept, sealed under its own name.
pub(super) fn entry(bench: &Bench, signup: &PendingSignup) -> PendingEntry {
    let drafts = bench.drafts(MockPendingSignups::new());
    PendingEntry {
        sealed: drafts.seal(&key(bench), signup),
        version: 1,
        expires_at: expires_at(),
        has_workspace: signup.workspace.is_some(),
        code_was_sent: false,
    }
}

/// A cache that has the signup, and is asked for it once.
pub(super) fn kept(bench: &Bench, signup: &PendingSignup) -> MockPendingSignups {
    loads(bench, Ok(Some(entry(bench, signup))))
}

/// A cache that is asked for the signup once and answers this.
pub(super) fn loads(
    bench: &Bench,
    answer: Result<Option<PendingEntry>, CacheError>,
) -> MockPendingSignups {
    let mut pending = MockPendingSignups::new();
    pending
        .expect_load()
        .with(eq(key(bench)), eq(T0))
        .times(1)
        .return_once(move |_, _| answer);
    pending
}

pub(super) fn away() -> CacheError {
    CacheError::Unavailable("away".to_owned())
}

/// Whether a text lies in the clear anywhere in the octets.
pub(super) fn shows(octets: &[u8], text: &str) -> bool {
    octets
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
