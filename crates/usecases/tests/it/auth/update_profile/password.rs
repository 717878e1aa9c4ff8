//! S13: a new password.

use std::sync::Arc;

use kogents_domain::auth::{HashError, NewPassword, ProfileChange, TokenPurpose};
use kogents_domain::ids::SessionId;
use kogents_domain::limits::LimitRule;
use kogents_domain::mail::{Lane, MailMessage};
use kogents_domain::session::{EndReason, Fence, MockSessionStates};
use kogents_testkit::fakes::FakeHasher;
use kogents_usecases::auth::{ReauthenticateError, UpdateProfileCommand, UpdateProfileError};
use kogents_usecases::limits::Limited;
use kogents_usecases::workspace::Member;
use serde_json::json;

use crate::auth::account::{Accounts, entered, nothing, set_password};
use crate::support::{By, Meddled, PASSWORD, T0, WRONG_PASSWORD, language, name, secs};

const NEW: &str = "an entirely new passphrase";

fn new_password(text: &str) -> Option<NewPassword> {
    Some(NewPassword::parse(text).unwrap())
}

/// A member chooses [`NEW`], and another name with it.
fn choosing(member: Member) -> UpdateProfileCommand {
    UpdateProfileCommand {
        change: ProfileChange {
            name: Some(name("Ada King")),
            ..ProfileChange::default()
        },
        password: new_password(NEW),
        current_password: entered(PASSWORD),
        ..nothing(member)
    }
}

async fn end_reason(accounts: &Accounts, session: SessionId) -> Option<EndReason> {
    let mut unit = accounts.tenants.look().await;
    let session = unit.sessions().find(session).await.unwrap().unwrap();
    session.end.map(|end| end.reason)
}

#[tokio::test]
async fn s13_a_new_password_ends_the_other_sessions_voids_what_was_mailed_and_is_told() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let elsewhere = accounts
        .tenants
        .sign_in(agent.user_id, agent.workspace_id)
        .await;
    let mut mailed = Vec::new();
    let mut unit = accounts.tenants.change().await;
    for purpose in TokenPurpose::ALL {
        let (token, kept) = accounts.tokens().issue(purpose, Some(agent.user_id), T0);
        unit.one_time_tokens().insert(&kept).await.unwrap();
        mailed.push((purpose, accounts.tokens().digest(&token)));
    }
    unit.commit().await.unwrap();
    let email = accounts.user(agent.user_id).await.unwrap().email;

    let changed = accounts.update_profile().run(choosing(agent)).await;

    let user = changed.unwrap().user;
    assert_eq!(Some(&user), accounts.user(agent.user_id).await.as_ref());
    assert_eq!(user.password_hash, FakeHasher::hash_of(NEW));
    assert_eq!(user.name, name("Ada King"));
    assert_eq!(end_reason(&accounts, agent.session_id).await, None);
    let ended = end_reason(&accounts, elsewhere.session_id).await;
    assert_eq!(ended, Some(EndReason::PasswordChanged));
    let mut unit = accounts.tenants.look().await;
    for (purpose, digest) in mailed {
        let found = unit.one_time_tokens().find(purpose, &digest, T0).await;
        // An objection to a sign-in stays good: it may be somebody else who has changed it.
        let stays = purpose == TokenPurpose::NotMe;
        assert_eq!(found.unwrap().is_some(), stays, "{purpose:?}");
    }
    drop(unit);
    let by = By::member(agent);
    let told = accounts.told(agent.workspace_id).await;
    let reason = json!({ "reason": "password_changed" });
    let expected = [
        by.did(
            "password.changed",
            Some(agent.user_id.into()),
            json!({ "by": "profile" }),
        ),
        by.did("session.ended", Some(elsewhere.session_id.into()), reason),
    ];
    assert_eq!(told, expected);
    let letters = accounts.letters().await;
    assert_eq!(letters.len(), 1);
    let (mail, letter) = &letters[0];
    assert_eq!((&mail.recipient, mail.lane), (&email, Lane::Security));
    let notice = MailMessage::PasswordChanged {
        name: "Ada King".to_owned(),
        ip_address: "203.0.113.7".to_owned(),
        at: T0,
    };
    assert_eq!(letter.message, notice);
    assert_eq!(mail.language, language("de"));
    assert_eq!(accounts.signal.count(), 1);
    accounts.tenants.journal.assert_units_are_undisturbed();
    // The cache vouches for none of the sessions while it happens.
    let steps = accounts
        .tenants
        .journal
        .only(&["fence", "begin Person", "commit", "lift", "wake"]);
    assert_eq!(steps, ["fence", "begin Person", "commit", "lift", "wake"]);
}

