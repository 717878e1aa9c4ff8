//! Hearing that a sign-in was somebody else's.

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::{OneTimeToken, TokenPurpose, User};
use kogents_domain::ids::UserId;
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage};
use kogents_domain::session::{EndReason, MockSessionStates, Session, SessionEnd};
use kogents_domain::store::Scope;
use kogents_usecases::auth::{
    EmailChange, ReportNotMe, ReportNotMeCommand, ReportNotMeError, ReportedSession,
};
use mockall::predicate::eq;
use serde_json::json;

use super::given::{
    CHANGED, UNCHANGED, consumes, course, finds_token, inserts, kept, queues, reads_owner,
    speaking, suspended, token,
};
use crate::support::{
    Bench, By, Heard, Slot, T0, Units, ada, ada_id, address, bob_id, client_ip, fenced_once, hears,
    language, lost, record, secs, session_id, standing, workspace, workspace_id,
};

const PURPOSE: TokenPurpose = TokenPurpose::NotMe;

fn report(bench: &Bench, states: MockSessionStates) -> ReportNotMe {
    ReportNotMe {
        store: bench.store(),
        tokens: bench.tokens(),
        desk: bench.resets(),
        gate: bench.gate(states),
        signal: bench.signal(),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

fn command() -> ReportNotMeCommand {
    ReportNotMeCommand {
        token: token(),
        ip_address: client_ip(),
        language: language("de"),
    }
}

/// A token about the seventh session.
fn about_session(bench: &Bench, owner: UserId) -> OneTimeToken {
    let about = ReportedSession {
        session: session_id(7),
    };
    let (_, about) = bench.tokens().issue_about(PURPOSE, owner, &about, T0);
    kept(bench, PURPOSE, Some(owner), Some(about))
}

fn is_good(bench: &Bench) -> OneTimeToken {
    let token = about_session(bench, ada_id());
    reads_owner(bench, token.clone(), (ada(), standing(1)));
    token
}

/// The person's row is locked, and they are so by now.
fn locks(unit: &mut Units, now: User) {
    unit.users
        .expect_find_for_update()
        .with(eq(ada_id()))
        .times(1)
        .return_once(|_| Ok(Some(now)));
}

/// The token is used and the session ended, if it was not over already.
fn ends(bench: &Bench, unit: &mut Units, token: OneTimeToken, ended: Option<Session>) -> Heard {
    locks(unit, ada());
    consumes(bench, unit, PURPOSE, Some(token));
    unit.sessions
        .expect_end()
        .with(eq(session_id(7)), eq(EndReason::Revoked), eq(T0))
        .times(1)
        .return_once(|_, _, _| Ok(ended));
    unit.sessions
        .expect_find()
        .with(eq(session_id(7)))
        .times(1)
        .return_once(|_| Ok(Some(in_second_workspace())));
    hears(unit)
}

/// Everything is written.
fn reports(
    bench: &Bench,
    unit: &mut Units,
    token: OneTimeToken,
) -> (Slot<OneTimeToken>, Slot<MailJob>, Heard) {
    let heard = ends(bench, unit, token, Some(ended()));
    (inserts(unit), queues(unit), heard)
}

/// The seventh session, as it is then.
fn ended() -> Session {
    let end = SessionEnd {
        at: T0,
        reason: EndReason::Revoked,
    };
    Session {
        end: Some(end),
        ..in_second_workspace()
    }
}

/// The seventh session, in another workspace than the one that its owner used last.
fn in_second_workspace() -> Session {
    Session {
        workspace_id: Some(workspace_id(2)),
        ..record(7, T0).session
    }
}

#[tokio::test]
async fn s16_the_session_ends_and_its_owner_is_mailed_a_link_to_choose_another_password() {
    let bench = Bench::new();
    let token = is_good(&bench);
    let (inserted, queued, heard) =
        bench.begins(Scope::Person(ada_id()), |unit| reports(&bench, unit, token));

    let done = report(&bench, fenced_once(ada_id())).run(command()).await;

    assert_eq!(done, Ok(()));
    assert_eq!(course(&bench), CHANGED);
    let reset = inserted.only();
    assert_eq!(reset.purpose, TokenPurpose::PasswordReset);
    assert_eq!(reset.user_id, Some(ada_id()));
    assert_eq!(reset.expires_at, T0.plus(secs(3_600)));
    let job = queued.only();
    assert_eq!(job.recipient, address("ada@example.com"));
    assert_eq!((job.run_at, job.expires_at), (T0, Some(reset.expires_at)));
    let Letter {
        brand,
        message: MailMessage::PasswordReset { name, token, .. },
    } = bench.letter(&job)
    else {
        panic!("another mail was queued");
    };
    assert_eq!(name, "Ada");
    assert_eq!(bench.tokens().digest(&token), reset.digest);
    let workspace = workspace(1);
    let theirs = MailBrand::of(&workspace.name, &workspace.branding);
    assert_eq!(brand, Some(theirs));
    // It is told of where the session was.
    let by = By::person(ada_id()).in_log(workspace_id(2));
    let session = AuditTarget::from(session_id(7));
    let told = [
        by.did("sign_in.reported", session, json!({})),
        by.did("session.ended", session, json!({ "reason": "revoked" })),
    ];
    assert_eq!(heard.all(), told);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_is_over_already_is_no_error_and_the_reset_begins_all_the_same() {
    let bench = Bench::new();
    let token = is_good(&bench);
    let (inserted, queued, heard) = bench.begins(Scope::Person(ada_id()), |unit| {
        let heard = ends(&bench, unit, token, None);
        (inserts(unit), queues(unit), heard)
    });

    let done = report(&bench, fenced_once(ada_id())).run(command()).await;

    assert_eq!(done, Ok(()));
    assert_eq!((inserted.all().len(), queued.all().len()), (1, 1));
    let by = By::person(ada_id()).in_log(workspace_id(2));
    let session = AuditTarget::from(session_id(7));
    assert_eq!(
        heard.all(),
        [by.did("sign_in.reported", session, json!({}))]
    );
    bench.finish();
}

#[tokio::test]
async fn the_owner_is_written_to_in_their_language_else_their_workspaces_else_the_requests() {
    for (own, theirs, expected) in [
        (Some("fr"), Some("it"), "fr"),
        (None, Some("it"), "it"),
        (None, None, "de"),
    ] {
        let bench = Bench::new();
        let token = about_session(&bench, ada_id());
        reads_owner(&bench, token.clone(), speaking(own, theirs));
        let (_, queued, _) =
            bench.begins(Scope::Person(ada_id()), |unit| reports(&bench, unit, token));

        let done = report(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(done, Ok(()));
        assert_eq!(queued.only().language, language(expected));
        bench.finish();
    }
}

#[tokio::test]
async fn the_session_of_a_suspended_person_ends_but_no_reset_begins() {
    let bench = Bench::new();
    let token = about_session(&bench, ada_id());
    reads_owner(&bench, token.clone(), (suspended(), standing(1)));
    bench.begins(Scope::Person(ada_id()), |unit| {
        ends(&bench, unit, token, Some(ended()));
        unit.one_time_tokens.expect_insert().never();
        unit.outbox.expect_enqueue().never();
    });

    let done = report(&bench, fenced_once(ada_id())).run(command()).await;

    assert_eq!(done, Ok(()));
    bench.finish();
}

#[tokio::test]
async fn a_token_that_is_not_good_ends_nothing() {
    let bench = Bench::new();
    let nobodys = OneTimeToken {
        user_id: None,
        ..about_session(&bench, ada_id())
    };
    let about_nothing = kept(&bench, PURPOSE, Some(ada_id()), None);
    let change = EmailChange {
        email: address("ada@example.org"),
        asked_by: session_id(1),
    };
    let tokens = bench.tokens();
    let (_, about) = tokens.issue_about(PURPOSE, ada_id(), &change, T0);
    let about_else = kept(&bench, PURPOSE, Some(ada_id()), Some(about));
    // Unknown, used, expired and of another purpose are one to the store: it finds none.
    for found in [None, Some(nobodys)] {
        bench.reads(Scope::System, |unit| {
            finds_token(&bench, unit, PURPOSE, found);
        });
        let refused = report(&bench, MockSessionStates::new())
            .run(command())
            .await;
        assert_eq!(refused, Err(ReportNotMeError::Invalid));
    }
    for unreadable in [about_nothing, about_else] {
        reads_owner(&bench, unreadable, (ada(), standing(1)));
        let refused = report(&bench, MockSessionStates::new())
            .run(command())
            .await;
        assert_eq!(refused, Err(ReportNotMeError::Invalid));
    }
    let good = about_session(&bench, ada_id());
    bench.reads(Scope::System, |unit| {
        finds_token(&bench, unit, PURPOSE, Some(good));
        unit.users.expect_find().return_once(|_| Ok(None));
    });
    let refused = report(&bench, MockSessionStates::new())
        .run(command())
        .await;
    assert_eq!(refused, Err(ReportNotMeError::Invalid));
    assert_eq!(bench.journal.count("fence"), 0);
    bench.finish();
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_is_refused_and_changes_nothing() {
    for is_bobs in [false, true] {
        let bench = Bench::new();
        is_good(&bench);
        let consumed = is_bobs.then(|| about_session(&bench, bob_id()));
        bench.begins(Scope::Person(ada_id()), |unit| {
            locks(unit, ada());
            consumes(&bench, unit, PURPOSE, consumed);
        });

        let refused = report(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(refused, Err(ReportNotMeError::Invalid));
        assert_eq!(course(&bench), UNCHANGED);
        bench.finish();
    }
}

#[tokio::test]
async fn s13_whose_address_changes_meanwhile_is_not_mailed_at_the_old_one() {
    let bench = Bench::new();
    is_good(&bench);
    bench.begins(Scope::Person(ada_id()), |unit| {
        let email = address("ada@example.org");
        locks(unit, User { email, ..ada() });
    });

    let refused = report(&bench, fenced_once(ada_id())).run(command()).await;

    assert_eq!(refused, Err(ReportNotMeError::Invalid));
    assert_eq!(course(&bench), UNCHANGED);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told_the_fence_is_lifted_and_nobody_is_woken() {
    let no_read = Bench::new();
    no_read.read_fails(lost());
    let failed = report(&no_read, MockSessionStates::new())
        .run(command())
        .await;
    assert_eq!(failed, Err(ReportNotMeError::Store(lost())));
    no_read.finish();

    let no_unit = Bench::new();
    is_good(&no_unit);
    no_unit.begin_fails(lost());
    let no_commit = Bench::new();
    let token = is_good(&no_commit);
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        reports(&no_commit, unit, token);
    });
    for bench in [no_unit, no_commit] {
        let failed = report(&bench, fenced_once(ada_id())).run(command()).await;
        assert_eq!(failed, Err(ReportNotMeError::Store(lost())));
        assert_eq!(bench.journal.entries().last().unwrap(), "lift");
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}
