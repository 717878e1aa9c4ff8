//! Beginning a signup.

use std::sync::Arc;

use kogents_domain::auth::{
    HashError, Language, MockPasswordStrength, NewPassword, PasswordStrength, User,
};
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage, Template};
use kogents_domain::session::Analytics;
use kogents_domain::signup::{MockPendingSignups, NewPending, PendingEntry, SignupToken};
use kogents_domain::store::Scope;
use kogents_domain::workspace::Standing;
use kogents_usecases::signup::{SignUp, SignUpCommand, SignUpError};
use mockall::predicate::eq;

use super::given::{away, shows};
use crate::support::{
    Bench, PASSWORD, Slot, T0, ada, ada_id, address, language, lost, name, password_hash, random,
    secs, standing, workspace, workspace_id,
};

/// The token that the tests' randomness gives.
fn token() -> SignupToken {
    SignupToken::generate(random().as_ref())
}

fn judged(answer: Result<bool, HashError>) -> Arc<dyn PasswordStrength> {
    let mut strength = MockPasswordStrength::new();
    strength
        .expect_is_strong()
        .withf(|password, context| {
            password.secret().expose() == PASSWORD && *context == ["Ada@Example.com", "Ada"]
        })
        .times(1)
        .return_once(move |_, _| answer);
    Arc::new(strength)
}

fn strong() -> Arc<dyn PasswordStrength> {
    judged(Ok(true))
}

fn sign_up(
    bench: &Bench,
    pending: MockPendingSignups,
    strength: Arc<dyn PasswordStrength>,
) -> SignUp {
    SignUp {
        limits: bench.limits(),
        drafts: bench.drafts(pending),
        store: bench.store(),
        hasher: bench.hasher(),
        strength,
        account_exists: bench.account_exists(),
        signal: bench.signal(),
        background: bench.background(),
        clock: bench.clock(),
        ids: bench.ids(),
        random: random(),
        signup_ttl: secs(86_400),
    }
}

fn command() -> SignUpCommand {
    SignUpCommand {
        email: address("Ada@Example.com"),
        name: name("Ada"),
        password: NewPassword::parse(PASSWORD).unwrap(),
        analytics: Analytics {
            utm_source: Some("newsletter".to_owned()),
            ..Analytics::default()
        },
        language: language("de"),
        ledger: LimitLedger::default(),
    }
}

/// A cache that keeps one signup.
fn keeps() -> (MockPendingSignups, Slot<NewPending>) {
    let kept = Slot::new();
    let put = kept.clone();
    let mut pending = MockPendingSignups::new();
    pending
        .expect_create()
        .withf(|_, now| *now == T0)
        .times(1)
        .returning(move |new, _| {
            put.put(new);
            Ok(())
        });
    (pending, kept)
}

/// The address is looked up once.
fn looks_up(bench: &Bench, owner: Option<User>) {
    bench.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .withf(|email| *email == address("ada@example.com"))
            .times(1)
            .return_once(|_| Ok(owner));
    });
}

/// It is asked where the owner of the address is.
fn finds_standing(bench: &Bench, standing: Standing) {
    bench.reads(Scope::System, |unit| {
        unit.memberships
            .expect_find_standing()
            .with(eq(ada_id()), eq(Some(workspace_id(1))))
            .times(1)
            .return_once(|_, _| Ok(Some(standing)));
    });
}

fn queues(bench: &Bench) -> Slot<MailJob> {
    queues_in(bench, standing(1))
}

/// A mail to the owner of the address, who is there, is queued.
fn queues_in(bench: &Bench, standing: Standing) -> Slot<MailJob> {
    finds_standing(bench, standing);
    bench.begins(Scope::System, |unit| {
        let queued = Slot::new();
        let put = queued.clone();
        unit.outbox.expect_enqueue().times(1).returning(move |job| {
            put.put(job.clone());
            Ok(true)
        });
        queued
    })
}

