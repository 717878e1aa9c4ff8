//! S13, S6: the wish for another address.

use std::sync::Arc;

use kogents_domain::auth::{NewPassword, ProfileChange, TokenPurpose, User};
use kogents_domain::limits::{LimitLedger, LimitRule, LimitSubject};
use kogents_domain::mail::{MailJob, MailMessage, MailState, MailedToken};
use kogents_domain::page::PageLimit;
use kogents_domain::session::MockSessionStates;
use kogents_domain::store::Scope;
use kogents_testkit::builders::a_user;
use kogents_testkit::fakes::AskedOfLimiter::{GiveBack, Take};
use kogents_usecases::auth::{
    Credentials, EmailChange, EmailChangeDesk, ReadProfile, Reauthenticate, ReauthenticateError,
    UpdateProfile, UpdateProfileCommand, UpdateProfileError,
};
use kogents_usecases::limits::Limited;
use kogents_usecases::workspace::Member;
use serde_json::json;

use crate::auth::account::{Accounts, entered, nothing};
use crate::support::{
    Bench, By, PASSWORD, Slot, T0, WRONG_PASSWORD, ada, ada_id, address, caller, hears, language,
    name, secs, standing, workspace_id,
};

const FREE: &str = "countess@example.org";

/// A member wants another address.
fn wanting(member: Member, email: &str) -> UpdateProfileCommand {
    UpdateProfileCommand {
        email: Some(address(email)),
        current_password: entered(PASSWORD),
        ..nothing(member)
    }
}

/// The token that a mail carries to a new address.
fn mailed(message: MailMessage) -> MailedToken {
    let MailMessage::ConfirmEmail { token, hours, .. } = message else {
        panic!("{message:?}");
    };
    assert_eq!(hours, 24);
    token
}

#[tokio::test]
async fn s13_the_new_mailbox_is_mailed_a_link_and_the_account_keeps_the_old_address() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let before = accounts.user(agent.user_id).await.unwrap();
    let command = UpdateProfileCommand {
        change: ProfileChange {
            language: Some(Some(language("fr"))),
            ..ProfileChange::default()
        },
        ..wanting(agent, FREE)
    };

    let profile = accounts.update_profile().run(command).await.unwrap();

    assert_eq!(profile.user.email, before.email);
    assert_eq!(profile.user.language, Some(language("fr")));
    let letters = accounts.letters().await;
    assert_eq!(letters.len(), 1);
    let (mail, letter) = letters.into_iter().next().unwrap();
    assert_eq!(mail.recipient, address(FREE));
    // As they want to be written to from now on.
    assert_eq!(mail.language, language("fr"));
    assert_eq!(mail.expires_at, Some(T0.plus(secs(24 * 3_600))));
    let digest = accounts.tokens().digest(&mailed(letter.message));
    let mut unit = accounts.tenants.look().await;
    let purpose = TokenPurpose::ConfirmEmail;
    let kept = unit.one_time_tokens().find(purpose, &digest, T0).await;
    let kept = kept.unwrap().unwrap();
    assert_eq!(kept.user_id, Some(agent.user_id));
    assert_eq!(kept.expires_at, T0.plus(secs(24 * 3_600)));
    let about: Option<EmailChange> = accounts.tokens().about(&kept);
    let expected = EmailChange {
        email: address(FREE),
        asked_by: agent.session_id,
    };
    assert_eq!(about, Some(expected));
    drop(unit);
    let told = accounts.told(agent.workspace_id).await;
    let wish = By::member(agent).did(
        "email.change_requested",
        Some(agent.user_id.into()),
        json!({}),
    );
    assert_eq!(told, [wish]);
    assert_eq!(accounts.signal.count(), 1);
    // No session ends yet.
    let steps = accounts.tenants.journal.only(&["fence", "lift"]);
    assert_eq!(steps, Vec::<String>::new());
    accounts.tenants.journal.assert_units_are_undisturbed();
}

#[tokio::test]
async fn s6_a_taken_address_gets_as_much_and_nothing_comes_of_it() {
    let mut journals = Vec::new();
    let mut answers = Vec::new();
    for taken in [false, true] {
        let accounts = Accounts::new().await;
        let (agent, stranger) = (accounts.tenants.agent, accounts.tenants.stranger);
        let theirs = accounts.user(stranger.user_id).await.unwrap().email;
        let wanted = if taken { theirs.as_given() } else { FREE };
        let before = accounts.user(agent.user_id).await.unwrap();

        let profile = accounts.update_profile().run(wanting(agent, wanted)).await;

        let user = profile.unwrap().user;
        answers.push(user == before);
        journals.push(accounts.tenants.journal.entries());
        assert_eq!(accounts.queued().await, 1);
        assert_eq!(accounts.told(agent.workspace_id).await.len(), 1);
        // Until the day is over and after it.
        let mut claimed = accounts.letters().await.len();
        for _ in 0..3 {
            accounts.tenants.clock.advance(secs(12 * 3_600));
            claimed += accounts.letters().await.len();
        }
        assert_eq!(claimed, usize::from(!taken));
        let mut unit = accounts.tenants.change().await;
        let voided = unit
            .one_time_tokens()
            .void_all(agent.user_id, TokenPurpose::ConfirmEmail, T0)
            .await;
        // Of a taken address the token is nobody's.
        assert_eq!(voided, Ok(u64::from(!taken)));
    }
    assert_eq!(answers, [true, true]);
    assert_eq!(journals[0], journals[1]);
}

