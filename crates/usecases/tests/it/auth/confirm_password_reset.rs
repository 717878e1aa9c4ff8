//! Replacing a password by way of a mailed link.

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::{HashError, NewPassword, OneTimeToken, TokenPurpose, User};
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage};
use kogents_domain::session::{EndReason, MockSessionStates, Session, SessionEnd};
use kogents_domain::store::Scope;
use kogents_testkit::fakes::FakeHasher;
use kogents_usecases::auth::{
    ConfirmPasswordReset, ConfirmPasswordResetCommand, ConfirmPasswordResetError,
};
use mockall::predicate::eq;
use serde_json::json;

use super::given::{
    UNCHANGED, consumes, course, finds_token, kept, queues, reads_owner, speaking, suspended,
    token, voids_other_links,
};
use crate::support::{
    Bench, By, Heard, Slot, T0, Units, ada, ada_id, address, away, bob_id, client_ip, fenced_once,
    hears, language, lost, password_hash, record, session_id, standing, workspace,
};

const NEW_PASSWORD: &str = "a stable for every battery";
const PURPOSE: TokenPurpose = TokenPurpose::PasswordReset;

fn confirm(bench: &Bench, states: MockSessionStates) -> ConfirmPasswordReset {
    ConfirmPasswordReset {
        store: bench.store(),
        tokens: bench.tokens(),
        hasher: bench.hasher(),
        strength: bench.hasher.clone(),
        gate: bench.gate(states),
        mail: bench.desk(),
        signal: bench.signal(),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

fn command() -> ConfirmPasswordResetCommand {
    ConfirmPasswordResetCommand {
        token: token(),
        password: NewPassword::parse(NEW_PASSWORD).unwrap(),
        ip_address: client_ip(),
        language: language("de"),
    }
}

fn adas(bench: &Bench) -> OneTimeToken {
    kept(bench, PURPOSE, Some(ada_id()), None)
}

/// The token is good, and Ada's.
fn is_good(bench: &Bench) {
    reads_owner(bench, adas(bench), (ada(), standing(1)));
}

fn locks(unit: &mut Units, user: Option<User>) {
    unit.users
        .expect_find_for_update()
        .with(eq(ada_id()))
        .times(1)
        .return_once(|_| Ok(user));
}

/// Everything is written.
fn replaces(bench: &Bench, unit: &mut Units) -> (Slot<MailJob>, Heard) {
    locks(unit, Some(ada()));
    consumes(bench, unit, PURPOSE, Some(adas(bench)));
    unit.users
        .expect_replace_password_hash()
        .with(
            eq(ada_id()),
            eq(password_hash()),
            eq(FakeHasher::hash_of(NEW_PASSWORD)),
            eq(T0),
        )
        .times(1)
        .returning(|_, _, _, _| Ok(true));
    voids_other_links(unit);
    unit.sessions
        .expect_end_others()
        .with(
            eq(ada_id()),
            eq(None),
            eq(EndReason::PasswordChanged),
            eq(T0),
        )
        .times(1)
        .returning(|_, _, _, _| Ok(vec![ended(1), ended(2)]));
    (queues(unit), hears(unit))
}

/// A session of Ada's that ended with the change.
fn ended(number: u8) -> Session {
    let end = SessionEnd {
        at: T0,
        reason: EndReason::PasswordChanged,
    };
    Session {
        end: Some(end),
        ..record(number, T0).session
    }
}

#[tokio::test]
async fn s13_a_good_link_replaces_the_password_ends_every_session_voids_the_rest_and_tells() {
    let bench = Bench::new();
    is_good(&bench);
    let (queued, heard) = bench.begins(Scope::Person(ada_id()), |unit| replaces(&bench, unit));

    let confirmed = confirm(&bench, fenced_once(ada_id())).run(command()).await;

    assert_eq!(confirmed, Ok(address("ada@example.com")));
    let context = ["ada@example.com", "Ada", "Acme"].map(str::to_owned);
    assert_eq!(bench.hasher.contexts(), [context.to_vec()]);
    let job = queued.only();
    assert_eq!(job.recipient, address("ada@example.com"));
    assert_eq!(job.run_at, T0);
    let workspace = workspace(1);
    let expected = Letter {
        brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
        message: MailMessage::PasswordChanged {
            name: "Ada".to_owned(),
            ip_address: client_ip().to_string(),
            at: T0,
        },
    };
    assert_eq!(bench.letter(&job), expected);
    // It is told of in the log of the workspace that the owner used last, and the sessions' ends
    // in those of the workspaces that they were in.
    let by = By::person(ada_id()).in_log(workspace.id);
    let ended = |number| {
        let session = AuditTarget::from(session_id(number));
        by.did(
            "session.ended",
            session,
            json!({ "reason": "password_changed" }),
        )
    };
    let changed = by.did(
        "password.changed",
        AuditTarget::from(ada_id()),
        json!({ "by": "reset" }),
    );
    assert_eq!(heard.all(), [changed, ended(1), ended(2)]);
    bench.finish();
}

#[tokio::test]
async fn s16_the_cache_is_fenced_before_the_unit_begins_and_lifted_after_it_is_committed() {
    let bench = Bench::new();
    is_good(&bench);
    bench.begins(Scope::Person(ada_id()), |unit| replaces(&bench, unit));

    let confirmed = confirm(&bench, fenced_once(ada_id())).run(command()).await;

    assert!(confirmed.is_ok());
    let order = [
        "read System",
        "close",
        "hash",
        "seal",
        "fence",
        "begin Person",
        "commit",
        "lift",
        "wake",
    ];
    assert_eq!(bench.journal.entries(), order);
    bench.finish();
}

#[tokio::test]
async fn s16_a_cache_that_is_away_keeps_no_password_from_being_replaced() {
    let bench = Bench::new();
    is_good(&bench);
    bench.begins(Scope::Person(ada_id()), |unit| replaces(&bench, unit));
    let mut states = MockSessionStates::new();
    states.expect_fence().returning(|_, _| Err(away()));

    assert!(confirm(&bench, states).run(command()).await.is_ok());
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
        reads_owner(&bench, adas(&bench), speaking(own, theirs));
        let (queued, _) = bench.begins(Scope::Person(ada_id()), |unit| replaces(&bench, unit));

        let confirmed = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert!(confirmed.is_ok());
        assert_eq!(queued.only().language, language(expected));
        bench.finish();
    }
}

#[tokio::test]
async fn s13_a_token_that_is_not_good_is_refused_before_the_password_is_looked_at() {
    // Unknown, used, expired and of another purpose are one to the store: it finds none.
    let bench = Bench::new();
    bench.hasher.set_weak(true);
    bench.reads(Scope::System, |unit| {
        finds_token(&bench, unit, PURPOSE, None);
    });
    let refused = confirm(&bench, MockSessionStates::new())
        .run(command())
        .await;
    assert_eq!(refused, Err(ConfirmPasswordResetError::Invalid));

    // A token of nobody is as one that is not there.
    bench.reads(Scope::System, |unit| {
        let nobodys = kept(&bench, PURPOSE, None, None);
        finds_token(&bench, unit, PURPOSE, Some(nobodys));
    });
    let refused = confirm(&bench, MockSessionStates::new())
        .run(command())
        .await;
    assert_eq!(refused, Err(ConfirmPasswordResetError::Invalid));

    // And so is one whose owner is suspended, or gone.
    for owner in [Some(suspended()), None] {
        bench.reads(Scope::System, |unit| {
            finds_token(&bench, unit, PURPOSE, Some(adas(&bench)));
            unit.users.expect_find().return_once(|_| Ok(owner));
        });
        let refused = confirm(&bench, MockSessionStates::new())
            .run(command())
            .await;
        assert_eq!(refused, Err(ConfirmPasswordResetError::Invalid));
    }

    assert_eq!(bench.hasher.contexts().len(), 0);
    assert_eq!(bench.hasher.hashed(), 0);
    bench.finish();
}

#[tokio::test]
async fn a_weak_password_is_not_hashed_and_leaves_the_token_good() {
    let bench = Bench::new();
    is_good(&bench);
    bench.hasher.set_weak(true);

    let refused = confirm(&bench, MockSessionStates::new())
        .run(command())
        .await;

    assert_eq!(refused, Err(ConfirmPasswordResetError::WeakPassword));
    assert_eq!(bench.journal.entries(), ["read System", "close"]);
    bench.finish();
}

#[tokio::test]
async fn s12_a_hasher_that_is_busy_leaves_the_token_good() {
    let bench = Bench::new();
    is_good(&bench);
    bench.hasher.set_busy(true);

    let refused = confirm(&bench, MockSessionStates::new())
        .run(command())
        .await;

    let busy = ConfirmPasswordResetError::Hash(HashError::Busy);
    assert_eq!(refused, Err(busy));
    assert_eq!(bench.journal.count("begin Person"), 0);
    bench.finish();
}

#[tokio::test]
async fn s13_of_two_who_use_a_link_at_once_one_is_refused_and_changes_nothing() {
    let bobs = |bench: &Bench| kept(bench, PURPOSE, Some(bob_id()), None);
    for is_bobs in [false, true] {
        let bench = Bench::new();
        is_good(&bench);
        bench.begins(Scope::Person(ada_id()), |unit| {
            locks(unit, Some(ada()));
            let consumed = is_bobs.then(|| bobs(&bench));
            consumes(&bench, unit, PURPOSE, consumed);
        });

        let refused = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(refused, Err(ConfirmPasswordResetError::Invalid));
        assert_eq!(course(&bench), UNCHANGED);
        bench.finish();
    }
}

#[tokio::test]
async fn s16_whose_owner_was_suspended_is_gone_or_has_another_address_meanwhile_is_refused() {
    let moved = User {
        email: address("ada@example.org"),
        ..ada()
    };
    for owner in [Some(suspended()), None, Some(moved)] {
        let bench = Bench::new();
        is_good(&bench);
        bench.begins(Scope::Person(ada_id()), |unit| locks(unit, owner));

        let refused = confirm(&bench, fenced_once(ada_id())).run(command()).await;

        assert_eq!(refused, Err(ConfirmPasswordResetError::Invalid));
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
    assert_eq!(failed, Err(ConfirmPasswordResetError::Store(lost())));
    no_read.finish();

    let no_unit = Bench::new();
    is_good(&no_unit);
    no_unit.begin_fails(lost());
    let no_token = Bench::new();
    is_good(&no_token);
    no_token.begins(Scope::Person(ada_id()), |unit| {
        locks(unit, Some(ada()));
        unit.one_time_tokens
            .expect_consume()
            .return_once(|_, _, _| Err(lost()));
    });
    let no_commit = Bench::new();
    is_good(&no_commit);
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        replaces(&no_commit, unit);
    });
    for bench in [no_unit, no_token, no_commit] {
        let failed = confirm(&bench, fenced_once(ada_id())).run(command()).await;
        assert_eq!(failed, Err(ConfirmPasswordResetError::Store(lost())));
        assert_eq!(bench.journal.entries().last().unwrap(), "lift");
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}
