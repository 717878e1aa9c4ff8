//! Taking people out of a workspace.

use std::sync::Arc;

use kogents_domain::access::SystemRole;
use kogents_domain::ids::UserId;
use kogents_domain::session::EndReason;
use kogents_domain::workspace::{DirectoryId, MembershipStatus};
use kogents_testkit::builders::unique_id;
use kogents_testkit::parallel::at_once;
use kogents_usecases::workspace::{
    AcceptInvitationError, Member, RemovePersonCommand, RemovePersonError, Removed,
};

use super::crew::{Crew, as_newcomer};

fn command(member: Member, id: impl Into<DirectoryId>) -> RemovePersonCommand {
    let id = id.into();
    RemovePersonCommand { member, id }
}

#[tokio::test]
async fn a_member_is_removed_with_their_sessions_here_and_stays_a_person() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let here = tenants.agent;
    let elsewhere = tenants.sign_in(here.user_id, tenants.other.id()).await;
    assert!(tenants.request(here).await.is_some());

    let removed = crew
        .remove_person()
        .run(command(tenants.manager, here.user_id))
        .await;

    assert_eq!(removed, Ok(Removed::Membership));
    assert_eq!(crew.membership(here.user_id).await, None);
    assert!(tenants.request(here).await.is_none());
    assert!(tenants.request(elsewhere).await.is_some());
    let mut unit = tenants.look().await;
    assert!(unit.users().find(here.user_id).await.unwrap().is_some());
    let session = unit
        .sessions()
        .find(here.session_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.end.unwrap().reason, EndReason::Removed);
    drop(unit);
    let order = [
        "read Member",
        "close",
        "fence",
        "begin Member",
        "commit",
        "lift",
    ];
    assert_eq!(tenants.journal.entries(), order);
    let again = crew
        .remove_person()
        .run(command(tenants.manager, here.user_id))
        .await;
    assert_eq!(again, Err(RemovePersonError::NotFound));
}

#[tokio::test]
async fn an_invitation_is_withdrawn_under_its_id() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (id, token) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let id = DirectoryId::parse(&id.to_string()).unwrap();
    let foreign = crew
        .remove_person()
        .run(command(tenants.stranger, id))
        .await;
    assert_eq!(foreign, Err(RemovePersonError::NotFound));
    let removed = crew.remove_person().run(command(tenants.manager, id)).await;
    assert_eq!(removed, Ok(Removed::Invitation));
    let accepted = crew.accept_invitation().run(as_newcomer(&token)).await;
    assert_eq!(accepted, Err(AcceptInvitationError::Invalid));
}

#[tokio::test]
async fn who_is_not_here_cannot_be_removed() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    for unknown in [tenants.stranger.user_id, UserId::from_uuid(unique_id())] {
        let refused = crew
            .remove_person()
            .run(command(tenants.admin, unknown))
            .await;
        assert_eq!(refused, Err(RemovePersonError::NotFound));
    }
    assert!(tenants.request(tenants.stranger).await.is_some());
}

#[tokio::test]
async fn s23_nobody_removes_who_holds_more_or_the_last_active_admin() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let admin = tenants.acme.role(SystemRole::Admin);
    let remove = crew.remove_person();
    // Whether there is another admin is not told to who may not remove one.
    let refused = remove
        .run(command(tenants.manager, tenants.admin.user_id))
        .await;
    assert_eq!(refused, Err(RemovePersonError::CannotGrant));
    let (id, _) = crew.invite(tenants.admin, "grace@example.com", admin).await;
    let invited = DirectoryId::parse(&id.to_string()).unwrap();
    let refused = remove.run(command(tenants.manager, invited)).await;
    assert_eq!(refused, Err(RemovePersonError::CannotGrant));
    tenants.put(admin, MembershipStatus::Suspended).await;
    let oneself = command(tenants.admin, tenants.admin.user_id);
    assert_eq!(remove.run(oneself).await, Err(RemovePersonError::LastAdmin));
    assert!(tenants.may(tenants.admin, "users:delete").await);
    // A manager may leave, whoever stays.
    let leaving = command(tenants.manager, tenants.manager.user_id);
    assert_eq!(remove.run(leaving).await, Ok(Removed::Membership));
    tenants.join(admin).await;
    assert_eq!(remove.run(oneself).await, Ok(Removed::Membership));
}

#[tokio::test(flavor = "multi_thread")]
async fn s23_of_two_last_admins_who_remove_each_other_20_times_at_once_one_stays() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let first = tenants.admin;
    let second = tenants.join(tenants.acme.role(SystemRole::Admin)).await;
    let remove = Arc::new(crew.remove_person());
    let tries = (0..20).map(|at| {
        let (by, whom) = if at % 2 == 0 {
            (first, second)
        } else {
            (second, first)
        };
        let remove = remove.clone();
        async move { remove.run(command(by, whom.user_id)).await }
    });
    let outcomes = at_once(tries).await;
    let done = outcomes.iter().filter(|outcome| outcome.is_ok());
    assert_eq!(done.count(), 1);
    let left = [
        crew.membership(first.user_id).await,
        crew.membership(second.user_id).await,
    ];
    assert_eq!(left.iter().flatten().count(), 1);
}