#[tokio::test]
async fn a_signup_is_kept_sealed_and_lives_for_its_whole_lifetime_from_now() {
    let bench = Bench::new();
    looks_up(&bench, None);
    let (pending, kept) = keeps();

    let signed_up = sign_up(&bench, pending, strong())
        .run(command())
        .await
        .unwrap();

    assert_eq!(signed_up.token, token());
    assert_eq!(signed_up.email.as_given(), "Ada@Example.com");
    assert_eq!(signed_up.expires_at, T0.plus(secs(86_400)));
    let new = kept.only();
    assert_eq!(new.expires_at, signed_up.expires_at);
    assert_eq!(
        new.address,
        bench.digester().address(&address("ada@example.com"))
    );
    assert_eq!(bench.signal.count(), 0);
    assert_eq!(bench.journal.count("spawn"), 0);
    bench.finish();
}

#[tokio::test]
async fn what_is_kept_opens_again_to_what_was_given() {
    let bench = Bench::new();
    looks_up(&bench, None);
    let (pending, kept) = keeps();

    let signed_up = sign_up(&bench, pending, strong())
        .run(command())
        .await
        .unwrap();

    let new = kept.only();
    let drafts = bench.drafts(MockPendingSignups::new());
    let key = drafts.key(&signed_up.token);
    assert_eq!(new.key, key);
    let entry = PendingEntry {
        sealed: new.sealed,
        version: 1,
        expires_at: new.expires_at,
        has_workspace: false,
        code_was_sent: false,
    };
    let signup = drafts.open(key, entry).unwrap().signup;
    assert_eq!(signup.email.as_given(), "Ada@Example.com");
    assert_eq!(signup.name, name("Ada"));
    assert_eq!(signup.password_hash, password_hash());
    assert_eq!(signup.analytics, command().analytics);
    assert_eq!(signup.language, language("de"));
    assert_eq!(signup.workspace, None);
    bench.finish();
}

#[tokio::test]
async fn s5_neither_token_nor_password_nor_address_lies_in_what_is_kept() {
    let bench = Bench::new();
    looks_up(&bench, None);
    let (pending, kept) = keeps();

    let signed_up = sign_up(&bench, pending, strong())
        .run(command())
        .await
        .unwrap();

    let new = kept.only();
    let token = signed_up.token.secret().expose();
    for secret in [token, PASSWORD, "Ada@Example.com", "ada@example.com"] {
        for octets in [&new.sealed[..], new.key.as_bytes(), new.address.as_bytes()] {
            assert!(!shows(octets, secret), "{secret} lies in the clear");
        }
    }
    bench.finish();
}

#[tokio::test]
async fn a_weak_password_is_neither_hashed_nor_kept() {
    let bench = Bench::new();

    let refused = sign_up(&bench, MockPendingSignups::new(), judged(Ok(false)))
        .run(command())
        .await;

    assert_eq!(refused, Err(SignUpError::WeakPassword));
    assert_eq!(bench.journal.entries(), [""; 0]);
    bench.finish();
}

#[tokio::test]
async fn s6_an_address_with_an_account_gets_the_same_answer_at_the_same_cost() {
    let mut answers = Vec::new();
    let mut journals = Vec::new();
    for owner in [None, Some(ada())] {
        let bench = Bench::new();
        looks_up(&bench, owner);
        let (pending, kept) = keeps();

        let signed_up = sign_up(&bench, pending, strong()).run(command()).await;

        answers.push(signed_up);
        let mut journal = bench.journal.entries();
        journal.retain(|entry| entry != "spawn");
        journals.push(journal);
        assert_eq!(kept.all().len(), 1);
        assert_eq!((bench.hasher.hashed(), bench.hasher.verified()), (1, 0));
        bench.finish();
    }
    assert_eq!(answers[0], answers[1]);
    let cost = [
        "take limits",
        "hash",
        "seal",
        "read System",
        "close",
        "create",
    ];
    assert_eq!(journals, [cost, cost]);
}

#[tokio::test]
async fn s6_the_owner_is_written_to_after_the_answer_and_the_worker_is_woken() {
    let bench = Bench::new();
    looks_up(&bench, Some(ada()));
    let (pending, _) = keeps();

    let signed_up = sign_up(&bench, pending, strong()).run(command()).await;

    assert!(signed_up.is_ok());
    assert_eq!(bench.background.names(), ["account exists mail"]);
    assert_eq!(bench.journal.count("begin System"), 0);

    let queued = queues(&bench);
    bench.background.drain().await;

    assert_eq!(queued.all().len(), 1);
    let order = [
        "create",
        "spawn",
        "read System",
        "close",
        "seal",
        "begin System",
        "commit",
        "wake",
    ];
    assert!(bench.journal.entries().ends_with(&order.map(str::to_owned)));
    bench.finish();
}

