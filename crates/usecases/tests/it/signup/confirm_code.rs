//! Confirming a code.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::User;
use kogents_domain::cache::CacheError;
use kogents_domain::limits::{Limit, LimitLedger, LimitStanding};
use kogents_domain::mail::{Letter, MailBrand, MailMessage};
use kogents_domain::signup::{
    CodeTry, GuessBudgets, Lease, MockPendingSignups, OtpCode, PendingSignup, TriedCode,
};
use kogents_domain::store::{Constraint, Scope, StoreError};
use kogents_domain::workspace::MembershipStatus;
use kogents_usecases::signup::{ConfirmCode, ConfirmCodeCommand, ConfirmCodeError, Confirmed};
use mockall::predicate::eq;
use serde_json::json;

use super::given::{away, draft, entry, kept, key, loads, shows, signup, signup_id, token};
use crate::support::{
    Bench, By, Founded, POLICY, T0, ada, address, client, client_ip, language, lost, password_hash,
    random, secs, without_ids,
};

const LEASE: Lease = Lease(5);

fn confirm(bench: &Bench, pending: MockPendingSignups) -> ConfirmCode {
    ConfirmCode {
        policy: POLICY,
        drafts: bench.drafts(pending),
        store: bench.store(),
        opener: bench.opener(),
        minter: bench.minter(),
        mail: bench.desk(),
        signal: bench.signal(),
        audit: bench.audit(),
        clock: bench.clock(),
        ids: bench.ids(),
        random: random(),
    }
}

fn command() -> ConfirmCodeCommand {
    ConfirmCodeCommand {
        token: token(),
        code: OtpCode::parse("000042").unwrap(),
        client: client(),
        ledger: LimitLedger::default(),
    }
}

fn complete() -> PendingSignup {
    signup(Some(draft("engines")))
}

/// A cache that has the signup and gives this answer to the guess.
fn tries(bench: &Bench, answer: Result<TriedCode, CacheError>) -> MockPendingSignups {
    let key = key(bench);
    let guess = CodeTry {
        key,
        code: bench.digester().signup_code(
            &key,
            &address("ada@example.com"),
            &OtpCode::parse("000042").unwrap(),
        ),
        now: T0,
    };
    let mut pending = kept(bench, &complete());
    pending
        .expect_try_code()
        .with(eq(guess))
        .times(1)
        .return_once(move |_| answer);
    pending
}

/// A cache that finds the guess right and leases the signup.
fn leases(bench: &Bench) -> MockPendingSignups {
    let entry = entry(bench, &complete());
    tries(
        bench,
        Ok(TriedCode::Right {
            lease: LEASE,
            entry,
        }),
    )
}

fn finishes(mut pending: MockPendingSignups, bench: &Bench) -> MockPendingSignups {
    pending
        .expect_finish()
        .with(eq(key(bench)))
        .times(1)
        .returning(|_| Ok(()));
    pending
}

fn releases(mut pending: MockPendingSignups, bench: &Bench) -> MockPendingSignups {
    pending
        .expect_release()
        .with(eq(key(bench)), eq(LEASE))
        .times(1)
        .returning(|_, _| Ok(()));
    pending
}

/// A store that takes everything in.
fn founds(bench: &Bench) -> Founded {
    bench.begins(Scope::System, Founded::all)
}

async fn confirmed(bench: &Bench) -> (Confirmed, Founded) {
    let founded = founds(bench);
    let pending = finishes(leases(bench), bench);
    let confirmed = confirm(bench, pending).run(command()).await.unwrap();
    (confirmed, founded)
}

