//! Mailing a code.

use kogents_domain::auth::{Language, User};
use kogents_domain::digest::Digest;
use kogents_domain::limits::{Limit, LimitLedger, LimitStanding};
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage, Template};
use kogents_domain::signup::{
    GuessBudgets, IssueCode, IssuedCode, MockPendingSignups, OtpCode, SignupToken,
};
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_usecases::signup::{CodeSent, SendCode, SendCodeCommand, SendCodeError};
use mockall::predicate::eq;

use super::given::{away, draft, kept, key, loads, shows, signup, token};
use crate::support::{
    Bench, POLICY, Slot, T0, Units, ada, ada_id, address, language, lost, random, secs, standing,
    workspace, workspace_id,
};

/// What the tests' randomness makes of a code.
const CODE: &str = "000042";

fn command() -> SendCodeCommand {
    SendCodeCommand {
        token: token(),
        ledger: LimitLedger::default(),
    }
}

fn send_code(bench: &Bench, pending: MockPendingSignups) -> SendCode {
    SendCode {
        limits: bench.limits(),
        policy: POLICY,
        drafts: bench.drafts(pending),
        store: bench.store(),
        mail: bench.desk(),
        account_exists: bench.account_exists(),
        signal: bench.signal(),
        clock: bench.clock(),
        random: random(),
    }
}

fn code_ends() -> Timestamp {
    T0.plus(secs(600))
}

fn issued() -> IssuedCode {
    IssuedCode::Issued {
        attempts_remaining: 5,
        expires_at: code_ends(),
        resend_available_at: T0.plus(secs(60)),
    }
}

/// The digest of the code in the tests, made for this signup and address.
fn digest(bench: &Bench, signup: &Digest, email: &str) -> Digest {
    let code = OtpCode::parse(CODE).unwrap();
    bench.digester().signup_code(signup, &address(email), &code)
}

fn issue(bench: &Bench) -> IssueCode {
    IssueCode {
        key: key(bench),
        code: digest(bench, &key(bench), "ada@example.com"),
        now: T0,
    }
}

/// A cache that has a signup with a workspace, and gives this answer to one code.
fn issues(bench: &Bench, answer: IssuedCode) -> MockPendingSignups {
    let mut pending = kept(bench, &signup(Some(draft("engines"))));
    pending
        .expect_issue_code()
        .with(eq(issue(bench)))
        .times(1)
        .returning(move |_| Ok(answer));
    pending
}

fn looks_up(bench: &Bench, owner: Option<User>) {
    bench.reads(Scope::System, |unit| {
        // Of nobody as much is asked.
        let known = owner.is_some();
        unit.memberships
            .expect_find_standing()
            .withf(move |user, last| {
                (*user == ada_id(), *last) == (known, known.then(|| workspace_id(1)))
            })
            .times(1)
            .return_once(move |_, _| Ok(known.then(|| standing(1))));
        unit.users
            .expect_find_by_email()
            .withf(|email| *email == address("ada@example.com"))
            .times(1)
            .return_once(|_| Ok(owner));
    });
}

fn queues(unit: &mut Units, times: usize) -> Slot<MailJob> {
    let queued = Slot::new();
    let put = queued.clone();
    unit.outbox
        .expect_enqueue()
        .times(times)
        .returning(move |job| {
            put.put(job.clone());
            Ok(true)
        });
    queued
}

fn sent() -> CodeSent {
    CodeSent {
        email: address("ada@example.com"),
        expires_at: code_ends(),
        resend_available_at: T0.plus(secs(60)),
        attempts_remaining: 5,
    }
}

#[tokio::test]
async fn the_digest_goes_to_the_cache_first_and_then_the_mail_to_the_outbox() {
    let bench = Bench::new();
    looks_up(&bench, None);
    bench.begins(Scope::System, |unit| queues(unit, 1));

    let answer = send_code(&bench, issues(&bench, issued()))
        .run(command())
        .await;

    assert_eq!(answer, Ok(sent()));
    let order = [
        "load",
        "issue code",
        "read System",
        "close",
        "begin System",
        "commit",
        "wake",
    ];
    assert_eq!(bench.journal.only(&order), order);
    bench.finish();
}

