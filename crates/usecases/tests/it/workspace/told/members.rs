//! What is told of members who are changed and removed.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditTarget;
use kogents_domain::workspace::MembershipStatus;
use kogents_usecases::workspace::{
    ChangePerson, ChangePersonCommand, ChangePersonError, Member, OwnValues, RemovePerson,
    RemovePersonCommand, RemovePersonError,
};
use serde_json::json;

use crate::support::{By, lost};
use crate::workspace::crew::Crew;

fn change(member: Member, whom: Member) -> ChangePersonCommand {
    ChangePersonCommand {
        member,
        id: whom.user_id.into(),
        role_name: None,
        status: None,
        own: OwnValues::default(),
    }
}

fn to(
    crew: &Crew,
    whom: Member,
    role: SystemRole,
    status: MembershipStatus,
) -> ChangePersonCommand {
    ChangePersonCommand {
        role_name: Some(crew.tenants.acme.role(role).name.clone()),
        status: Some(status),
        ..change(crew.tenants.admin, whom)
    }
}

#[tokio::test]
async fn a_member_who_is_another_now_is_told_of_and_so_are_the_sessions_that_end_with_it() {
    use MembershipStatus::{Active, Inactive};
    use SystemRole::{Agent, Viewer};
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.agent;
    let elsewhere = tenants.sign_in(agent.user_id, tenants.other.id()).await;
    let change_person = crew.change_person();
    for (role, status) in [
        (Viewer, Active),
        (Agent, Inactive),
        // Nothing is another, and nobody is signed in any more.
        (Agent, Inactive),
        (Agent, Active),
    ] {
        let command = to(&crew, agent, role, status);
        change_person.run(command).await.unwrap();
    }
    let nothing = change(tenants.admin, agent);
    change_person.run(nothing).await.unwrap();

    let by = By::member(tenants.admin);
    let whom = AuditTarget::from(agent.user_id);
    let session = AuditTarget::from(agent.session_id);
    let changed = |details| by.did("member.changed", whom, details);
    let told = [
        changed(json!({ "roleFrom": "agent", "roleTo": "viewer" })),
        changed(json!({
            "roleFrom": "viewer", "roleTo": "agent",
            "statusFrom": "ACTIVE", "statusTo": "INACTIVE",
        })),
        by.did("session.ended", session, json!({ "reason": "suspended" })),
        changed(json!({ "statusFrom": "INACTIVE", "statusTo": "ACTIVE" })),
    ];
    assert_eq!(tenants.log(tenants.acme.id()).await, told);
    assert_eq!(tenants.log(tenants.other.id()).await, []);
    assert!(tenants.request(elsewhere).await.is_some());
}

#[tokio::test]
async fn a_member_who_is_removed_is_told_of_with_the_role_they_had() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let viewer = tenants.viewer;
    let twice = tenants.sign_in(viewer.user_id, tenants.acme.id()).await;
    let command = RemovePersonCommand {
        member: tenants.manager,
        id: viewer.user_id.into(),
    };
    crew.remove_person().run(command).await.unwrap();

    let by = By::member(tenants.manager);
    let removed = by.did(
        "member.removed",
        AuditTarget::from(viewer.user_id),
        json!({ "role": "viewer" }),
    );
    let ended = [viewer, twice].map(|member| {
        let session = AuditTarget::from(member.session_id);
        by.did("session.ended", session, json!({ "reason": "removed" }))
    });
    let [first, second] = ended;
    let told = [removed, first, second];
    assert_eq!(tenants.log(tenants.acme.id()).await, told);
}

#[tokio::test]
async fn a_change_that_is_refused_or_rolled_back_is_not_told() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let demoted = to(
        &crew,
        tenants.admin,
        SystemRole::Agent,
        MembershipStatus::Active,
    );
    let last = crew.change_person().run(demoted).await;
    assert_eq!(last, Err(ChangePersonError::LastAdmin));

    let changing = ChangePerson {
        store: tenants.store_that_loses(),
        ..crew.change_person()
    };
    let command = to(
        &crew,
        tenants.agent,
        SystemRole::Viewer,
        MembershipStatus::Inactive,
    );
    let changed = changing.run(command).await;
    assert_eq!(changed, Err(ChangePersonError::Store(lost())));
    let removing = RemovePerson {
        store: tenants.store_that_loses(),
        ..crew.remove_person()
    };
    let command = RemovePersonCommand {
        member: tenants.admin,
        id: tenants.agent.user_id.into(),
    };
    let removed = removing.run(command).await;
    assert_eq!(removed, Err(RemovePersonError::Store(lost())));
    assert_eq!(tenants.log(tenants.acme.id()).await, []);
    assert!(tenants.request(tenants.agent).await.is_some());
}