#[tokio::test]
async fn asking_again_voids_what_was_asked_for_before() {
    let accounts = Accounts::new().await;
    let (agent, stranger) = (accounts.tenants.agent, accounts.tenants.stranger);
    let update = accounts.update_profile();
    update.run(wanting(agent, FREE)).await.unwrap();
    let (_, first) = accounts.letters().await.remove(0);
    let first = accounts.tokens().digest(&mailed(first.message));
    update.run(wanting(agent, "ada@example.net")).await.unwrap();
    // A wish of somebody else's is none of theirs.
    update.run(wanting(stranger, FREE)).await.unwrap();
    let theirs = accounts.user(stranger.user_id).await.unwrap().email;
    // And the last one is for what cannot be had.
    update.run(wanting(agent, theirs.as_given())).await.unwrap();

    let mut unit = accounts.tenants.look().await;
    let found = unit
        .one_time_tokens()
        .find(TokenPurpose::ConfirmEmail, &first, T0)
        .await;
    assert_eq!(found, Ok(None));
    let listed = unit
        .outbox_administration()
        .list(Default::default(), PageLimit::LARGEST, None)
        .await
        .unwrap();
    let waiting = listed
        .items
        .iter()
        .filter(|mail| mail.state == MailState::Queued)
        .count();
    // The stranger's, and that which is never due.
    assert_eq!(waiting, 2);
    drop(unit);
    let letters = accounts.letters().await;
    let recipients: Vec<_> = letters.iter().map(|(mail, _)| &mail.recipient).collect();
    assert_eq!(recipients, [&address(FREE)]);
}

#[tokio::test]
async fn s24_a_wish_is_counted_once_it_is_proven_by_person_and_by_address() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let update = accounts.update_profile();
    let required = UpdateProfileError::Reauthentication(ReauthenticateError::Required);
    for password in [None, entered(WRONG_PASSWORD)] {
        let command = UpdateProfileCommand {
            current_password: password,
            ..wanting(agent, FREE)
        };
        assert_eq!(update.run(command).await, Err(required.clone()));
    }
    assert_eq!(accounts.mail_limiter.asked(), []);

    update.run(wanting(agent, FREE)).await.unwrap();
    let rule = LimitRule::ChangeEmail;
    let counted = Take(vec![
        (rule, LimitSubject::Person(agent.user_id)),
        (rule, update.limits.mailbox(&address(FREE))),
    ]);
    assert_eq!(accounts.mail_limiter.asked(), [counted]);

    accounts.mail_limiter.refuse(rule, secs(720));
    let queued = accounts.queued().await;
    let mut command = wanting(agent, "ada@example.net");
    command.change.name = Some(name("Ada King"));
    let refused = update.run(command).await;
    let limited = Limited { wait: secs(720) };
    assert_eq!(refused, Err(UpdateProfileError::Limited(limited)));
    assert_eq!(accounts.queued().await, queued);
    let user = accounts.user(agent.user_id).await.unwrap();
    assert_ne!(user.name, name("Ada King"));
}

#[tokio::test]
async fn a_wish_that_is_not_written_is_given_back() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let rows = accounts.tenants.rows.clone();
    let gone = async move {
        use kogents_domain::store::{Scope, Store as _};
        let mut unit = rows.begin(Scope::System).await.unwrap();
        unit.users().delete(agent.user_id).await.unwrap();
        unit.commit().await.unwrap();
    };
    let store = crate::support::Meddled::with(accounts.tenants.store(), gone);
    let refused = accounts
        .update_profile_over(store)
        .run(wanting(agent, FREE))
        .await;
    assert_eq!(refused, Err(UpdateProfileError::Gone));
    let asked = accounts.mail_limiter.asked();
    let rule = LimitRule::ChangeEmail;
    assert_eq!(asked.get(1), Some(&GiveBack(vec![rule, rule])));
    assert_eq!(accounts.queued().await, 0);
}

