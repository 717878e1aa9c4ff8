//! Asking for a link by which a new password is chosen.

use kogents_domain::auth::{OneTimeToken, TokenPurpose, User};
use kogents_domain::limits::{LimitLedger, LimitRule};
use kogents_domain::mail::{Lane, Letter, MailBrand, MailJob, MailMessage, Template};
use kogents_domain::store::Scope;
use kogents_domain::workspace::Standing;
use kogents_testkit::fakes::AskedOfLimiter::Take;
use kogents_usecases::auth::{
    RequestPasswordReset, RequestPasswordResetCommand, RequestPasswordResetError,
};
use kogents_usecases::limits::Limited;
use mockall::predicate::eq;

use super::given::{inserts, queues, speaking, suspended};
use crate::support::{
    Bench, Slot, T0, Units, ada, ada_id, address, language, lost, secs, standing, workspace,
    workspace_id,
};

fn request(bench: &Bench) -> RequestPasswordReset {
    RequestPasswordReset {
        limits: bench.limits(),
        store: bench.store(),
        desk: bench.resets(),
        signal: bench.signal(),
        clock: bench.clock(),
        ids: bench.ids(),
    }
}

fn command(email: &str) -> RequestPasswordResetCommand {
    RequestPasswordResetCommand {
        email: address(email),
        language: language("de"),
        ledger: LimitLedger::default(),
    }
}

/// The address is looked up once, and one person's standing, whoever they are.
fn looks_up(bench: &Bench, owner: Option<User>, standing: Standing) {
    let known = owner.as_ref().is_some_and(|owner| !owner.is_suspended());
    bench.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .withf(|email| email.as_given().eq_ignore_ascii_case("ada@example.com"))
            .times(1)
            .return_once(|_| Ok(owner));
        unit.memberships
            .expect_find_standing()
            .withf(move |user, last| {
                let asked = (*user == ada_id(), *last);
                asked == (known, known.then(|| workspace_id(1)))
            })
            .times(1)
            .return_once(move |_, _| Ok(known.then_some(standing)));
    });
}

/// Whoever has the address is locked, or as much is done for nobody.
fn locks(unit: &mut Units, owner: Option<User>) {
    let owner = owner.filter(|owner| !owner.is_suspended());
    let known = owner.is_some();
    unit.users
        .expect_find_for_update()
        .withf(move |user| (*user == ada_id()) == known)
        .times(1)
        .return_once(|_| Ok(owner));
}

/// A token and a mail are written, in one unit of work.
fn writes(bench: &Bench, owner: Option<User>) -> (Slot<OneTimeToken>, Slot<MailJob>) {
    bench.begins(Scope::System, |unit| {
        locks(unit, owner);
        (inserts(unit), queues(unit))
    })
}

/// What is written when the address's owner is this.
async fn written(
    email: &str,
    owner: Option<User>,
    standing: Standing,
) -> (Bench, OneTimeToken, MailJob) {
    let bench = Bench::new();
    looks_up(&bench, owner.clone(), standing);
    let (tokens, jobs) = writes(&bench, owner);
    assert_eq!(request(&bench).run(command(email)).await, Ok(()));
    bench.finish();
    (bench, tokens.only(), jobs.only())
}

#[tokio::test]
async fn s13_the_owner_is_mailed_a_link_that_is_good_for_an_hour() {
    // Asked with another form of the address than the one that is proven.
    let (bench, kept, job) = written("ADA@Example.com", Some(ada()), standing(1)).await;

    assert_eq!(kept.purpose, TokenPurpose::PasswordReset);
    assert_eq!(kept.user_id, Some(ada_id()));
    assert_eq!(kept.expires_at, T0.plus(secs(3_600)));
    assert_eq!(job.template, Template::PasswordReset);
    // People wait for it.
    assert_eq!(job.template.lane(), Lane::Code);
    assert_eq!(job.recipient.as_given(), "ada@example.com");
    assert_eq!((job.run_at, job.expires_at), (T0, Some(kept.expires_at)));
    assert_eq!(job.dedupe, None);
    let Letter {
        brand,
        message:
            MailMessage::PasswordReset {
                name,
                token,
                minutes,
            },
    } = bench.letter(&job)
    else {
        panic!("another mail was queued");
    };
    assert_eq!((name.as_str(), minutes), ("Ada", 60));
    assert_eq!(bench.tokens().digest(&token), kept.digest);
    let workspace = workspace(1);
    let theirs = MailBrand::of(&workspace.name, &workspace.branding);
    assert_eq!(brand, Some(theirs));
}

