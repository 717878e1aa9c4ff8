//! Changing the role and the status of people.

use std::sync::Arc;

use kogents_domain::access::{Role, RoleName, SystemRole};
use kogents_domain::auth::PhoneNumber;
use kogents_domain::ids::{InvitationId, UserId};
use kogents_domain::session::EndReason;
use kogents_domain::workspace::{DirectoryEntry, DirectoryId, Invitation, MembershipStatus};
use kogents_testkit::builders::{an_invitation, unique_id};
use kogents_testkit::parallel::at_once;
use kogents_usecases::workspace::{ChangePersonCommand, ChangePersonError, Member, OwnValues};

use super::crew::{Crew, as_newcomer};
use crate::support::{T0, address, name, secs};

fn id_of(invitation: InvitationId) -> DirectoryId {
    DirectoryId::parse(&invitation.to_string()).unwrap()
}

/// A change of nothing.
fn change(member: Member, id: impl Into<DirectoryId>) -> ChangePersonCommand {
    ChangePersonCommand {
        member,
        id: id.into(),
        role_name: None,
        status: None,
        own: OwnValues::default(),
    }
}

fn to_role(member: Member, id: impl Into<DirectoryId>, role: &Role) -> ChangePersonCommand {
    ChangePersonCommand {
        role_name: Some(role.name.clone()),
        ..change(member, id)
    }
}

fn to_status(member: Member, id: UserId, status: MembershipStatus) -> ChangePersonCommand {
    ChangePersonCommand {
        status: Some(status),
        ..change(member, id)
    }
}

#[tokio::test]
async fn a_member_gets_another_role_and_keeps_their_sessions() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let manager = tenants.acme.role(SystemRole::Manager);
    let agent = tenants.agent;
    assert!(!tenants.may(agent, "users:create").await);
    tenants.clock.advance(secs(5));

    let command = to_role(tenants.admin, agent.user_id, manager);
    let person = crew.change_person().run(command).await.unwrap();

    assert_eq!(person.entry.role(), manager);
    assert_eq!(person.permissions.to_vec(), manager.permissions(&[], &[]));
    let DirectoryEntry::Member { membership, .. } = &person.entry else {
        panic!("invited");
    };
    assert_eq!(membership.updated_at, T0.plus(secs(5)));
    assert_eq!(
        crew.membership(agent.user_id).await.as_ref(),
        Some(membership)
    );
    // The very next request has the new rights.
    assert!(tenants.may(agent, "users:create").await);
    let order = [
        "read Member",
        "close",
        "fence",
        "begin Member",
        "commit",
        "lift",
    ];
    assert_eq!(tenants.journal.entries(), order);
}

#[tokio::test]
async fn any_status_but_active_ends_the_sessions_in_this_workspace_only() {
    for status in [MembershipStatus::Inactive, MembershipStatus::Suspended] {
        let crew = Crew::new().await;
        let tenants = &crew.tenants;
        let here = tenants.agent;
        let elsewhere = tenants.sign_in(here.user_id, tenants.other.id()).await;
        assert!(tenants.request(here).await.is_some());

        let command = to_status(tenants.manager, here.user_id, status);
        let person = crew.change_person().run(command).await.unwrap();

        let DirectoryEntry::Member { membership, .. } = person.entry else {
            panic!("invited");
        };
        assert_eq!(membership.status, status);
        assert!(tenants.request(here).await.is_none());
        assert!(tenants.request(elsewhere).await.is_some());
        let mut unit = tenants.look().await;
        let session = unit
            .sessions()
            .find(here.session_id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(session.end.unwrap().reason, EndReason::Suspended);
        drop(unit);

        let back = to_status(tenants.manager, here.user_id, MembershipStatus::Active);
        crew.change_person().run(back).await.unwrap();
        let membership = crew.membership(here.user_id).await.unwrap();
        assert_eq!(membership.status, MembershipStatus::Active);
        assert!(tenants.request(here).await.is_none());
    }
}

#[tokio::test]
async fn what_is_the_persons_own_may_come_along_as_it_is_and_not_otherwise() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let mut unit = tenants.look().await;
    let user = unit
        .users()
        .find(tenants.agent.user_id)
        .await
        .unwrap()
        .unwrap();
    drop(unit);
    let with = |own| ChangePersonCommand {
        own,
        ..change(tenants.admin, user.id)
    };
    let same = OwnValues {
        name: Some(user.name.clone()),
        phone: Some(None),
        email: Some(address(&user.email.as_given().to_uppercase())),
        has_password: false,
    };
    assert!(crew.change_person().run(with(same)).await.is_ok());
    let phone = PhoneNumber::parse("+4930123456").ok();
    for own in [
        OwnValues {
            name: Some(name("Somebody Else")),
            ..OwnValues::default()
        },
        OwnValues {
            phone: Some(phone),
            ..OwnValues::default()
        },
        OwnValues {
            email: Some(address("somebody@else.example")),
            ..OwnValues::default()
        },
        OwnValues {
            has_password: true,
            ..OwnValues::default()
        },
    ] {
        let refused = crew.change_person().run(with(own)).await;
        assert_eq!(refused, Err(ChangePersonError::NotTheirs));
    }
}

