//! Choosing the workspace of a signup.

use kogents_domain::limits::LimitLedger;
use kogents_domain::signup::{
    MockPendingSignups, PendingEntry, PendingSignup, Replaced, SignupStep,
};
use kogents_domain::store::Scope;
use kogents_domain::workspace::Workspace;
use kogents_usecases::signup::{
    ChooseWorkspace, ChooseWorkspaceCommand, ChooseWorkspaceError, WorkspaceChosen,
};
use mockall::predicate::eq;

use super::given::{away, draft, entry, expires_at, kept, key, loads, signup, token};
use crate::support::{Bench, Slot, T0, address, lost, name, workspace};

fn choose(bench: &Bench, pending: MockPendingSignups) -> ChooseWorkspace {
    ChooseWorkspace {
        limits: bench.limits(),
        drafts: bench.drafts(pending),
        store: bench.store(),
        clock: bench.clock(),
    }
}

fn command() -> ChooseWorkspaceCommand {
    ChooseWorkspaceCommand {
        token: token(),
        workspace: draft("engines"),
        ledger: LimitLedger::default(),
    }
}

/// The slug is looked up once.
fn slug_has(bench: &Bench, found: Option<Workspace>) {
    bench.reads(Scope::System, |unit| {
        unit.workspaces
            .expect_find_by_slug()
            .with(eq(draft("engines").slug))
            .times(1)
            .return_once(|_| Ok(found));
    });
}

/// The contents of this version are replaced, with this outcome.
fn replaces(
    pending: &mut MockPendingSignups,
    bench: &Bench,
    version: u64,
    outcome: Replaced,
) -> Slot<Vec<u8>> {
    let sealed = Slot::new();
    let put = sealed.clone();
    pending
        .expect_set_workspace()
        .withf({
            let key = key(bench);
            move |given, at, _, now| (*given, *at, *now) == (key, version, T0)
        })
        .times(1)
        .returning(move |_, _, contents, _| {
            put.put(contents);
            Ok(outcome)
        });
    sealed
}

fn opened(bench: &Bench, sealed: Vec<u8>) -> PendingSignup {
    let entry = PendingEntry {
        sealed,
        ..entry(bench, &signup(None))
    };
    bench
        .drafts(MockPendingSignups::new())
        .open(key(bench), entry)
        .unwrap()
        .signup
}

fn chosen(step: SignupStep) -> WorkspaceChosen {
    WorkspaceChosen {
        step,
        token: token(),
        email: address("ada@example.com"),
        expires_at: expires_at(),
        workspace: draft("engines"),
    }
}

#[tokio::test]
async fn the_workspace_is_added_to_what_the_signup_holds() {
    let bench = Bench::new();
    slug_has(&bench, None);
    let mut pending = kept(&bench, &signup(None));
    let done = Replaced::Done {
        code_was_sent: false,
    };
    let sealed = replaces(&mut pending, &bench, 1, done);

    let answer = choose(&bench, pending).run(command()).await;

    assert_eq!(answer, Ok(chosen(SignupStep::WorkspaceCreated)));
    assert_eq!(
        opened(&bench, sealed.only()),
        signup(Some(draft("engines")))
    );
    bench.finish();
}

#[tokio::test]
async fn s8_choosing_again_replaces_the_workspace_and_an_outstanding_code_stays_good() {
    let bench = Bench::new();
    slug_has(&bench, None);
    let mut pending = kept(&bench, &signup(Some(draft("before"))));
    let done = Replaced::Done {
        code_was_sent: true,
    };
    let sealed = replaces(&mut pending, &bench, 1, done);

    let answer = choose(&bench, pending).run(command()).await;

    assert_eq!(answer, Ok(chosen(SignupStep::EmailSent)));
    assert_eq!(
        opened(&bench, sealed.only()).workspace,
        Some(draft("engines"))
    );
    bench.finish();
}