#[tokio::test]
async fn a_new_password_and_a_new_address_go_together() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let command = UpdateProfileCommand {
        password: Some(NewPassword::parse("an entirely new passphrase").unwrap()),
        ..wanting(agent, FREE)
    };
    accounts.update_profile().run(command).await.unwrap();

    assert_eq!(accounts.tenants.journal.count("begin Person"), 1);
    let told = accounts.told(agent.workspace_id).await;
    let actions: Vec<_> = told.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["password.changed", "email.change_requested"]);
    let letters = accounts.letters().await;
    assert_eq!(letters.len(), 2);
    // The link is of after the change of the password, so that does not void it.
    let link = letters
        .into_iter()
        .find(|(mail, _)| mail.recipient == address(FREE))
        .unwrap();
    let digest = accounts.tokens().digest(&mailed(link.1.message));
    let mut unit = accounts.tenants.look().await;
    let found = unit
        .one_time_tokens()
        .find(TokenPurpose::ConfirmEmail, &digest, T0)
        .await;
    assert!(found.unwrap().is_some());
}

/// What is read and written when the address has this account, each statement once.
fn expects_each_statement_once(bench: &Bench, taken: Option<User>) -> Slot<MailJob> {
    bench.reads(Scope::Member(workspace_id(1), ada_id()), |unit| {
        unit.users
            .expect_find()
            .times(1)
            .return_once(|_| Ok(Some(ada())));
        unit.memberships
            .expect_find_standing()
            .times(1)
            .return_once(|_, _| Ok(Some(standing(1))));
        unit.workspace_permissions
            .expect_list()
            .times(1)
            .return_once(|_| Ok(Vec::new()));
    });
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find()
            .times(1)
            .return_once(|_| Ok(Some(ada())));
    });
    bench.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .times(1)
            .return_once(|_| Ok(Some(ada())));
    });
    bench.reads(Scope::System, |unit| {
        unit.memberships
            .expect_find_standing()
            .times(1)
            .return_once(|_, _| Ok(Some(standing(1))));
        unit.users
            .expect_find_by_email()
            .withf(|email| *email == address(FREE))
            .times(1)
            .return_once(|_| Ok(taken));
    });
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find_for_update()
            .times(1)
            .return_once(|_| Ok(Some(ada())));
        unit.one_time_tokens
            .expect_void_all()
            .times(1)
            .return_once(|_, _, _| Ok(0));
        unit.one_time_tokens
            .expect_insert()
            .withf(|token| token.payload.is_some() && token.purpose == TokenPurpose::ConfirmEmail)
            .times(1)
            .return_once(|_| Ok(()));
        hears(unit);
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
async fn s6_for_every_address_the_same_is_read_and_written_in_the_same_order() {
    let owner = a_user().email(FREE).build();
    let suspended = a_user()
        .email(FREE)
        .with(|user| user.suspended_at = Some(T0))
        .build();
    let mut jobs = Vec::new();
    for taken in [None, Some(owner), Some(suspended)] {
        let bench = Bench::new();
        let queued = expects_each_statement_once(&bench, taken);
        let credentials = Credentials {
            limits: bench.limits(),
            refresh_tokens: bench.refresh(),
            store: bench.store(),
            hasher: bench.hasher(),
            audit: bench.audit(),
            clock: bench.clock(),
        };
        let update = UpdateProfile {
            profiles: Arc::new(ReadProfile {
                store: bench.store(),
                clock: bench.clock(),
            }),
            reauthenticate: Arc::new(Reauthenticate {
                credentials: Arc::new(credentials),
                store: bench.store(),
            }),
            limits: bench.limits(),
            store: bench.store(),
            hasher: bench.hasher(),
            strength: bench.hasher.clone(),
            desk: Arc::new(EmailChangeDesk {
                tokens: bench.tokens(),
                mail: bench.desk(),
            }),
            mail: bench.desk(),
            gate: bench.gate(MockSessionStates::new()),
            audit: bench.audit(),
            signal: bench.signal(),
            clock: bench.clock(),
        };
        let command = UpdateProfileCommand {
            caller: caller(),
            change: ProfileChange::default(),
            email: Some(address(FREE)),
            password: None,
            current_password: entered(PASSWORD),
            language: language("de"),
            ledger: LimitLedger::default(),
        };
        assert_eq!(update.run(command).await.unwrap().user, ada());
        bench.finish();
        jobs.push(queued.only());
    }
    let due: Vec<_> = jobs.iter().map(|job| job.run_at).collect();
    let never = T0.plus(secs(24 * 3_600));
    assert_eq!(due, [T0, never, never]);
    for job in &jobs {
        assert_eq!(job.expires_at, Some(never));
        assert_eq!(job.replace_key, jobs[0].replace_key);
        assert_eq!(job.sealed.len(), jobs[0].sealed.len());
    }
}