#[tokio::test]
async fn clearing_a_telephone_number_that_is_there_is_a_change() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let invitation = an_invitation(agent, tenants.admin.user_id)
        .everything()
        .build();
    let mut unit = tenants.change().await;
    unit.invitations().insert(&invitation).await.unwrap();
    unit.commit().await.unwrap();
    let with = |phone| ChangePersonCommand {
        own: OwnValues {
            phone,
            ..OwnValues::default()
        },
        ..change(tenants.admin, id_of(invitation.id))
    };
    let person = crew
        .change_person()
        .run(with(Some(invitation.phone.clone())))
        .await;
    assert!(person.is_ok());
    let cleared = crew.change_person().run(with(Some(None))).await;
    assert_eq!(cleared, Err(ChangePersonError::NotTheirs));
}

#[tokio::test]
async fn who_is_not_here_or_no_role_or_no_status_is_told_apart() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let change_person = crew.change_person();
    let viewer = tenants.acme.role(SystemRole::Viewer);
    for unknown in [tenants.stranger.user_id, UserId::from_uuid(unique_id())] {
        let refused = change_person
            .run(to_role(tenants.admin, unknown, viewer))
            .await;
        assert_eq!(refused, Err(ChangePersonError::NotFound));
    }
    let nonsense = ChangePersonCommand {
        role_name: RoleName::parse("nonsense").ok(),
        ..change(tenants.admin, tenants.agent.user_id)
    };
    let refused = change_person.run(nonsense).await;
    assert_eq!(refused, Err(ChangePersonError::UnknownRole));
    let pending = to_status(
        tenants.admin,
        tenants.agent.user_id,
        MembershipStatus::Pending,
    );
    let refused = change_person.run(pending).await;
    assert_eq!(refused, Err(ChangePersonError::NeverPending));
    // What failed is not fenced any more, and who is no member never was.
    assert!(tenants.may(tenants.agent, "users:read").await);
    let fences = tenants.journal.only(&["fence", "lift"]);
    assert_eq!(fences, ["fence", "lift"].repeat(2));
}

#[tokio::test]
async fn s23_nobody_changes_who_holds_or_gives_what_they_do_not_hold() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let (admin, viewer) = (SystemRole::Admin, SystemRole::Viewer);
    let admin = tenants.acme.role(admin);
    let viewer = tenants.acme.role(viewer);
    let second = tenants.join(admin).await;
    let change_person = crew.change_person();
    let manager = tenants.manager;
    let inactive = MembershipStatus::Inactive;
    for command in [
        to_role(manager, tenants.agent.user_id, admin),
        to_role(manager, manager.user_id, admin),
        to_role(manager, second.user_id, viewer),
        to_status(manager, second.user_id, inactive),
    ] {
        let refused = change_person.run(command).await;
        assert_eq!(refused, Err(ChangePersonError::CannotGrant));
    }
    // To change nothing takes nothing.
    let nothing = to_role(manager, second.user_id, admin);
    assert!(change_person.run(nothing).await.is_ok());
    // Reactivating somebody gives them what their role holds.
    let aside = tenants.put(admin, inactive).await;
    let refused = change_person
        .run(to_status(manager, aside, MembershipStatus::Active))
        .await;
    assert_eq!(refused, Err(ChangePersonError::CannotGrant));
    // One may give up what one holds.
    let less = to_role(manager, manager.user_id, viewer);
    assert!(change_person.run(less).await.is_ok());
}