#[tokio::test]
async fn the_owner_of_the_address_is_told_at_most_once_an_hour() {
    let bench = Bench::new();
    looks_up(&bench, Some(ada()));
    let (pending, _) = keeps();
    let queued = queues(&bench);

    sign_up(&bench, pending, strong())
        .run(command())
        .await
        .unwrap();
    bench.background.drain().await;

    let job = queued.only();
    assert_eq!(job.template, Template::AccountExists);
    assert_eq!(job.recipient, address("ada@example.com"));
    let workspace = workspace(1);
    assert_eq!(
        bench.letter(&job),
        Letter {
            brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
            message: MailMessage::AccountExists {
                name: "Ada".to_owned()
            },
        }
    );
    let dedupe = job.dedupe.unwrap();
    assert_eq!(dedupe.until, T0.plus(secs(3_600)));
    let again = bench.desk().job_once_in(
        secs(3_600),
        &bench.letter(&job),
        &address("ADA@example.com"),
        Language::english(),
        T0,
    );
    assert_eq!(dedupe.key, again.dedupe.unwrap().key);
    bench.finish();
}

#[tokio::test]
async fn the_owner_is_written_to_in_their_own_language_else_their_workspaces_else_the_requests() {
    for (own, theirs, written) in [
        (Some("fr"), Some("it"), "fr"),
        (None, Some("it"), "it"),
        (None, None, "de"),
    ] {
        let bench = Bench::new();
        let owner = User {
            language: own.map(language),
            ..ada()
        };
        looks_up(&bench, Some(owner));
        let (pending, _) = keeps();
        let mut standing = standing(1);
        standing.workspace.language = theirs.map(language);
        let queued = queues_in(&bench, standing);

        sign_up(&bench, pending, strong())
            .run(command())
            .await
            .unwrap();
        bench.background.drain().await;

        assert_eq!(queued.only().language, language(written));
        bench.finish();
    }
}

#[tokio::test]
async fn a_notice_that_cannot_be_queued_changes_no_answer_and_wakes_nobody() {
    let no_read = Bench::new();
    looks_up(&no_read, Some(ada()));
    no_read.read_fails(lost());
    let no_job = Bench::new();
    looks_up(&no_job, Some(ada()));
    finds_standing(&no_job, standing(1));
    no_job.begins(Scope::System, |unit| {
        unit.outbox.expect_enqueue().return_once(|_| Err(lost()));
    });
    for bench in [no_read, no_job] {
        let (pending, _) = keeps();

        let signed_up = sign_up(&bench, pending, strong()).run(command()).await;
        bench.background.drain().await;

        assert_eq!(signed_up.unwrap().token, token());
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn a_meter_or_hasher_without_an_answer_keeps_nothing() {
    let bench = Bench::new();

    let refused = sign_up(
        &bench,
        MockPendingSignups::new(),
        judged(Err(HashError::Busy)),
    )
    .run(command())
    .await;

    assert_eq!(refused, Err(SignUpError::Hash(HashError::Busy)));

    bench.hasher.set_busy(true);
    let refused = sign_up(&bench, MockPendingSignups::new(), strong())
        .run(command())
        .await;

    assert_eq!(refused, Err(SignUpError::Hash(HashError::Busy)));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_is_away_keeps_nothing() {
    let bench = Bench::new();
    bench.read_fails(lost());

    let refused = sign_up(&bench, MockPendingSignups::new(), strong())
        .run(command())
        .await;

    assert_eq!(refused, Err(SignUpError::Store(lost())));
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_is_away_is_told_and_the_owner_of_the_address_is_not() {
    let bench = Bench::new();
    looks_up(&bench, Some(ada()));
    let mut pending = MockPendingSignups::new();
    pending.expect_create().returning(|_, _| Err(away()));

    let refused = sign_up(&bench, pending, strong()).run(command()).await;

    assert_eq!(refused, Err(SignUpError::Cache(away())));
    assert_eq!(bench.journal.count("spawn"), 0);
    bench.finish();
}
