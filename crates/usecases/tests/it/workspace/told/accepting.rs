//! What is told of those who join.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::{AuditEntry, AuditTarget};
use kogents_domain::ids::{InvitationId, UserId};
use kogents_testkit::builders::a_membership;
use kogents_usecases::auth::SignedIn;
use kogents_usecases::workspace::{
    AcceptInvitation, AcceptInvitationCommand, AcceptInvitationError,
};
use serde_json::json;

use crate::support::{By, SESSION_LIMIT, WRONG_PASSWORD, lost};
use crate::workspace::crew::{Crew, accepting, access_token, as_newcomer, by_password};

const GRACE: &str = "grace@example.com";

/// What is told of somebody who joined as an agent, in the session that they got.
fn joined(crew: &Crew, id: InvitationId, signed_in: &SignedIn) -> [AuditEntry; 2] {
    let (user, session) = (signed_in.user.id, signed_in.session.session.id);
    let by = By::person(user).in_session(session);
    let by = by.in_log(crew.tenants.acme.id());
    let details = json!({ "role": "agent", "invitation": id.to_string() });
    let opened = json!({ "type": "WEB", "by": "invitation" });
    [
        by.did("member.joined", AuditTarget::from(user), details),
        by.did("session.opened", AuditTarget::from(session), opened),
    ]
}

async fn invited(crew: &Crew, email: &str) -> (InvitationId, AcceptInvitationCommand) {
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (id, token) = crew.invite(tenants.admin, email, agent).await;
    (id, accepting(&token))
}

/// What the first workspace's log tells after that somebody was invited.
async fn since_invited(crew: &Crew) -> Vec<AuditEntry> {
    let mut log = crew.tenants.log(crew.tenants.acme.id()).await;
    assert_eq!(log.remove(0).action.as_str(), "invitation.sent");
    log
}

#[tokio::test]
async fn whoever_joins_acts_in_the_session_that_they_get() {
    let newcomer = Crew::new().await;
    let (id, command) = invited(&newcomer, GRACE).await;
    let accept = newcomer.accept_invitation();
    let signed_in = accept.run(as_newcomer(&command.token)).await.unwrap();
    let told = joined(&newcomer, id, &signed_in);
    assert_eq!(since_invited(&newcomer).await, told);

    let owner = Crew::new().await;
    owner.account(GRACE).await;
    let (id, command) = invited(&owner, GRACE).await;
    let command = by_password(&command.token, crate::support::PASSWORD);
    let signed_in = owner.accept_invitation().run(command).await.unwrap();
    assert_eq!(since_invited(&owner).await, joined(&owner, id, &signed_in));

    let by_session = Crew::new().await;
    let stranger = by_session.tenants.stranger;
    let email = email_of(&by_session, stranger.user_id).await;
    let (id, command) = invited(&by_session, &email).await;
    let command = AcceptInvitationCommand {
        access_token: Some(access_token(&by_session, stranger)),
        ..command
    };
    let signed_in = by_session.accept_invitation().run(command).await.unwrap();
    let told = joined(&by_session, id, &signed_in);
    assert_eq!(since_invited(&by_session).await, told);
}

async fn email_of(crew: &Crew, user: UserId) -> String {
    let mut unit = crew.tenants.look().await;
    let user = unit.users().find(user).await.unwrap().unwrap();
    user.email.as_given().to_owned()
}

#[tokio::test]
async fn a_session_that_gives_way_is_told_of_in_the_log_of_its_own_workspace() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let stranger = tenants.stranger;
    for _ in 1..SESSION_LIMIT {
        tenants.sign_in(stranger.user_id, tenants.other.id()).await;
    }
    let email = email_of(&crew, stranger.user_id).await;
    let (_, command) = invited(&crew, &email).await;
    let command = AcceptInvitationCommand {
        access_token: Some(access_token(&crew, stranger)),
        ..command
    };
    let signed_in = crew.accept_invitation().run(command).await.unwrap();

    let [ended] = tenants.log(tenants.other.id()).await.try_into().unwrap();
    let session = signed_in.session.session.id;
    let by = By::person(stranger.user_id).in_session(session);
    let by = by.in_log(tenants.other.id());
    let replaced = json!({ "reason": "replaced" });
    assert_eq!(ended, by.did("session.ended", ended.target, replaced));
    assert_ne!(ended.target, Some(stranger.session_id.into()));
}

#[tokio::test]
async fn a_wrong_password_is_told_of_as_a_failed_sign_in_where_its_owners_session_would_open() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let grace = crew.account(GRACE).await;
    let agent = tenants.other.role(SystemRole::Agent);
    let mut unit = tenants.change().await;
    let membership = a_membership(grace.id, agent).build();
    unit.memberships().insert(&membership).await.unwrap();
    unit.commit().await.unwrap();
    let (_, command) = invited(&crew, GRACE).await;
    let command = by_password(&command.token, WRONG_PASSWORD);
    let refused = crew.accept_invitation().run(command).await;
    assert_eq!(refused, Err(AcceptInvitationError::InvalidCredentials));

    let by = By::client().in_log(tenants.other.id());
    let failed = by.did("sign_in.failed", AuditTarget::from(grace.id), json!({}));
    assert_eq!(tenants.log(tenants.other.id()).await, [failed]);
    assert_eq!(since_invited(&crew).await, []);
}

#[tokio::test]
async fn who_could_not_join_is_not_told_of() {
    let crew = Crew::new().await;
    let (_, command) = invited(&crew, GRACE).await;
    let accept = AcceptInvitation {
        store: crew.tenants.store_that_loses(),
        ..crew.accept_invitation()
    };
    let refused = accept.run(as_newcomer(&command.token)).await;
    assert_eq!(refused, Err(AcceptInvitationError::Store(lost())));
    assert_eq!(since_invited(&crew).await, []);
}