#[tokio::test]
async fn s23_the_last_active_admin_is_neither_demoted_nor_put_aside() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let admin = tenants.admin;
    // None of these counts.
    let role = tenants.acme.role(SystemRole::Admin);
    tenants.put(role, MembershipStatus::Inactive).await;
    let change_person = crew.change_person();
    let viewer = tenants.acme.role(SystemRole::Viewer);
    for command in [
        to_role(admin, admin.user_id, viewer),
        to_status(admin, admin.user_id, MembershipStatus::Inactive),
        to_status(admin, admin.user_id, MembershipStatus::Suspended),
    ] {
        let refused = change_person.run(command).await;
        assert_eq!(refused, Err(ChangePersonError::LastAdmin));
    }
    assert!(tenants.may(admin, "users:edit").await);
    tenants.join(role).await;
    let command = to_role(admin, admin.user_id, viewer);
    assert!(change_person.run(command).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn s23_of_two_admins_who_put_each_other_aside_20_times_at_once_one_stays() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let first = tenants.admin;
    let second = tenants.join(tenants.acme.role(SystemRole::Admin)).await;
    let change_person = Arc::new(crew.change_person());
    let tries = (0..20).map(|at| {
        let (by, whom) = if at % 2 == 0 {
            (first, second)
        } else {
            (second, first)
        };
        let change_person = change_person.clone();
        let command = to_status(by, whom.user_id, MembershipStatus::Suspended);
        async move { change_person.run(command).await }
    });
    at_once(tries).await;
    let mut unit = tenants.change().await;
    unit.workspaces()
        .find_for_update(tenants.acme.id())
        .await
        .unwrap();
    let left = unit
        .memberships()
        .count_active_admins(tenants.acme.id())
        .await;
    assert_eq!(left, Ok(1));
}

#[tokio::test]
async fn who_is_invited_gets_another_role_and_stays_pending() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let viewer = tenants.acme.role(SystemRole::Viewer);
    let (id, token) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let change_person = crew.change_person();
    for status in MembershipStatus::ALL {
        let command = ChangePersonCommand {
            status: Some(status),
            ..change(tenants.admin, id_of(id))
        };
        let changed = change_person.run(command).await;
        if status == MembershipStatus::Pending {
            assert!(changed.is_ok());
        } else {
            assert_eq!(changed, Err(ChangePersonError::NotTheirs));
        }
    }
    let command = to_role(tenants.manager, id_of(id), viewer);
    let person = change_person.run(command).await.unwrap();
    assert_eq!(person.entry.role(), viewer);
    let DirectoryEntry::Invited { invitation, .. } = person.entry else {
        panic!("a member");
    };
    assert_eq!(invitation.invited_by, Some(tenants.admin.user_id));
    let joined = crew
        .accept_invitation()
        .run(as_newcomer(&token))
        .await
        .unwrap();
    let membership = crew.membership(joined.user.id).await.unwrap();
    assert_eq!(membership.role_id, viewer.id);
}

#[tokio::test]
async fn s23_who_gives_an_invitation_more_vouches_for_it() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let admin = tenants.acme.role(SystemRole::Admin);
    let (id, token) = crew
        .invite(tenants.manager, "grace@example.com", agent)
        .await;
    let change_person = crew.change_person();
    let refused = change_person
        .run(to_role(tenants.manager, id_of(id), admin))
        .await;
    assert_eq!(refused, Err(ChangePersonError::CannotGrant));

    // Who may change people and not invite them cannot vouch for what the inviter does not hold.
    let editing = ["users:edit", "reports:export"];
    let editors = tenants.role(&tenants.acme, "Editors", &editing).await;
    let exporting = ["reports:export"];
    let exporters = tenants.role(&tenants.acme, "Exporters", &exporting).await;
    let nobody = tenants.role(&tenants.acme, "Nobody", &[]).await;
    let editor = tenants.join(&editors).await;
    let (humble, _) = crew
        .invite(tenants.manager, "ada@example.com", &nobody)
        .await;
    let refused = change_person
        .run(to_role(editor, id_of(humble), &exporters))
        .await;
    assert_eq!(refused, Err(ChangePersonError::CannotGrant));

    let command = to_role(tenants.admin, id_of(id), admin);
    let person = change_person.run(command).await.unwrap();
    let DirectoryEntry::Invited { invitation, .. } = person.entry else {
        panic!("a member");
    };
    assert_eq!(invitation.invited_by, Some(tenants.admin.user_id));
    let expected = T0.plus(Invitation::LIFETIME);
    assert_eq!(invitation.expires_at, expected);
    let joined = crew.accept_invitation().run(as_newcomer(&token)).await;
    let standing = joined.unwrap().standing.unwrap();
    assert_eq!(standing.role, *admin);
}