#[tokio::test]
async fn the_signup_becomes_a_person_with_a_workspace_and_a_session() {
    let bench = Bench::new();

    let (confirmed, founded) = confirmed(&bench).await;

    let user = founded.users.only();
    assert_eq!(user.email.as_given(), "Ada@Example.com");
    assert_eq!(user.password_hash, password_hash());
    assert_eq!(user.signup_id, signup_id());
    assert_eq!(user.first_touch.analytics, complete().analytics);
    let workspace = founded.workspaces.only();
    assert_eq!(workspace.slug, draft("engines").slug);
    assert_eq!(workspace.name, draft("engines").name);
    assert_eq!(workspace.branding, draft("engines").branding);
    assert_eq!(user.last_workspace_id, Some(workspace.id));
    let session = founded.sessions.only();
    assert_eq!(session.session.user_id, user.id);
    assert_eq!(session.session.workspace_id, Some(workspace.id));
    assert_eq!(session.session.started_at, T0);
    assert_eq!(session.facts.ip_address, client_ip());
    assert_eq!(session.facts.utm_source.as_deref(), Some("newsletter"));
    assert_eq!(
        session.facts.device_name.as_deref(),
        Some("Chrome on Android")
    );
    assert_eq!(session.facts.city.as_deref(), Some("K\u{F6}ln"));
    assert_eq!(session.facts.is_new_device, Some(true));

    let signed_in = confirmed.signed_in;
    let standing = signed_in.standing.unwrap();
    assert_eq!(signed_in.user, user);
    assert_eq!(signed_in.session, session);
    assert_eq!(standing.workspace, workspace);
    assert_eq!(standing.role.system, Some(SystemRole::Admin));
    let refresh = signed_in.tokens.refresh;
    let claims = bench.refresh().read(refresh.expose(), T0).unwrap();
    assert_eq!(claims.session_id, session.session.id);
    bench.finish();
}

#[tokio::test]
async fn the_workspace_has_every_system_role_and_the_person_is_its_admin() {
    let bench = Bench::new();

    let (_, founded) = confirmed(&bench).await;

    let roles = founded.roles.all();
    let systems: Vec<SystemRole> = roles.iter().filter_map(|role| role.system).collect();
    assert_eq!(systems, SystemRole::ALL);
    let workspace = founded.workspaces.only();
    assert!(roles.iter().all(|role| role.workspace_id == workspace.id));
    let membership = founded.memberships.only();
    assert_eq!(membership.user_id, founded.users.only().id);
    assert_eq!(membership.workspace_id, workspace.id);
    assert_eq!(membership.role_id, roles[0].id);
    assert_eq!(membership.status, MembershipStatus::Active);
    bench.finish();
}

#[tokio::test]
async fn the_workspaces_log_begins_with_what_was_made_and_by_whom() {
    let bench = Bench::new();

    let (_, founded) = confirmed(&bench).await;

    let (user, workspace) = (founded.users.only(), founded.workspaces.only());
    let session = founded.sessions.only().session;
    let by = By::person(user.id).in_session(session.id);
    let by = by.in_log(workspace.id);
    let named = json!({ "name": "Analytical Engines", "slug": "engines" });
    let opened = json!({ "type": "WEB", "by": "signup" });
    let token = founded.api_tokens.only();
    let prefix = json!({ "prefix": token.prefix });
    let told = [
        by.did("workspace.created", AuditTarget::from(workspace.id), named),
        by.did(
            "member.joined",
            AuditTarget::from(user.id),
            json!({ "role": "admin" }),
        ),
        by.did("api_token.created", AuditTarget::from(token.id), prefix),
        by.did("session.opened", AuditTarget::from(session.id), opened),
    ];
    assert_eq!(without_ids(founded.told.all()), told);
    bench.finish();
}

#[tokio::test]
async fn the_first_session_asks_for_no_others() {
    let bench = Bench::new();

    confirmed(&bench).await;

    assert_eq!(bench.journal.count("read Person"), 0);
    assert_eq!(bench.counters.asked(), []);
    bench.finish();
}