#[tokio::test]
async fn the_mail_carries_the_code_and_is_dropped_when_the_code_ends() {
    let bench = Bench::new();
    looks_up(&bench, None);
    let queued = bench.begins(Scope::System, |unit| queues(unit, 1));

    send_code(&bench, issues(&bench, issued()))
        .run(command())
        .await
        .unwrap();

    let job = queued.only();
    assert_eq!(job.template, Template::VerificationCode);
    assert_eq!(job.recipient.as_given(), "Ada@Example.com");
    assert_eq!(job.language, language("de"));
    assert_eq!(job.run_at, T0);
    assert_eq!(job.expires_at, Some(code_ends()));
    assert_eq!(job.dedupe, None);
    let workspace = draft("engines");
    assert_eq!(
        bench.letter(&job),
        Letter {
            brand: Some(MailBrand::of_draft(&workspace.name, &workspace.branding)),
            message: MailMessage::VerificationCode {
                code: OtpCode::parse(CODE).unwrap(),
                name: "Ada".to_owned(),
                workspace: "Analytical Engines".to_owned(),
                minutes: 10,
            },
        }
    );
    assert!(!shows(&job.sealed, CODE), "the code lies in the clear");
    bench.finish();
}

#[tokio::test]
async fn a_newer_code_of_the_same_signup_voids_the_mail_of_the_older_one() {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let bench = Bench::new();
        looks_up(&bench, None);
        let queued = bench.begins(Scope::System, |unit| queues(unit, 1));
        send_code(&bench, issues(&bench, issued()))
            .run(command())
            .await
            .unwrap();
        keys.push(queued.only().replace_key.unwrap());
    }
    assert_eq!(keys[0], keys[1]);

    let bench = Bench::new();
    let other = SignupToken::parse("sgn_other").unwrap();
    let other = bench.drafts(MockPendingSignups::new()).key(&other);
    assert_ne!(keys[0], bench.desk().key("signup_code", &other));
}

#[tokio::test]
async fn s1_a_code_counts_for_its_own_signup_and_address_only() {
    let bench = Bench::new();
    let issued = issue(&bench).code;
    let other = SignupToken::parse("sgn_other").unwrap();
    let other = bench.drafts(MockPendingSignups::new()).key(&other);
    assert_ne!(issued, digest(&bench, &other, "ada@example.com"));
    assert_ne!(issued, digest(&bench, &key(&bench), "bob@example.com"));
}

#[tokio::test]
async fn s6_for_an_address_with_an_account_the_answer_is_the_same_and_the_code_is_never_due() {
    let bench = Bench::new();
    looks_up(&bench, Some(ada()));
    let queued = bench.begins(Scope::System, |unit| queues(unit, 2));

    let answer = send_code(&bench, issues(&bench, issued()))
        .run(command())
        .await;

    assert_eq!(answer, Ok(sent()));
    let [code, notice] = &queued.all()[..] else {
        panic!("two jobs were expected");
    };
    assert_eq!(code.template, Template::VerificationCode);
    assert!(
        code.run_at >= code.expires_at.unwrap(),
        "the code would go out"
    );
    assert_eq!(notice.template, Template::AccountExists);
    assert_eq!(notice.recipient, address("ada@example.com"));
    assert_eq!(notice.run_at, T0);
    // In the name of the workspace that the owner is in, not of the one that is signed up for.
    let workspace = workspace(1);
    assert_eq!(
        bench.letter(notice),
        Letter {
            brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
            message: MailMessage::AccountExists {
                name: "Ada".to_owned()
            },
        }
    );
    bench.finish();
}

#[tokio::test]
async fn the_owner_of_the_address_is_told_at_most_once_an_hour_in_their_own_language() {
    let bench = Bench::new();
    let french = User {
        language: Some(language("fr")),
        ..ada()
    };
    looks_up(&bench, Some(french));
    let queued = bench.begins(Scope::System, |unit| queues(unit, 2));

    send_code(&bench, issues(&bench, issued()))
        .run(command())
        .await
        .unwrap();

    let notice = queued.all()[1].clone();
    assert_eq!(notice.language, language("fr"));
    // The same key as the notice of `SignUp` has: both together are one an hour.
    let same = bench.desk().job_once_in(
        secs(3_600),
        &Letter::from(MailMessage::AccountExists {
            name: String::new(),
        }),
        &address("ADA@example.com"),
        Language::english(),
        T0,
    );
    assert_eq!(notice.dedupe, same.dedupe);
    assert_eq!(notice.dedupe.unwrap().until, T0.plus(secs(3_600)));
    bench.finish();
}