#[tokio::test]
async fn s13_without_the_present_password_nothing_at_all_is_changed() {
    for (password, code) in [(None, 0), (Some(WRONG_PASSWORD), 1), (Some(NEW), 1)] {
        let accounts = Accounts::new().await;
        let agent = accounts.tenants.agent;
        let before = accounts.user(agent.user_id).await;
        let command = UpdateProfileCommand {
            current_password: password.and_then(entered),
            ..choosing(agent)
        };
        let refused = accounts.update_profile().run(command).await;
        let required = UpdateProfileError::Reauthentication(ReauthenticateError::Required);
        assert_eq!(refused, Err(required));
        assert_eq!(accounts.user(agent.user_id).await, before);
        assert_eq!(
            (accounts.hasher.verified(), accounts.hasher.hashed()),
            (code, 0)
        );
        assert_eq!(accounts.queued().await, 0);
        let told = accounts.told(agent.workspace_id).await;
        assert!(
            told.iter()
                .all(|entry| entry.action.as_str() == "password.rejected")
        );
        assert_eq!(told.len(), code);
    }
}

#[tokio::test]
async fn the_password_that_they_have_is_no_new_one_once_it_is_proven() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    accounts.hasher.set_weak(true);
    let before = accounts.user(agent.user_id).await.unwrap();
    let mut command = UpdateProfileCommand {
        password: new_password(PASSWORD),
        ..choosing(agent)
    };
    command.change = ProfileChange::default();
    accounts.tenants.clock.advance(secs(5));

    let profile = accounts.update_profile().run(command.clone()).await;

    assert_eq!(profile.unwrap().user, before);
    assert_eq!(accounts.user(agent.user_id).await, Some(before));
    assert_eq!(
        (accounts.hasher.verified(), accounts.hasher.hashed()),
        (1, 0)
    );
    assert_eq!(accounts.tenants.journal.count("begin Person"), 0);
    assert_eq!(accounts.queued().await, 0);
    assert_eq!(accounts.told(agent.workspace_id).await, []);
    // What else is said is still a change, and ends nothing.
    let elsewhere = accounts
        .tenants
        .sign_in(agent.user_id, agent.workspace_id)
        .await;
    command.change.name = Some(name("Ada King"));
    let profile = accounts.update_profile().run(command).await.unwrap();
    assert_eq!(profile.user.name, name("Ada King"));
    assert_eq!(end_reason(&accounts, elsewhere.session_id).await, None);
    assert_eq!(accounts.queued().await, 0);
}

#[tokio::test]
async fn a_weak_password_is_refused_before_the_present_one_is_compared() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    accounts.hasher.set_weak(true);
    let user = accounts.user(agent.user_id).await.unwrap();
    let command = UpdateProfileCommand {
        email: Some(crate::support::address("countess@example.org")),
        current_password: entered(WRONG_PASSWORD),
        ..choosing(agent)
    };
    let refused = accounts.update_profile().run(command).await;
    assert_eq!(refused, Err(UpdateProfileError::WeakPassword));
    assert_eq!(accounts.hasher.verified(), 0);
    assert_eq!(accounts.limiter.asked(), []);
    let workspace = &accounts.tenants.acme.workspace.name;
    // The words that it must not be guessed from: as they are, and as they want to be.
    let words = [
        user.email.as_given(),
        user.name.as_str(),
        "countess@example.org",
        "Ada King",
        workspace.as_str(),
    ];
    assert_eq!(accounts.hasher.contexts(), [words.map(str::to_owned)]);
}