#[tokio::test]
async fn every_row_has_an_id_of_its_own() {
    let bench = Bench::new();

    let (_, founded) = confirmed(&bench).await;

    let mut ids: Vec<String> = founded
        .roles
        .all()
        .iter()
        .map(|role| role.id.to_string())
        .collect();
    ids.push(founded.users.only().id.to_string());
    ids.push(founded.workspaces.only().id.to_string());
    ids.push(founded.sessions.only().session.id.to_string());
    ids.push(founded.api_tokens.only().id.to_string());
    ids.push(founded.mails.only().id.to_string());
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    bench.finish();
}

#[tokio::test]
async fn s5_of_the_api_token_only_prefix_and_digest_are_kept() {
    let bench = Bench::new();

    let (confirmed, founded) = confirmed(&bench).await;

    let secret = confirmed.api_token.secret();
    let token = founded.api_tokens.only();
    assert!(secret.expose().starts_with("kgw_"));
    assert_eq!(token.digest, bench.digester().random_secret(secret));
    assert_eq!(token.prefix, secret.expose()[..8]);
    assert_eq!(token.workspace_id, founded.workspaces.only().id);
    assert_eq!(token.revoked_at, None);
    assert!(!shows(token.digest.as_bytes(), secret.expose()));
    bench.finish();
}

#[tokio::test]
async fn s5_of_the_refresh_token_only_a_digest_is_kept() {
    let bench = Bench::new();

    let (_, founded) = confirmed(&bench).await;

    let session = founded.sessions.only().session;
    assert_eq!(
        session.refresh.digest,
        bench.minter().refresh_digest(session.id, 0)
    );
    assert_ne!(
        session.refresh.digest,
        bench.digester().refresh_token_id(session.id, 0)
    );
    bench.finish();
}

#[tokio::test]
async fn the_welcome_mail_is_written_in_the_language_of_the_signup() {
    let bench = Bench::new();

    let (_, founded) = confirmed(&bench).await;

    let job = founded.mails.only();
    assert_eq!(job.recipient, address("ada@example.com"));
    assert_eq!(job.language, language("de"));
    let workspace = founded.workspaces.only();
    assert_eq!(
        bench.letter(&job),
        Letter {
            brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
            message: MailMessage::Welcome {
                name: "Ada".to_owned(),
                workspace: "Analytical Engines".to_owned(),
                slug: "engines".to_owned(),
            },
        }
    );
    bench.finish();
}

#[tokio::test]
async fn everything_is_one_unit_of_work_between_the_lease_and_the_end_of_the_signup() {
    let bench = Bench::new();

    confirmed(&bench).await;

    let order = [
        "load",
        "open",
        "try code",
        "open",
        "detect",
        "locate",
        "seal",
        "begin System",
        "commit",
        "wake",
        "finish",
        "mint access",
        "mint refresh",
    ];
    let mut entries = bench.journal.entries();
    // What arranging the test sealed comes before.
    let start = entries.iter().position(|entry| entry == "load").unwrap();
    assert_eq!(entries.split_off(start), order);
    bench.finish();
}

#[tokio::test]
async fn the_workspace_is_the_one_chosen_when_the_code_was_found_right() {
    let bench = Bench::new();
    let founded = founds(&bench);
    let newer = entry(&bench, &signup(Some(draft("newer-choice"))));
    let right = TriedCode::Right {
        lease: LEASE,
        entry: newer,
    };
    let pending = finishes(tries(&bench, Ok(right)), &bench);

    let confirmed = confirm(&bench, pending).run(command()).await;

    assert!(confirmed.is_ok());
    assert_eq!(founded.workspaces.only().slug, draft("newer-choice").slug);
    bench.finish();
}