#[tokio::test]
async fn a_code_whose_mail_cannot_be_queued_is_withdrawn_and_nobody_is_woken() {
    let no_read = Bench::new();
    no_read.read_fails(lost());

    let no_unit = Bench::new();
    looks_up(&no_unit, None);
    no_unit.begin_fails(lost());

    let no_job = Bench::new();
    looks_up(&no_job, None);
    no_job.begins(Scope::System, |unit| {
        unit.outbox.expect_enqueue().return_once(|_| Err(lost()));
    });

    let no_commit = Bench::new();
    looks_up(&no_commit, None);
    no_commit.fails_to_commit(Scope::System, lost(), |unit| queues(unit, 1));

    let no_standing = Bench::new();
    no_standing.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .return_once(|_| Ok(Some(ada())));
        unit.memberships
            .expect_find_standing()
            .return_once(|_, _| Err(lost()));
    });

    for bench in [no_read, no_standing, no_unit, no_job, no_commit] {
        let mut pending = issues(&bench, issued());
        pending
            .expect_withdraw_code()
            .with(eq(issue(&bench)))
            .times(1)
            .returning(|_| Ok(()));

        let refused = send_code(&bench, pending).run(command()).await;

        assert_eq!(refused, Err(SendCodeError::Store(lost())));
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn a_code_that_cannot_even_be_withdrawn_does_not_hide_why() {
    let bench = Bench::new();
    bench.read_fails(lost());
    let mut pending = issues(&bench, issued());
    pending.expect_withdraw_code().returning(|_| Err(away()));

    let refused = send_code(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(SendCodeError::Store(lost())));
    bench.finish();
}

#[tokio::test]
async fn a_code_that_may_not_be_issued_yet_says_how_long_to_wait() {
    for (answer, error) in [
        (
            IssuedCode::TooSoon {
                until: T0.plus(secs(42)),
            },
            SendCodeError::TooSoon { wait: secs(42) },
        ),
        (
            IssuedCode::Locked {
                until: T0.plus(secs(7_200)),
                budget: POLICY.address_budgets.longest(),
            },
            SendCodeError::Locked { wait: secs(7_200) },
        ),
        (IssuedCode::Gone, SendCodeError::NotFound),
        (
            IssuedCode::WorkspaceRequired,
            SendCodeError::WorkspaceRequired,
        ),
    ] {
        let bench = Bench::new();

        let refused = send_code(&bench, issues(&bench, answer))
            .run(command())
            .await;

        assert_eq!(refused, Err(error));
        assert_eq!(
            bench.journal.only(&["read System", "begin System"]).len(),
            0
        );
        bench.finish();
    }
}

#[tokio::test]
async fn s3_a_lock_tells_of_the_budget_that_locks() {
    let (hour, day) = (Limit::new(3, secs(3_600)), Limit::new(5, secs(86_400)));
    for (budget, name) in [(hour, "confirm-email-3600s"), (day, "confirm-email-86400s")] {
        let bench = Bench::new();
        let until = T0.plus(secs(90));
        let locked = issues(&bench, IssuedCode::Locked { until, budget });
        let mut send_code = send_code(&bench, locked);
        send_code.policy.address_budgets = GuessBudgets::of(&[hour, day]).unwrap();
        let command = command();
        let ledger = command.ledger.clone();

        let refused = send_code.run(command).await;

        assert_eq!(refused, Err(SendCodeError::Locked { wait: secs(90) }));
        let told = LimitStanding::refusing(name, budget.quota(), budget.window(), secs(90));
        assert_eq!(ledger.standings().last(), Some(&told));
        bench.finish();
    }
}

#[tokio::test]
async fn s8_before_a_workspace_is_chosen_no_code_is_issued() {
    let bench = Bench::new();

    let refused = send_code(&bench, kept(&bench, &signup(None)))
        .run(command())
        .await;

    assert_eq!(refused, Err(SendCodeError::WorkspaceRequired));
    bench.finish();
}

#[tokio::test]
async fn a_signup_that_is_not_there_and_a_cache_that_is_away_are_told() {
    let bench = Bench::new();
    let refused = send_code(&bench, loads(&bench, Ok(None)))
        .run(command())
        .await;
    assert_eq!(refused, Err(SendCodeError::NotFound));

    let refused = send_code(&bench, loads(&bench, Err(away())))
        .run(command())
        .await;
    assert_eq!(refused, Err(SendCodeError::Cache(away())));

    let mut pending = kept(&bench, &signup(Some(draft("engines"))));
    pending.expect_issue_code().returning(|_| Err(away()));
    let refused = send_code(&bench, pending).run(command()).await;
    assert_eq!(refused, Err(SendCodeError::Cache(away())));
    bench.finish();
}