#[tokio::test]
async fn wrong_passwords_are_limited_and_a_busy_hasher_says_so() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    accounts.hasher.set_busy(true);
    let refused = accounts.update_profile().run(choosing(agent)).await;
    assert_eq!(refused, Err(UpdateProfileError::Hash(HashError::Busy)));
    accounts.hasher.set_busy(false);
    accounts.limiter.refuse(LimitRule::LoginPair, secs(60));
    let refused = accounts.update_profile().run(choosing(agent)).await;
    let limited = ReauthenticateError::Limited(Limited { wait: secs(60) });
    assert_eq!(refused, Err(UpdateProfileError::Reauthentication(limited)));
    assert_eq!(accounts.hasher.verified(), 0);
}

#[tokio::test]
async fn a_password_that_changes_meanwhile_is_compared_once_more() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    // A sign-in at the same moment replaces the hash with another of the same password.
    let rehashed = {
        let rows = accounts.tenants.rows.clone();
        let hash = FakeHasher::outdated_hash_of(PASSWORD);
        async move {
            use kogents_domain::store::{Scope, Store as _};
            let mut unit = rows.begin(Scope::System).await.unwrap();
            let user = unit.users().find(agent.user_id).await.unwrap().unwrap();
            unit.users()
                .replace_password_hash(user.id, &user.password_hash, &hash, T0)
                .await
                .unwrap();
            unit.commit().await.unwrap();
        }
    };
    let store = Meddled::with(accounts.tenants.store(), rehashed);
    let changed = accounts
        .update_profile_over(store)
        .run(choosing(agent))
        .await;
    let user = changed.unwrap().user;
    assert_eq!(user.password_hash, FakeHasher::hash_of(NEW));
    // The chosen one, once, and the outdated one, as whoever compares it does.
    assert_eq!(
        (accounts.hasher.verified(), accounts.hasher.hashed()),
        (2, 2)
    );
    assert_eq!(accounts.letters().await.len(), 1);
}

#[tokio::test]
async fn whoever_proved_a_password_that_is_none_any_more_changes_nothing() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let rows = accounts.tenants.rows.clone();
    let replaced = async move {
        set_password(rows.as_ref(), agent.user_id, "somebody elses choice").await;
    };
    let store = Meddled::with(accounts.tenants.store(), replaced);
    let refused = accounts
        .update_profile_over(store)
        .run(choosing(agent))
        .await;
    let required = UpdateProfileError::Reauthentication(ReauthenticateError::Required);
    assert_eq!(refused, Err(required));
    let user = accounts.user(agent.user_id).await.unwrap();
    assert_eq!(
        user.password_hash,
        FakeHasher::hash_of("somebody elses choice")
    );
    assert_ne!(user.name, name("Ada King"));
    assert_eq!(accounts.letters().await.len(), 0);
}

#[tokio::test]
async fn the_fence_is_lifted_also_when_nothing_is_changed() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let mut states = MockSessionStates::new();
    states
        .expect_fence()
        .times(2)
        .returning(|_, _| Ok(Fence(9)));
    states.expect_lift().times(2).returning(|_, _, _| Ok(()));
    let rows = accounts.tenants.rows.clone();
    let gone = async move {
        use kogents_domain::store::{Scope, Store as _};
        let mut unit = rows.begin(Scope::System).await.unwrap();
        unit.users().delete(agent.user_id).await.unwrap();
        unit.commit().await.unwrap();
    };
    let mut update = accounts.update_profile_over(Meddled::with(accounts.tenants.store(), gone));
    let states: Arc<MockSessionStates> = Arc::new(states);
    update.gate = accounts.tenants.gate_over(states.clone());
    let refused = update.run(choosing(agent)).await;
    assert_eq!(refused, Err(UpdateProfileError::Gone));
    let mut update = accounts.update_profile();
    update.gate = accounts.tenants.gate_over(states);
    set_password(
        accounts.tenants.rows.as_ref(),
        accounts.tenants.admin.user_id,
        PASSWORD,
    )
    .await;
    update.run(choosing(accounts.tenants.admin)).await.unwrap();
}
