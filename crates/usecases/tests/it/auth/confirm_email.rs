//! Giving a person the new address whose mailbox has confirmed it.

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::{OneTimeToken, TokenPurpose, User};
use kogents_domain::ids::UserId;
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage};
use kogents_domain::session::{EndReason, MockSessionStates, Session, SessionEnd};
use kogents_domain::store::{Constraint, Scope, StoreError};
use kogents_usecases::auth::{
    ConfirmEmail, ConfirmEmailCommand, ConfirmEmailError, EmailChange, ReportedSession,
};
use mockall::predicate::eq;
use serde_json::json;

use super::given::{
    CHANGED, UNCHANGED, consumes, course, finds_token, kept, queues, reads_owner, speaking,
    suspended, token, voids_other_links,
};
use crate::support::{
    Bench, By, Heard, Slot, T0, Units, ada, ada_id, address, bob_id, client_ip, fenced_once, hears,
    language, lost, record, session_id, standing, workspace,
};

const PURPOSE: TokenPurpose = TokenPurpose::ConfirmEmail;

fn confirm(bench: &Bench, states: MockSessionStates) -> ConfirmEmail {
    ConfirmEmail {
        store: bench.store(),
        tokens: bench.tokens(),
        gate: bench.gate(states),
        mail: bench.desk(),
        signal: bench.signal(),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

fn command() -> ConfirmEmailCommand {
    ConfirmEmailCommand {
        token: token(),
        ip_address: client_ip(),
        language: language("de"),
    }
}

fn change() -> EmailChange {
    EmailChange {
        email: address("countess@example.org"),
        asked_by: session_id(1),
    }
}

/// A token about the change.
fn about_change(bench: &Bench, owner: UserId) -> OneTimeToken {
    let tokens = bench.tokens();
    let (_, about) = tokens.issue_about(PURPOSE, owner, &change(), T0);
    kept(bench, PURPOSE, Some(owner), Some(about))
}

fn is_good(bench: &Bench) -> OneTimeToken {
    let token = about_change(bench, ada_id());
    reads_owner(bench, token.clone(), (ada(), standing(1)));
    token
}

fn locks(unit: &mut Units, user: Option<User>) {
    unit.users
        .expect_find_for_update()
        .with(eq(ada_id()))
        .times(1)
        .return_once(|_| Ok(user));
}

/// The address is set, or is not.
fn sets(unit: &mut Units, answer: Result<(), StoreError>) {
    unit.users
        .expect_set_email()
        .withf(|user, email, now| (*user, email, *now) == (ada_id(), &change().email, T0))
        .times(1)
        .return_once(|_, _, _| answer);
}

/// Everything is written.
fn changes(bench: &Bench, unit: &mut Units, token: OneTimeToken) -> (Slot<MailJob>, Heard) {
    locks(unit, Some(ada()));
    consumes(bench, unit, PURPOSE, Some(token));
    sets(unit, Ok(()));
    voids_other_links(unit);
    unit.sessions
        .expect_end_others()
        .with(
            eq(ada_id()),
            eq(Some(session_id(1))),
            eq(EndReason::EmailChanged),
            eq(T0),
        )
        .times(1)
        .returning(|_, _, _, _| Ok(vec![ended()]));
    (queues(unit), hears(unit))
}

/// A session of Ada's that ended with the change.
fn ended() -> Session {
    let end = SessionEnd {
        at: T0,
        reason: EndReason::EmailChanged,
    };
    Session {
        end: Some(end),
        ..record(2, T0).session
    }
}

#[tokio::test]
async fn s13_a_good_link_changes_the_address_ends_other_sessions_voids_resets_and_tells_the_old() {
    let bench = Bench::new();
    let token = is_good(&bench);
    let (queued, heard) =
        bench.begins(Scope::Person(ada_id()), |unit| changes(&bench, unit, token));

    let confirmed = confirm(&bench, fenced_once(ada_id())).run(command()).await;

    assert_eq!(confirmed, Ok(address("countess@example.org")));
    let job = queued.only();
    assert_eq!(job.recipient, address("ada@example.com"));
    assert_eq!(job.run_at, T0);
    let workspace = workspace(1);
    let expected = Letter {
        brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
        message: MailMessage::EmailChanged {
            name: "Ada".to_owned(),
            new_address: "c\u{2026}@example.org".to_owned(),
            at: T0,
        },
    };
    assert_eq!(bench.letter(&job), expected);
    assert_eq!(course(&bench), CHANGED);
    let by = By::person(ada_id()).in_log(workspace.id);
    let session = AuditTarget::from(session_id(2));
    let told = [
        by.did("email.changed", AuditTarget::from(ada_id()), json!({})),
        by.did(
            "session.ended",
            session,
            json!({ "reason": "email_changed" }),
        ),
    ];
    assert_eq!(heard.all(), told);
    bench.finish();
}

#[tokio::test]
async fn the_owner_is_told_in_their_language_else_their_workspaces_else_the_requests() {
    for (own, theirs, expected) in [
        (Some("fr"), Some("it"), "fr"),
        (None, Some("it"), "it"),
        (None, None, "de"),
    ] {
        let bench = Bench::new();
        let token = about_change(&bench, ada_id());
        reads_owner(&bench, token.clone(), speaking(own, theirs));
        let (queued, _) =
            bench.begins(Scope::Person(ada_id()), |unit| changes(&bench, unit, token));

        let confirmed = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert!(confirmed.is_ok());
        assert_eq!(queued.only().language, language(expected));
        bench.finish();
    }
}

#[tokio::test]
async fn s13_a_token_that_is_not_good_changes_nothing() {
    let bench = Bench::new();
    // Nobody's; about nothing; about something else.
    let nobodys = OneTimeToken {
        user_id: None,
        ..about_change(&bench, ada_id())
    };
    let about_nothing = kept(&bench, PURPOSE, Some(ada_id()), None);
    let reported = ReportedSession {
        session: session_id(1),
    };
    let tokens = bench.tokens();
    let (_, about) = tokens.issue_about(PURPOSE, ada_id(), &reported, T0);
    let about_else = kept(&bench, PURPOSE, Some(ada_id()), Some(about));
    // Unknown, used, expired and of another purpose are one to the store: it finds none.
    for found in [None, Some(nobodys)] {
        bench.reads(Scope::System, |unit| {
            finds_token(&bench, unit, PURPOSE, found);
        });
        let refused = confirm(&bench, MockSessionStates::new())
            .run(command())
            .await;
        assert_eq!(refused, Err(ConfirmEmailError::Invalid));
    }
    for unreadable in [about_nothing, about_else] {
        reads_owner(&bench, unreadable, (ada(), standing(1)));
        let refused = confirm(&bench, MockSessionStates::new())
            .run(command())
            .await;
        assert_eq!(refused, Err(ConfirmEmailError::Invalid));
    }
    for owner in [Some(suspended()), None] {
        bench.reads(Scope::System, |unit| {
            let good = about_change(&Bench::new(), ada_id());
            finds_token(&bench, unit, PURPOSE, Some(good));
            unit.users.expect_find().return_once(|_| Ok(owner));
        });
        let refused = confirm(&bench, MockSessionStates::new())
            .run(command())
            .await;
        assert_eq!(refused, Err(ConfirmEmailError::Invalid));
    }
    assert_eq!(bench.journal.count("fence"), 0);
    bench.finish();
}

#[tokio::test]
async fn s13_of_two_who_use_a_link_at_once_one_is_refused_and_changes_nothing() {
    for is_bobs in [false, true] {
        let bench = Bench::new();
        is_good(&bench);
        let consumed = is_bobs.then(|| about_change(&bench, bob_id()));
        bench.begins(Scope::Person(ada_id()), |unit| {
            locks(unit, Some(ada()));
            consumes(&bench, unit, PURPOSE, consumed);
        });

        let refused = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(refused, Err(ConfirmEmailError::Invalid));
        assert_eq!(course(&bench), UNCHANGED);
        bench.finish();
    }
}

#[tokio::test]
async fn s16_whose_owner_was_suspended_is_gone_or_has_another_address_meanwhile_is_refused() {
    let moved = User {
        email: address("ada@example.net"),
        ..ada()
    };
    for owner in [Some(suspended()), None, Some(moved)] {
        let bench = Bench::new();
        is_good(&bench);
        bench.begins(Scope::Person(ada_id()), |unit| locks(unit, owner));

        let refused = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(refused, Err(ConfirmEmailError::Invalid));
        assert_eq!(course(&bench), UNCHANGED);
        bench.finish();
    }
}

#[tokio::test]
async fn s6_an_address_that_has_an_account_meanwhile_is_refused_as_a_token_that_is_not_good() {
    let taken = || StoreError::Conflict(Constraint::UserEmail);
    for at_commit in [false, true] {
        let bench = Bench::new();
        let token = is_good(&bench);
        if at_commit {
            bench.fails_to_commit(Scope::Person(ada_id()), taken(), |unit| {
                changes(&bench, unit, token);
            });
        } else {
            bench.begins(Scope::Person(ada_id()), |unit| {
                locks(unit, Some(ada()));
                consumes(&bench, unit, PURPOSE, Some(token));
                sets(unit, Err(taken()));
            });
        }

        let refused = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(refused, Err(ConfirmEmailError::Invalid));
        assert_eq!(course(&bench), UNCHANGED);
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told_the_fence_is_lifted_and_nobody_is_woken() {
    let no_read = Bench::new();
    no_read.read_fails(lost());
    let failed = confirm(&no_read, MockSessionStates::new())
        .run(command())
        .await;
    assert_eq!(failed, Err(ConfirmEmailError::Store(lost())));
    no_read.finish();

    let no_unit = Bench::new();
    is_good(&no_unit);
    no_unit.begin_fails(lost());
    let no_commit = Bench::new();
    let token = is_good(&no_commit);
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        changes(&no_commit, unit, token);
    });
    for bench in [no_unit, no_commit] {
        let failed = confirm(&bench, fenced_once(ada_id())).run(command()).await;
        assert_eq!(failed, Err(ConfirmEmailError::Store(lost())));
        assert_eq!(bench.journal.entries().last().unwrap(), "lift");
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}