#[tokio::test]
async fn s6_for_every_address_the_same_is_read_and_written_in_the_same_order() {
    for owner in [Some(ada()), None, Some(suspended())] {
        let (bench, kept, job) = written("ada@example.com", owner, standing(1)).await;

        let order = [
            "take limits",
            "read System",
            "close",
            "seal",
            "begin System",
            "commit",
            "wake",
        ];
        assert_eq!(bench.journal.entries(), order);
        assert_eq!(kept.purpose, TokenPurpose::PasswordReset);
        assert_eq!(job.template, Template::PasswordReset);
        assert_eq!(job.expires_at, Some(kept.expires_at));
        assert!(job.replace_key.is_some());
    }
}

#[tokio::test]
async fn s6_of_an_unknown_address_or_a_suspended_person_nothing_comes() {
    for owner in [None, Some(suspended())] {
        let (_, kept, job) = written("Ada@example.com", owner, standing(1)).await;

        assert_eq!(kept.user_id, None);
        assert!(job.run_at >= job.expires_at.unwrap(), "it would go out");
        assert_eq!(job.recipient.as_given(), "Ada@example.com");
    }
}

#[tokio::test]
async fn the_mail_is_in_the_persons_language_else_their_workspaces_else_the_requests() {
    for (own, theirs, expected) in [
        (Some("fr"), Some("it"), "fr"),
        (None, Some("it"), "it"),
        (None, None, "de"),
    ] {
        let (user, standing) = speaking(own, theirs);
        let (_, _, job) = written("ada@example.com", Some(user), standing).await;
        assert_eq!(job.language, language(expected));
    }
    let (_, _, job) = written("ada@example.com", None, standing(1)).await;
    assert_eq!(job.language, language("de"));
}

#[tokio::test]
async fn a_newer_request_for_the_same_address_voids_the_mail_of_the_older_one() {
    let (_, _, first) = written("ada@example.com", Some(ada()), standing(1)).await;
    let (_, _, again) = written("ADA@Example.com", Some(ada()), standing(1)).await;
    let (bench, _, nobodys) = written("ada@example.com", None, standing(1)).await;
    assert_eq!(first.replace_key, again.replace_key);
    assert_eq!(first.replace_key, nobodys.replace_key);
    let other = bench.digester().address(&address("bob@example.com"));
    let other = bench.desk().key("password_reset", &other);
    assert_ne!(first.replace_key, Some(other));
}

#[tokio::test]
async fn s24_resets_of_one_address_are_limited_before_the_store_is_asked() {
    let bench = Bench::new();
    let mailbox = bench.limits().mailbox(&address("ada@example.com"));
    bench.limiter.refuse(LimitRule::ResetEmail, secs(42));

    let refused = request(&bench).run(command("ADA@example.com")).await;

    let limited = Limited { wait: secs(42) };
    assert_eq!(refused, Err(RequestPasswordResetError::Limited(limited)));
    let asked = [Take(vec![(LimitRule::ResetEmail, mailbox)])];
    assert_eq!(bench.limiter.asked(), asked);
    bench.finish();
}

#[tokio::test]
async fn s13_whose_address_changes_meanwhile_is_not_mailed_at_the_old_one() {
    let bench = Bench::new();
    looks_up(&bench, Some(ada()), standing(1));
    bench.begins(Scope::System, |unit| {
        let email = address("ada@example.org");
        locks(unit, Some(User { email, ..ada() }));
        unit.one_time_tokens.expect_insert().never();
        unit.outbox.expect_enqueue().never();
    });

    let asked = request(&bench).run(command("ada@example.com")).await;

    assert_eq!(asked, Ok(()));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_nobody_is_woken() {
    let no_read = Bench::new();
    no_read.read_fails(lost());
    let no_user = Bench::new();
    no_user.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .with(eq(address("ada@example.com")))
            .return_once(|_| Err(lost()));
    });
    let no_standing = Bench::new();
    no_standing.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .return_once(|_| Ok(Some(ada())));
        unit.memberships
            .expect_find_standing()
            .return_once(|_, _| Err(lost()));
    });
    let no_unit = Bench::new();
    looks_up(&no_unit, None, standing(1));
    no_unit.begin_fails(lost());
    let no_token = Bench::new();
    looks_up(&no_token, None, standing(1));
    no_token.begins(Scope::System, |unit| {
        locks(unit, None);
        unit.one_time_tokens
            .expect_insert()
            .return_once(|_| Err(lost()));
    });
    let no_job = Bench::new();
    looks_up(&no_job, Some(ada()), standing(1));
    no_job.begins(Scope::System, |unit| {
        locks(unit, Some(ada()));
        inserts(unit);
        unit.outbox.expect_enqueue().return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    looks_up(&no_commit, Some(ada()), standing(1));
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        locks(unit, Some(ada()));
        inserts(unit);
        queues(unit);
    });
    for bench in [
        no_read,
        no_user,
        no_standing,
        no_unit,
        no_token,
        no_job,
        no_commit,
    ] {
        let failed = request(&bench).run(command("ada@example.com")).await;
        assert_eq!(failed, Err(RequestPasswordResetError::Store(lost())));
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}