#[tokio::test]
async fn a_guess_that_is_not_right_writes_nothing() {
    for (answer, error) in [
        (
            TriedCode::Wrong {
                attempts_remaining: 4,
            },
            ConfirmCodeError::Invalid {
                attempts_remaining: 4,
            },
        ),
        (
            TriedCode::Wrong {
                attempts_remaining: 0,
            },
            ConfirmCodeError::Invalid {
                attempts_remaining: 0,
            },
        ),
        (TriedCode::Exhausted, ConfirmCodeError::Exhausted),
        (TriedCode::NoCode, ConfirmCodeError::NoCode),
        (
            TriedCode::Locked {
                until: T0.plus(secs(90)),
                budget: POLICY.address_budgets.longest(),
            },
            ConfirmCodeError::Locked { wait: secs(90) },
        ),
        (TriedCode::InProgress, ConfirmCodeError::InProgress),
        (TriedCode::Gone, ConfirmCodeError::NotFound),
    ] {
        let bench = Bench::new();

        let refused = confirm(&bench, tries(&bench, Ok(answer)))
            .run(command())
            .await;

        assert_eq!(refused, Err(error));
        assert_eq!(bench.journal.count("begin System"), 0);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn s3_a_lock_tells_of_the_budget_that_locks() {
    let (hour, day) = (Limit::new(3, secs(3_600)), Limit::new(5, secs(86_400)));
    for (budget, name) in [(hour, "confirm-email-3600s"), (day, "confirm-email-86400s")] {
        let bench = Bench::new();
        let until = T0.plus(secs(90));
        let locked = tries(&bench, Ok(TriedCode::Locked { until, budget }));
        let mut confirm = confirm(&bench, locked);
        confirm.policy.address_budgets = GuessBudgets::of(&[hour, day]).unwrap();
        let command = command();
        let ledger = command.ledger.clone();

        let refused = confirm.run(command).await;

        assert_eq!(refused, Err(ConfirmCodeError::Locked { wait: secs(90) }));
        let told = LimitStanding::refusing(name, budget.quota(), budget.window(), secs(90));
        assert_eq!(ledger.standings(), [told]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_right_code_of_a_signup_without_a_workspace_gives_the_lease_back() {
    let bench = Bench::new();
    let right = TriedCode::Right {
        lease: LEASE,
        entry: entry(&bench, &signup(None)),
    };
    let pending = releases(tries(&bench, Ok(right)), &bench);

    let refused = confirm(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(ConfirmCodeError::NoCode));
    assert_eq!(bench.journal.count("begin System"), 0);
    bench.finish();
}

#[tokio::test]
async fn a_signup_that_is_not_there_and_a_cache_that_is_away_are_told() {
    let bench = Bench::new();
    let refused = confirm(&bench, loads(&bench, Ok(None)))
        .run(command())
        .await;
    assert_eq!(refused, Err(ConfirmCodeError::NotFound));

    let refused = confirm(&bench, loads(&bench, Err(away())))
        .run(command())
        .await;
    assert_eq!(refused, Err(ConfirmCodeError::Cache(away())));

    let refused = confirm(&bench, tries(&bench, Err(away())))
        .run(command())
        .await;
    assert_eq!(refused, Err(ConfirmCodeError::Cache(away())));
    bench.finish();
}

/// The store refuses what breaks this constraint.
fn conflicts(bench: &Bench, constraint: Constraint) {
    bench.begins(Scope::System, |unit| Founded::until(unit, constraint));
}

/// The address is looked up once more.
fn looks_up(bench: &Bench, owner: Option<User>) {
    bench.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .withf(|email| *email == address("ada@example.com"))
            .times(1)
            .return_once(|_| Ok(owner));
    });
}

#[tokio::test]
async fn s8_a_signup_that_was_committed_before_is_spent_and_goes() {
    let bench = Bench::new();
    conflicts(&bench, Constraint::UserSignup);
    let pending = finishes(leases(&bench), &bench);

    let refused = confirm(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(ConfirmCodeError::NotFound));
    assert_eq!(bench.journal.count("rollback"), 1);
    assert_eq!(bench.signal.count(), 0);
    bench.finish();
}

#[tokio::test]
async fn s8_a_store_that_names_the_address_of_the_same_signup_means_the_same() {
    let bench = Bench::new();
    conflicts(&bench, Constraint::UserEmail);
    looks_up(
        &bench,
        Some(User {
            signup_id: signup_id(),
            ..ada()
        }),
    );
    let pending = finishes(leases(&bench), &bench);

    let refused = confirm(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(ConfirmCodeError::NotFound));
    bench.finish();
}

#[tokio::test]
async fn s6_an_address_that_got_an_account_meanwhile_is_answered_as_a_wrong_code() {
    // The account may be gone again by the second look; the answer is the same.
    for owner in [Some(ada()), None] {
        let bench = Bench::new();
        conflicts(&bench, Constraint::UserEmail);
        looks_up(&bench, owner);
        let mut pending = leases(&bench);
        pending
            .expect_fail()
            .with(eq(key(&bench)), eq(LEASE), eq(T0))
            .times(1)
            .returning(|_, _, _| Ok(3));

        let refused = confirm(&bench, pending).run(command()).await;

        let wrong = ConfirmCodeError::Invalid {
            attempts_remaining: 3,
        };
        assert_eq!(refused, Err(wrong));
        let order = ["begin System", "rollback", "read System", "close", "fail"];
        assert_eq!(bench.journal.only(&order), order);
        bench.finish();
    }
}

#[tokio::test]
async fn a_slug_that_was_taken_meanwhile_leaves_code_and_signup_as_they_are() {
    let bench = Bench::new();
    conflicts(&bench, Constraint::WorkspaceSlug);
    let pending = releases(leases(&bench), &bench);

    let refused = confirm(&bench, pending).run(command()).await;

    assert_eq!(refused, Err(ConfirmCodeError::SlugTaken));
    let order = ["begin System", "rollback", "release"];
    assert_eq!(bench.journal.only(&order), order);
    bench.finish();
}

#[tokio::test]
async fn a_conflict_that_cannot_come_from_the_caller_is_a_failure_and_gives_the_lease_back() {
    for constraint in [
        Constraint::RoleName,
        Constraint::Membership,
        Constraint::ApiTokenDigest,
    ] {
        let bench = Bench::new();
        conflicts(&bench, constraint);
        let pending = releases(leases(&bench), &bench);

        let refused = confirm(&bench, pending).run(command()).await;

        let conflict = StoreError::Conflict(constraint);
        assert_eq!(refused, Err(ConfirmCodeError::Store(conflict)));
        assert_eq!(bench.journal.count("rollback"), 1);
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_gives_the_lease_back_and_shows_no_token() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_row = Bench::new();
    no_row.begins(Scope::System, |unit| {
        unit.users.expect_insert().return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), Founded::all);
    for bench in [no_unit, no_row, no_commit] {
        let pending = releases(leases(&bench), &bench);

        let refused = confirm(&bench, pending).run(command()).await;

        assert_eq!(refused, Err(ConfirmCodeError::Store(lost())));
        assert_eq!(bench.signal.count(), 0);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn a_signup_that_cannot_be_removed_after_the_commit_changes_no_answer() {
    let bench = Bench::new();
    founds(&bench);
    let mut pending = leases(&bench);
    pending.expect_finish().times(1).returning(|_| Err(away()));

    let confirmed = confirm(&bench, pending).run(command()).await;

    assert!(confirmed.is_ok());
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_is_away_after_a_conflict_hides_no_answer_but_that_of_a_guess_not_counted() {
    for (constraint, answer) in [
        (Constraint::UserSignup, ConfirmCodeError::NotFound),
        (Constraint::WorkspaceSlug, ConfirmCodeError::SlugTaken),
        (Constraint::UserEmail, ConfirmCodeError::Cache(away())),
    ] {
        let bench = Bench::new();
        conflicts(&bench, constraint);
        if constraint == Constraint::UserEmail {
            looks_up(&bench, Some(ada()));
        }
        let mut pending = leases(&bench);
        pending.expect_finish().returning(|_| Err(away()));
        pending.expect_release().returning(|_, _| Err(away()));
        pending.expect_fail().returning(|_, _, _| Err(away()));

        let refused = confirm(&bench, pending).run(command()).await;

        assert_eq!(refused, Err(answer));
        bench.finish();
    }
}
