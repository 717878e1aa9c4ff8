//! Deleting one's account.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{NewPassword, TokenPurpose};
use kogents_domain::ids::UserId;
use kogents_domain::limits::LimitRule;
use kogents_domain::mail::{Lane, MailMessage};
use kogents_domain::page::PageLimit;
use kogents_domain::session::DeviceFingerprint;
use kogents_domain::store::{Scope, Store as _};
use kogents_domain::workspace::{Membership, MembershipStatus};
use kogents_testkit::builders::{a_membership, a_user};
use kogents_usecases::auth::{DeleteAccountError, ReauthenticateError, UpdateProfileCommand};
use kogents_usecases::limits::Limited;
use kogents_usecases::workspace::Member;
use serde_json::json;

use super::account::{Accounts, entered, leaving, nothing, set_password};
use crate::support::{By, Meddled, PASSWORD, T0, WRONG_PASSWORD, address, language, secs};

const REQUIRED: DeleteAccountError =
    DeleteAccountError::Reauthentication(ReauthenticateError::Required);

/// A member of the first workspace has a role in the other one too.
async fn also(accounts: &Accounts, member: Member, role: SystemRole) -> Membership {
    let role = accounts.tenants.other.role(role);
    let membership = a_membership(member.user_id, role).build();
    let mut unit = accounts.tenants.change().await;
    unit.memberships().insert(&membership).await.unwrap();
    unit.commit().await.unwrap();
    membership
}

/// Whether anything is kept of a person, but for what the audit log says they did.
async fn is_kept(accounts: &Accounts, id: UserId) -> bool {
    let mut unit = accounts.tenants.look().await;
    let user = unit.users().find(id).await.unwrap();
    let memberships = unit.memberships().list_all_of_person(id).await.unwrap();
    let sessions = unit
        .sessions()
        .list_all(id, PageLimit::DEFAULT, None)
        .await
        .unwrap();
    let devices = unit.devices().list(id).await.unwrap();
    user.is_some() || !memberships.is_empty() || !sessions.items.is_empty() || !devices.is_empty()
}

#[tokio::test]
async fn what_is_kept_of_a_person_goes_and_what_they_did_stays_without_them() {
    let accounts = Accounts::new().await;
    let (agent, tenants) = (accounts.tenants.agent, &accounts.tenants);
    also(&accounts, agent, SystemRole::Viewer).await;
    let elsewhere = tenants.sign_in(agent.user_id, tenants.other.id()).await;
    let fingerprint = DeviceFingerprint::parse("fp1_AAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let mut unit = tenants.change().await;
    unit.devices()
        .see(agent.user_id, &fingerprint, T0)
        .await
        .unwrap();
    let (reset, kept) =
        accounts
            .tokens()
            .issue(TokenPurpose::PasswordReset, Some(agent.user_id), T0);
    unit.one_time_tokens().insert(&kept).await.unwrap();
    unit.commit().await.unwrap();
    // A deed of theirs, a notice to them, and a link to an address that they wanted to have.
    let wish = UpdateProfileCommand {
        email: Some(address("countess@example.org")),
        password: Some(NewPassword::parse("an entirely new passphrase").unwrap()),
        current_password: entered(PASSWORD),
        ..nothing(agent)
    };
    accounts.update_profile().run(wish).await.unwrap();
    let email = accounts.user(agent.user_id).await.unwrap().email;
    let others: Vec<UserId> = vec![tenants.admin.user_id, tenants.stranger.user_id];
    let first_logs = accounts.told(agent.workspace_id).await.len();

    let left = accounts
        .delete_account()
        .run(leaving(agent, Some("an entirely new passphrase")))
        .await;

    assert_eq!(left, Ok(()));
    assert!(!is_kept(&accounts, agent.user_id).await);
    for other in others {
        assert!(is_kept(&accounts, other).await);
    }
    let mut unit = tenants.look().await;
    let digest = accounts.tokens().digest(&reset);
    let purpose = TokenPurpose::PasswordReset;
    let found = unit.one_time_tokens().find(purpose, &digest, T0).await;
    assert_eq!(found, Ok(None));
    drop(unit);

    let told = accounts.told(agent.workspace_id).await;
    let by = By::NOBODY.in_log(agent.workspace_id);
    let reason = json!({ "reason": "account_deleted" });
    let removed = by.did("member.removed", Some(agent.user_id.into()), reason.clone());
    let ended = json!({ "reason": "removed" });
    let over = by.did(
        "session.ended",
        Some(agent.session_id.into()),
        ended.clone(),
    );
    assert_eq!(told[first_logs..], [removed, over]);
    // What they did before has lost who, where and in which session.
    let deed = &told[0];
    assert_eq!(deed.action, AuditAction::PasswordChanged);
    let who = (deed.actor_id, deed.ip_address, deed.session_id);
    assert_eq!(who, (None, None, None));
    let elsewhere_told = accounts.told(tenants.other.id()).await;
    let by = By::NOBODY.in_log(tenants.other.id());
    assert!(elsewhere_told.contains(&by.did("member.removed", Some(agent.user_id.into()), reason)));
    // The session elsewhere ended with the new password, and is told of then.
    let told_twice = elsewhere_told
        .iter()
        .filter(|entry| entry.target == Some(elsewhere.session_id.into()));
    assert_eq!(told_twice.count(), 1);

    let letters = accounts.letters().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let (mail, letter) = &letters[0];
    assert_eq!((&mail.recipient, mail.lane), (&email, Lane::Security));
    assert_eq!(mail.language, language("de"));
    assert_eq!(mail.expires_at, Some(T0.plus(secs(3 * 24 * 3_600))));
    let gone = MailMessage::AccountDeleted {
        name: "Ada Lovelace".to_owned(),
        at: T0,
    };
    assert_eq!(letter.message, gone);
    tenants.journal.assert_units_are_undisturbed();
    let steps = tenants
        .journal
        .only(&["fence", "begin System", "commit", "lift", "wake"]);
    let last = &steps[steps.len() - 5..];
    assert_eq!(last, ["fence", "begin System", "commit", "lift", "wake"]);
    // The address is free.
    let again = a_user().email(email.as_given()).build();
    let mut unit = tenants.change().await;
    assert_eq!(unit.users().insert(&again).await, Ok(()));
}

#[tokio::test]
async fn the_next_request_of_every_session_is_nobodys() {
    let accounts = Accounts::new().await;
    let (agent, tenants) = (accounts.tenants.agent, &accounts.tenants);
    let elsewhere = tenants.sign_in(agent.user_id, agent.workspace_id).await;
    for member in [agent, elsewhere] {
        assert!(tenants.request(member).await.is_some());
    }
    let left = accounts
        .delete_account()
        .run(leaving(agent, Some(PASSWORD)))
        .await;
    assert_eq!(left, Ok(()));
    for member in [agent, elsewhere] {
        assert_eq!(tenants.request(member).await, None);
    }
    assert!(tenants.request(tenants.admin).await.is_some());
}

#[tokio::test]
async fn without_the_password_nothing_goes() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    for password in [None, Some(WRONG_PASSWORD)] {
        let refused = accounts
            .delete_account()
            .run(leaving(agent, password))
            .await;
        assert_eq!(refused, Err(REQUIRED));
    }
    accounts.limiter.refuse(LimitRule::LoginPair, secs(60));
    let refused = accounts
        .delete_account()
        .run(leaving(agent, Some(PASSWORD)))
        .await;
    let limited = ReauthenticateError::Limited(Limited { wait: secs(60) });
    assert_eq!(refused, Err(DeleteAccountError::Reauthentication(limited)));
    assert!(is_kept(&accounts, agent.user_id).await);
    assert_eq!(accounts.tenants.journal.count("fence"), 0);
    assert!(accounts.tenants.request(agent).await.is_some());
}

