//! What is told of invitations until they are accepted.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditTarget;
use kogents_domain::ids::InvitationId;
use kogents_domain::limits::LimitLedger;
use kogents_domain::workspace::DirectoryId;
use kogents_usecases::workspace::{
    ChangePersonCommand, InvitePerson, InvitePersonError, OwnValues, RemovePersonCommand,
    ResendInvitationCommand, WithdrawInvitationCommand,
};
use serde_json::json;

use crate::support::{By, language, lost};
use crate::workspace::crew::{Crew, asking};

const GRACE: &str = "Grace@Example.com";
const MASKED: &str = "G\u{2026}@Example.com";

fn directory_id(id: InvitationId) -> DirectoryId {
    DirectoryId::parse(&id.to_string()).unwrap()
}

#[tokio::test]
async fn an_invitation_is_told_of_from_its_sending_to_its_end_without_the_address() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let viewer = tenants.acme.role(SystemRole::Viewer);
    let (id, _) = crew.invite(tenants.manager, GRACE, agent).await;
    let again = ResendInvitationCommand {
        member: tenants.admin,
        id,
        language: language("de"),
        ledger: LimitLedger::default(),
    };
    crew.resend_invitation().run(again).await.unwrap();
    // The second time it has that role already.
    for _ in 0..2 {
        let to_viewer = ChangePersonCommand {
            member: tenants.admin,
            id: directory_id(id),
            role_name: Some(viewer.name.clone()),
            status: None,
            own: OwnValues::default(),
        };
        crew.change_person().run(to_viewer).await.unwrap();
    }
    let member = tenants.admin;
    let withdraw = WithdrawInvitationCommand { member, id };
    crew.withdraw_invitation().run(withdraw).await.unwrap();

    let invitation = AuditTarget::from(id);
    let to = |role: &str| json!({ "email": MASKED, "role": role });
    let changed = json!({ "email": MASKED, "roleFrom": "agent", "roleTo": "viewer" });
    let (manager, admin) = (By::member(tenants.manager), By::member(member));
    let told = [
        manager.did("invitation.sent", invitation, to("agent")),
        admin.did("invitation.resent", invitation, to("agent")),
        admin.did("invitation.changed", invitation, changed),
        admin.did("invitation.withdrawn", invitation, to("viewer")),
    ];
    assert_eq!(tenants.log(tenants.acme.id()).await, told);
}

#[tokio::test]
async fn an_invitation_that_is_removed_like_a_member_is_told_of_as_withdrawn() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (id, _) = crew.invite(tenants.admin, GRACE, agent).await;
    let command = RemovePersonCommand {
        member: tenants.manager,
        id: directory_id(id),
    };
    crew.remove_person().run(command).await.unwrap();

    let log = tenants.log(tenants.acme.id()).await;
    let details = json!({ "email": MASKED, "role": "agent" });
    let withdrawn =
        By::member(tenants.manager).did("invitation.withdrawn", AuditTarget::from(id), details);
    assert_eq!(log[1..], [withdrawn]);
}

#[tokio::test]
async fn an_invitation_that_is_refused_or_rolled_back_is_not_told() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let losing = InvitePerson {
        store: tenants.store_that_loses(),
        ..crew.invite_person()
    };
    let invited = losing.run(asking(tenants.admin, GRACE, agent)).await;
    assert_eq!(invited, Err(InvitePersonError::Store(lost())));
    let admin = tenants.acme.role(SystemRole::Admin);
    let beyond = asking(tenants.manager, GRACE, admin);
    let refused = crew.invite_person().run(beyond).await;
    assert_eq!(refused, Err(InvitePersonError::CannotGrant));
    assert_eq!(tenants.log(tenants.acme.id()).await, []);
}
