//! Inviting people.

use kogents_domain::access::{RoleName, SystemRole};
use kogents_domain::mail::{MailBrand, MailMessage};
use kogents_domain::workspace::{DirectoryEntry, Invitation, MAX_INVITATIONS, MembershipStatus};
use kogents_testkit::builders::an_invitation;
use kogents_usecases::workspace::{InvitePersonCommand, InvitePersonError, Person};

use super::crew::{Crew, asking, token_of};
use crate::support::{T0, language, name};

fn invitation(person: Person) -> Invitation {
    match person.entry {
        DirectoryEntry::Invited { invitation, .. } => *invitation,
        DirectoryEntry::Member { .. } => panic!("a member"),
    }
}

#[tokio::test]
async fn an_invitation_and_its_mail_are_written_at_once() {
    let crew = Crew::new().await;
    let acme = &crew.tenants.acme;
    let agent = acme.role(SystemRole::Agent);
    let manager = crew.tenants.manager;

    let person = crew.invite_person();
    let person = person
        .run(asking(manager, "Grace@Example.com", agent))
        .await;

    let person = person.unwrap();
    assert_eq!(*person.workspace, acme.workspace);
    assert_eq!(person.entry.role(), agent);
    assert_eq!(person.permissions.to_vec(), agent.permissions(&[], &[]));
    let made = invitation(person);
    assert_eq!(made.email.as_given(), "Grace@Example.com");
    assert_eq!(made.name, name("Grace Hopper"));
    assert_eq!(made.invited_by, Some(manager.user_id));
    assert_eq!(made.created_at, T0);
    assert_eq!(made.expires_at, T0.plus(Invitation::LIFETIME));
    let mut unit = crew.tenants.look().await;
    let kept = unit.invitations().find(acme.id(), made.id).await.unwrap();
    assert_eq!(kept.as_ref(), Some(&made));
    drop(unit);

    let letters = crew.letters().await;
    let [(mail, letter)] = letters.as_slice() else {
        panic!("{} letters", letters.len());
    };
    assert_eq!(mail.recipient, made.email);
    assert_eq!(mail.expires_at, Some(made.expires_at));
    assert_eq!(mail.language, language("de"));
    let looks = MailBrand::of(&acme.workspace.name, &acme.workspace.branding);
    assert_eq!(letter.brand, Some(looks));
    let MailMessage::Invitation {
        name,
        inviter,
        workspace,
        token: _,
        days,
    } = &letter.message
    else {
        panic!("{letter:?}");
    };
    let said = (name.as_str(), inviter.as_str(), workspace.as_str(), *days);
    assert_eq!(said, ("Grace Hopper", "Ada Lovelace", "Acme", 7));
    assert_eq!(crew.signal.count(), 1);
    let order = [
        "read Member",
        "close",
        "seal",
        "take limits",
        "begin Member",
        "commit",
        "wake",
    ];
    assert_eq!(crew.tenants.journal.entries(), order);
}

#[tokio::test]
async fn s5_of_the_token_only_a_digest_is_kept() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let invited = crew.invite_person();
    let invited = invited
        .run(asking(crew.tenants.admin, "grace@example.com", agent))
        .await;
    let made = invitation(invited.unwrap());
    let (_, letter) = crew.letters().await.remove(0);
    let token = token_of(letter).unwrap();
    assert_eq!(made.digest, crew.tokens().digest(&token));
    assert!(!format!("{made:?}").contains(token.secret().expose()));
}

#[tokio::test]
async fn the_workspaces_language_comes_before_that_of_the_request() {
    let crew = Crew::new().await;
    let mut workspace = crew.tenants.acme.workspace.clone();
    workspace.language = Some(language("fr-CA"));
    let mut unit = crew.tenants.change().await;
    unit.workspaces().update(&workspace).await.unwrap();
    unit.commit().await.unwrap();
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let invited = crew.invite_person();
    let command = asking(crew.tenants.admin, "grace@example.com", agent);
    invited.run(command).await.unwrap();
    let (mail, _) = crew.letters().await.remove(0);
    assert_eq!(mail.language, language("fr-CA"));
}