#[tokio::test]
async fn s23_the_last_active_admin_of_any_workspace_stays() {
    let accounts = Accounts::new().await;
    let (admin, agent) = (accounts.tenants.admin, accounts.tenants.agent);
    let stranger = accounts.tenants.stranger;
    let delete = accounts.delete_account();
    let refused = delete.run(leaving(admin, Some(PASSWORD))).await;
    assert_eq!(refused, Err(DeleteAccountError::LastAdmin));
    // One who may not act does not count.
    let role = accounts.tenants.acme.role(SystemRole::Admin);
    accounts
        .tenants
        .put(role, MembershipStatus::Suspended)
        .await;
    let refused = delete.run(leaving(admin, Some(PASSWORD))).await;
    assert_eq!(refused, Err(DeleteAccountError::LastAdmin));
    assert!(is_kept(&accounts, admin.user_id).await);
    assert_eq!(accounts.queued().await, 0);
    assert_eq!(accounts.told(admin.workspace_id).await, []);
    accounts.tenants.put(role, MembershipStatus::Active).await;
    assert_eq!(delete.run(leaving(admin, Some(PASSWORD))).await, Ok(()));

    // Of the workspace that they are in now the agent is none, and of the other one the last.
    also(&accounts, agent, SystemRole::Admin).await;
    assert_eq!(delete.run(leaving(stranger, Some(PASSWORD))).await, Ok(()));
    let refused = delete.run(leaving(agent, Some(PASSWORD))).await;
    assert_eq!(refused, Err(DeleteAccountError::LastAdmin));
}

#[tokio::test]
async fn a_workspace_that_the_person_comes_into_meanwhile_is_told_too() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let role = accounts.tenants.other.role(SystemRole::Admin);
    let membership = a_membership(agent.user_id, role).build();
    let rows = accounts.tenants.rows.clone();
    let joining = async move {
        let mut unit = rows.begin(Scope::System).await.unwrap();
        unit.memberships().insert(&membership).await.unwrap();
        unit.commit().await.unwrap();
    };
    let store = Meddled::with(accounts.tenants.store(), joining);
    let left = accounts
        .delete_account_over(store)
        .run(leaving(agent, Some(PASSWORD)))
        .await;
    assert_eq!(left, Ok(()));
    let told = accounts.told(accounts.tenants.other.id()).await;
    let actions: Vec<_> = told.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [AuditAction::MemberRemoved]);
}

#[tokio::test]
async fn a_password_that_is_none_any_more_deletes_nothing() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let rows = accounts.tenants.rows.clone();
    let replaced = async move {
        set_password(rows.as_ref(), agent.user_id, "somebody elses choice").await;
    };
    let store = Meddled::with(accounts.tenants.store(), replaced);
    let refused = accounts
        .delete_account_over(store)
        .run(leaving(agent, Some(PASSWORD)))
        .await;
    assert_eq!(refused, Err(REQUIRED));
    assert!(is_kept(&accounts, agent.user_id).await);
    assert!(accounts.tenants.request(agent).await.is_some());
}