#[tokio::test]
async fn a_slug_that_a_workspace_has_is_refused_and_nothing_is_replaced() {
    let bench = Bench::new();
    slug_has(&bench, Some(workspace(1)));
    let pending = kept(&bench, &signup(None));

    let refused = choose(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(ChooseWorkspaceError::SlugTaken));
    bench.finish();
}

#[tokio::test]
async fn contents_that_moved_meanwhile_are_loaded_again_and_built_upon() {
    let bench = Bench::new();
    slug_has(&bench, None);
    let newer = PendingSignup {
        name: name("Ada Lovelace"),
        ..signup(Some(draft("other-tab")))
    };
    let mut pending = kept(&bench, &signup(None));
    let newer_entry = PendingEntry {
        version: 2,
        ..entry(&bench, &newer)
    };
    pending
        .expect_load()
        .times(1)
        .return_once(move |_, _| Ok(Some(newer_entry)));
    replaces(&mut pending, &bench, 1, Replaced::Moved);
    let done = Replaced::Done {
        code_was_sent: false,
    };
    let sealed = replaces(&mut pending, &bench, 2, done);

    let answer = choose(&bench, pending).run(command()).await;

    assert_eq!(answer, Ok(chosen(SignupStep::WorkspaceCreated)));
    assert_eq!(
        opened(&bench, sealed.only()),
        PendingSignup {
            workspace: Some(draft("engines")),
            ..newer
        }
    );
    bench.finish();
}

#[tokio::test]
async fn contents_that_keep_moving_are_given_up_after_five_tries() {
    let bench = Bench::new();
    slug_has(&bench, None);
    let mut pending = MockPendingSignups::new();
    let entry = entry(&bench, &signup(None));
    pending
        .expect_load()
        .returning(move |_, _| Ok(Some(entry.clone())));
    pending
        .expect_set_workspace()
        .times(5)
        .returning(|_, _, _, _| Ok(Replaced::Moved));

    let refused = choose(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(ChooseWorkspaceError::ConfirmationInProgress));
    bench.finish();
}

#[tokio::test]
async fn a_signup_that_is_being_confirmed_or_is_gone_keeps_what_it_holds() {
    for (outcome, error) in [
        (
            Replaced::Leased,
            ChooseWorkspaceError::ConfirmationInProgress,
        ),
        (Replaced::Gone, ChooseWorkspaceError::NotFound),
    ] {
        let bench = Bench::new();
        slug_has(&bench, None);
        let mut pending = kept(&bench, &signup(None));
        replaces(&mut pending, &bench, 1, outcome);

        assert_eq!(choose(&bench, pending).run(command()).await, Err(error));
        bench.finish();
    }
}

#[tokio::test]
async fn a_signup_that_is_not_there_looks_up_no_slug() {
    let bench = Bench::new();
    let refused = choose(&bench, loads(&bench, Ok(None))).run(command()).await;
    assert_eq!(refused, Err(ChooseWorkspaceError::NotFound));
    assert_eq!(bench.journal.only(&["read System"]).len(), 0);
    bench.finish();
}

#[tokio::test]
async fn a_cache_or_store_that_is_away_is_told() {
    let bench = Bench::new();
    let refused = choose(&bench, loads(&bench, Err(away())))
        .run(command())
        .await;
    assert_eq!(refused, Err(ChooseWorkspaceError::Cache(away())));
    bench.finish();

    let bench = Bench::new();
    slug_has(&bench, None);
    let mut pending = kept(&bench, &signup(None));
    pending
        .expect_set_workspace()
        .return_once(|_, _, _, _| Err(away()));
    let refused = choose(&bench, pending).run(command()).await;
    assert_eq!(refused, Err(ChooseWorkspaceError::Cache(away())));
    bench.finish();

    let bench = Bench::new();
    bench.read_fails(lost());
    let refused = choose(&bench, kept(&bench, &signup(None)))
        .run(command())
        .await;
    assert_eq!(refused, Err(ChooseWorkspaceError::Store(lost())));
    bench.finish();
}
