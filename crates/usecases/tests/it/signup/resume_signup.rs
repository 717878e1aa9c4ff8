//! Telling how far a signup has come.

use kogents_domain::signup::{MockPendingSignups, PendingEntry, SignupStep};
use kogents_usecases::signup::{ResumeSignup, ResumeSignupError};

use super::given::{away, draft, entry, expires_at, loads, signup, token};
use crate::support::{Bench, address, name, secs};

fn resume(bench: &Bench, pending: MockPendingSignups) -> ResumeSignup {
    ResumeSignup {
        drafts: bench.drafts(pending),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn each_step_is_told_with_what_is_known_by_then() {
    for (workspace, code_was_sent, step) in [
        (None, false, SignupStep::Signup),
        (Some(draft("engines")), false, SignupStep::WorkspaceCreated),
        (Some(draft("engines")), true, SignupStep::EmailSent),
    ] {
        let bench = Bench::new();
        let signup = signup(workspace.clone());
        let entry = PendingEntry {
            code_was_sent,
            ..entry(&bench, &signup)
        };

        let resumed = resume(&bench, loads(&bench, Ok(Some(entry))))
            .run(token())
            .await
            .unwrap();

        assert_eq!(resumed.step, step);
        assert_eq!(resumed.name, name("Ada"));
        assert_eq!(resumed.email, address("ada@example.com"));
        assert_eq!(resumed.workspace, workspace);
        assert_eq!(resumed.expires_at, expires_at());
        assert_eq!(resumed.remaining, secs(80_000));
    }
}

#[tokio::test]
async fn a_signup_that_is_not_there_is_not_found() {
    let bench = Bench::new();
    let refused = resume(&bench, loads(&bench, Ok(None))).run(token()).await;
    assert_eq!(refused, Err(ResumeSignupError::NotFound));
}

#[tokio::test]
async fn a_cache_that_is_away_is_told() {
    let bench = Bench::new();
    let refused = resume(&bench, loads(&bench, Err(away())))
        .run(token())
        .await;
    assert_eq!(refused, Err(ResumeSignupError::Cache(away())));
}