#[tokio::test]
async fn s6_whether_the_address_has_an_account_shows_nowhere() {
    let mut seen = Vec::new();
    for has_account in [false, true] {
        let crew = Crew::new().await;
        if has_account {
            crew.account("grace@example.com").await;
        }
        let agent = crew.tenants.acme.role(SystemRole::Agent);
        let invited = crew.invite_person();
        let command = asking(crew.tenants.admin, "grace@example.com", agent);
        let made = invitation(invited.run(command).await.unwrap());
        let (mail, letter) = crew.letters().await.remove(0);
        let told = (made.email, made.name, made.phone, made.expires_at);
        let mailed = (mail.language, letter.brand, letter.message.template());
        seen.push((told, mailed, crew.tenants.journal.entries()));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn s23_nobody_invites_to_what_they_do_not_hold() {
    let crew = Crew::new().await;
    let acme = &crew.tenants.acme;
    let exporters = crew
        .tenants
        .role(acme, "Exporters", &["reports:export"])
        .await;
    let inviters = crew.tenants.role(acme, "Inviters", &["users:create"]).await;
    let inviter = crew.tenants.join(&inviters).await;
    let invite = crew.invite_person();
    let admin = acme.role(SystemRole::Admin);
    let viewer = acme.role(SystemRole::Viewer);
    for (who, role) in [
        (crew.tenants.manager, admin),
        (crew.tenants.manager, &exporters),
        (inviter, viewer),
    ] {
        let refused = invite.run(asking(who, "grace@example.com", role)).await;
        assert_eq!(refused, Err(InvitePersonError::CannotGrant));
    }
    assert_eq!(crew.pending().await, 0);
    assert!(crew.letters().await.is_empty());
    for (at, role) in [admin, &exporters].into_iter().enumerate() {
        let email = format!("grace{at}@example.com");
        let invited = invite.run(asking(crew.tenants.admin, &email, role)).await;
        assert!(invited.is_ok());
    }
    let same = invite
        .run(asking(inviter, "eve@example.com", &inviters))
        .await;
    assert!(same.is_ok());
}

#[tokio::test]
async fn a_role_of_another_workspace_is_unknown_here() {
    let crew = Crew::new().await;
    let foreign = crew.tenants.role(&crew.tenants.other, "Foreign", &[]).await;
    let invite = crew.invite_person();
    let admin = crew.tenants.admin;
    for role_name in [foreign.name.clone(), RoleName::parse("nonsense").unwrap()] {
        let command = InvitePersonCommand {
            role_name,
            ..asking(admin, "grace@example.com", &foreign)
        };
        let refused = invite.run(command).await;
        assert_eq!(refused, Err(InvitePersonError::UnknownRole));
    }
}

#[tokio::test]
async fn s28_an_address_is_invited_once_and_a_member_not_at_all() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let admin = crew.tenants.admin;
    let invite = crew.invite_person();
    crew.invite(admin, "grace@example.com", agent).await;
    let again = invite.run(asking(admin, "GRACE@Example.com", agent)).await;
    assert_eq!(again, Err(InvitePersonError::Pending));
    assert!(crew.letters().await.is_empty());

    let member = crew.tenants.put(agent, MembershipStatus::Inactive).await;
    let mut unit = crew.tenants.look().await;
    let email = unit.users().find(member).await.unwrap().unwrap().email;
    drop(unit);
    let upper = email.as_given().to_uppercase();
    let refused = invite.run(asking(admin, &upper, agent)).await;
    assert_eq!(refused, Err(InvitePersonError::AlreadyMember));

    // One whose link has expired gives way.
    crew.tenants.clock.set(T0.plus(Invitation::LIFETIME));
    let anew = invite.run(asking(admin, "Grace@example.com", agent)).await;
    assert!(anew.is_ok());
    assert_eq!(crew.pending().await, 1);
    let elsewhere = crew.tenants.stranger;
    let theirs = crew.tenants.other.role(SystemRole::Agent);
    let invited = invite
        .run(asking(elsewhere, "grace@example.com", theirs))
        .await;
    assert!(invited.is_ok());
}

#[tokio::test]
async fn a_workspace_has_so_many_invitations_and_no_more() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let admin = crew.tenants.admin;
    let mut unit = crew.tenants.change().await;
    for _ in 0..MAX_INVITATIONS {
        let made = an_invitation(agent, admin.user_id).build();
        unit.invitations().insert(&made).await.unwrap();
    }
    unit.commit().await.unwrap();
    let refused = crew.invite_person();
    let refused = refused.run(asking(admin, "grace@example.com", agent)).await;
    assert_eq!(refused, Err(InvitePersonError::TooMany));
}
