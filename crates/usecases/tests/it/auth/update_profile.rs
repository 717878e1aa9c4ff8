//! Changing one's profile.

mod address;
mod password;

use kogents_domain::auth::{PhoneNumber, ProfileChange};
use kogents_domain::store::Scope;
use kogents_domain::workspace::HttpsUrl;
use kogents_testkit::builders::a_user;
use kogents_usecases::auth::{UpdateProfile, UpdateProfileCommand, UpdateProfileError};

use super::account::{Accounts, nothing};
use crate::support::{T0, language, name, secs};

/// What a person says of themselves, other than [`a_user`] does.
fn everything() -> ProfileChange {
    ProfileChange {
        name: Some(name("Ada King")),
        phone: Some(PhoneNumber::parse("+4930123456").ok()),
        avatar_url: Some(HttpsUrl::parse("https://cdn.example.com/a.png").ok()),
        language: Some(Some(language("de-AT"))),
        notify_new_device: Some(false),
    }
}

#[tokio::test]
async fn what_a_person_says_of_themselves_is_kept_and_given_back() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let before = accounts.user(agent.user_id).await.unwrap();
    accounts.tenants.clock.advance(secs(5));
    let command = UpdateProfileCommand {
        change: everything(),
        ..nothing(agent)
    };

    let profile = accounts.update_profile().run(command).await.unwrap();

    let after = accounts.user(agent.user_id).await.unwrap();
    assert_eq!(profile.user, after);
    assert_eq!(before.changed(everything(), T0.plus(secs(5))), Some(after));
    let standing = profile.standing.unwrap();
    assert_eq!(standing.workspace.id, accounts.tenants.acme.id());
    assert!(!profile.permissions.is_empty());
    // It takes no proof, no fence, no mail, and is no business of the workspace's.
    let journal = &accounts.tenants.journal;
    assert_eq!(
        journal.entries(),
        ["read Member", "close", "begin Person", "commit"]
    );
    assert_eq!(accounts.hasher.verified(), 0);
    assert_eq!(accounts.queued().await, 0);
    assert_eq!(accounts.told(agent.workspace_id).await, []);
}

#[tokio::test]
async fn none_in_place_of_a_value_clears_it() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let update = accounts.update_profile();
    let command = |change| UpdateProfileCommand {
        change,
        ..nothing(agent)
    };
    update.run(command(everything())).await.unwrap();
    let cleared = ProfileChange {
        phone: Some(None),
        avatar_url: Some(None),
        language: Some(None),
        ..ProfileChange::default()
    };
    let profile = update.run(command(cleared)).await.unwrap();
    let user = profile.user;
    assert_eq!(
        (user.phone, user.avatar_url, user.language),
        (None, None, None)
    );
    assert_eq!(user.name, name("Ada King"));
    assert!(!user.notify_new_device);
}

#[tokio::test]
async fn what_is_said_already_is_not_written_again() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let update = accounts.update_profile();
    let said = UpdateProfileCommand {
        change: everything(),
        ..nothing(agent)
    };
    let first = update.run(said.clone()).await.unwrap();
    accounts.tenants.clock.advance(secs(5));
    let begun = accounts.tenants.journal.count("begin Person");
    // The address in another form is the address that they have.
    let shouted = first.user.email.as_given().to_uppercase();
    let again = UpdateProfileCommand {
        email: Some(crate::support::address(&shouted)),
        ..said
    };
    for command in [again, nothing(agent)] {
        let profile = update.run(command).await.unwrap();
        assert_eq!(profile.user, first.user);
    }
    assert_eq!(accounts.tenants.journal.count("begin Person"), begun);
    assert_eq!(accounts.hasher.verified(), 0);
    assert_eq!(accounts.queued().await, 0);
}

#[tokio::test]
async fn whoever_is_gone_or_suspended_changes_nothing() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let command = UpdateProfileCommand {
        change: everything(),
        ..nothing(agent)
    };
    // Between the request and the change.
    let rows = accounts.tenants.rows.clone();
    let suspending = async move {
        let mut unit = kogents_domain::store::Store::begin(rows.as_ref(), Scope::System)
            .await
            .unwrap();
        unit.users().delete(agent.user_id).await.unwrap();
        unit.commit().await.unwrap();
    };
    let store = crate::support::Meddled::with(accounts.tenants.store(), suspending);
    let update: UpdateProfile = accounts.update_profile_over(store);
    let refused = update.run(command.clone()).await;
    assert_eq!(refused, Err(UpdateProfileError::Gone));
    // And before it.
    let refused = accounts.update_profile().run(command).await;
    assert_eq!(refused, Err(UpdateProfileError::Gone));

    let suspended = a_user().with(|user| user.suspended_at = Some(T0)).build();
    let mut unit = accounts.tenants.change().await;
    unit.users().insert(&suspended).await.unwrap();
    unit.commit().await.unwrap();
    let mut command = nothing(accounts.tenants.agent);
    command.change = everything();
    command.caller.user_id = suspended.id;
    command.caller.workspace_id = None;
    let refused = accounts.update_profile().run(command).await;
    assert_eq!(refused, Err(UpdateProfileError::Gone));
    assert_eq!(accounts.user(suspended.id).await, Some(suspended));
}
