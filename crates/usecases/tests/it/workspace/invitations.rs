//! Looking at invitations, sending them again, withdrawing and sweeping them.

use kogents_domain::access::SystemRole;
use kogents_domain::auth::TokenPurpose;
use kogents_domain::ids::InvitationId;
use kogents_domain::limits::{LimitLedger, LimitRule};
use kogents_domain::page::PageLimit;
use kogents_domain::workspace::{DirectoryEntry, Invitation};
use kogents_testkit::builders::{an_invitation, unique_id};
use kogents_usecases::workspace::{
    AcceptInvitationError, InvitePersonError, ListInvitations, ListInvitationsCommand,
    PreviewInvitationError, ResendInvitationCommand, ResendInvitationError, SweepInvitations,
    WithdrawInvitationCommand, WithdrawInvitationError,
};

use super::crew::{Crew, as_newcomer, asking, invitation_id};
use crate::support::{T0, language, secs};

#[tokio::test]
async fn a_preview_tells_what_the_invitation_is_to_and_changes_nothing() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (id, token) = crew
        .invite(crew.tenants.admin, "Grace@example.com", agent)
        .await;
    for has_account in [false, true] {
        if has_account {
            crew.account("grace@EXAMPLE.com").await;
        }
        let preview = crew.preview_invitation().run(token.clone()).await.unwrap();
        assert_eq!(preview.workspace, crew.tenants.acme.workspace);
        assert_eq!(preview.invitation.id, id);
        assert_eq!(preview.has_account, has_account);
    }
    assert_eq!(crew.pending().await, 1);
    let nobodys = crew.tokens();
    let (other, _) = nobodys.issue(TokenPurpose::NotMe, None, T0);
    let unknown = crew.preview_invitation().run(other).await;
    assert_eq!(unknown, Err(PreviewInvitationError::Invalid));
}

#[tokio::test]
async fn sending_again_voids_the_old_link_and_names_another_inviter() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (id, old) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let later = T0.plus(Invitation::LIFETIME).plus(secs(60));
    tenants.clock.set(later);
    let command = ResendInvitationCommand {
        member: tenants.manager,
        id,
        language: language("de"),
        ledger: LimitLedger::default(),
    };

    let person = crew.resend_invitation().run(command).await.unwrap();

    let DirectoryEntry::Invited { invitation, role } = person.entry else {
        panic!("a member");
    };
    assert_eq!((invitation.id, &role), (id, agent));
    assert_eq!(invitation.invited_by, Some(tenants.manager.user_id));
    assert_eq!(invitation.expires_at, later.plus(Invitation::LIFETIME));
    assert_eq!((invitation.created_at, invitation.updated_at), (T0, later));
    let new = crew.mailed_token().await;
    let preview = crew.preview_invitation();
    let voided = preview.run(old.clone()).await;
    assert_eq!(voided, Err(PreviewInvitationError::Invalid));
    let accept = crew.accept_invitation();
    let refused = accept.run(as_newcomer(&old)).await;
    assert_eq!(refused, Err(AcceptInvitationError::Invalid));
    assert!(accept.run(as_newcomer(&new)).await.is_ok());
    tenants.journal.assert_units_are_undisturbed();
}

#[tokio::test]
async fn a_mail_that_was_not_sent_yet_gives_way_to_the_newer_one() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let admin = crew.tenants.admin;
    let invite = crew.invite_person();
    let invited = invite.run(asking(admin, "grace@example.com", agent)).await;
    let id = invitation_id(&invited.unwrap());
    let other = invite.run(asking(admin, "ada@example.com", agent)).await;
    assert!(other.is_ok());
    let language = language("de");
    let member = admin;
    let command = ResendInvitationCommand {
        member,
        id,
        language,
        ledger: LimitLedger::default(),
    };
    crew.resend_invitation().run(command).await.unwrap();
    let letters = crew.letters().await;
    let mut to: Vec<_> = letters
        .iter()
        .map(|(mail, _)| mail.recipient.as_given())
        .collect();
    to.sort_unstable();
    assert_eq!(to, ["ada@example.com", "grace@example.com"]);
    assert_eq!(crew.signal.count(), 3);
}

#[tokio::test]
async fn s23_who_sends_or_withdraws_an_invitation_holds_what_it_gives() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let admin = tenants.acme.role(SystemRole::Admin);
    let (id, token) = crew.invite(tenants.admin, "grace@example.com", admin).await;
    let language = language("de");
    let command = ResendInvitationCommand {
        member: tenants.manager,
        id,
        language,
        ledger: LimitLedger::default(),
    };
    let resent = crew.resend_invitation().run(command).await;
    assert_eq!(resent, Err(ResendInvitationError::CannotGrant));
    assert!(crew.letters().await.is_empty());
    let withdraw = crew.withdraw_invitation();
    let member = tenants.manager;
    let withdrawn = withdraw.run(WithdrawInvitationCommand { member, id }).await;
    assert_eq!(withdrawn, Err(WithdrawInvitationError::CannotGrant));
    assert!(crew.preview_invitation().run(token).await.is_ok());
}

#[tokio::test]
async fn an_invitation_is_withdrawn_once_and_by_its_own_workspace_only() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (id, token) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let withdraw = crew.withdraw_invitation();
    let not_found = Err(WithdrawInvitationError::NotFound);
    let by = |member| WithdrawInvitationCommand { member, id };
    assert_eq!(withdraw.run(by(tenants.stranger)).await, not_found);
    assert_eq!(crew.pending().await, 1);
    let foreign = ResendInvitationCommand {
        member: tenants.stranger,
        id,
        language: language("de"),
        ledger: LimitLedger::default(),
    };
    let resent = crew.resend_invitation().run(foreign).await;
    assert_eq!(resent, Err(ResendInvitationError::NotFound));

    assert_eq!(withdraw.run(by(tenants.manager)).await, Ok(()));
    assert_eq!(crew.pending().await, 0);
    assert_eq!(withdraw.run(by(tenants.manager)).await, not_found);
    let accepted = crew.accept_invitation().run(as_newcomer(&token)).await;
    assert_eq!(accepted, Err(AcceptInvitationError::Invalid));
    let gone = ResendInvitationCommand {
        member: tenants.admin,
        id,
        language: language("de"),
        ledger: LimitLedger::default(),
    };
    let resent = crew.resend_invitation().run(gone).await;
    assert_eq!(resent, Err(ResendInvitationError::NotFound));
}

#[tokio::test]
async fn invitations_are_listed_newest_first_with_who_sent_them() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let viewer = tenants.acme.role(SystemRole::Viewer);
    let made = |role, by| an_invitation(role, by).build();
    let first = made(agent, tenants.admin.user_id);
    let second = made(viewer, tenants.manager.user_id);
    let third = Invitation {
        invited_by: None,
        ..made(agent, tenants.admin.user_id)
    };
    let theirs = made(
        tenants.other.role(SystemRole::Agent),
        tenants.stranger.user_id,
    );
    let mut unit = tenants.change().await;
    for invitation in [&first, &second, &third, &theirs] {
        unit.invitations().insert(invitation).await.unwrap();
    }
    unit.commit().await.unwrap();
    let list = ListInvitations {
        store: tenants.store(),
    };
    let command = |limit, after| ListInvitationsCommand {
        member: tenants.manager,
        limit: PageLimit::new(limit).unwrap(),
        after,
    };

    let page = list.run(command(2, None)).await.unwrap();
    let shown: Vec<_> = page.items.iter().map(|sent| &sent.invitation).collect();
    assert_eq!(shown, [&third, &second]);
    assert_eq!(page.items[0].invited_by, None);
    let (by, name) = page.items[1].invited_by.clone().unwrap();
    assert_eq!(
        (by, name.as_str()),
        (tenants.manager.user_id, "Ada Lovelace")
    );
    assert_eq!((&page.items[0].role, &page.items[1].role), (agent, viewer));
    let rest = list.run(command(2, page.next)).await.unwrap();
    assert_eq!(rest.items.len(), 1);
    assert_eq!(rest.items[0].invitation, first);
    assert_eq!(rest.next, None);
    let unknown = InvitationId::from_uuid(unique_id());
    assert!(list.run(command(100, Some(unknown))).await.is_ok());
}

#[tokio::test]
async fn only_what_expired_long_ago_is_swept() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    crew.invite(crew.tenants.admin, "grace@example.com", agent)
        .await;
    let sweep = SweepInvitations {
        store: crew.tenants.store(),
        clock: crew.tenants.clock(),
    };
    let end = T0.plus(Invitation::LIFETIME).plus(Invitation::KEPT);
    crew.tenants.clock.set(end.minus(secs(1)));
    assert_eq!(sweep.run().await, Ok(0));
    crew.tenants.clock.set(end.plus(secs(1)));
    assert_eq!(sweep.run().await, Ok(1));
    assert_eq!((sweep.run().await, crew.pending().await), (Ok(0), 0));
}

#[tokio::test]
async fn s24_an_address_is_mailed_so_many_invitations_whoever_sends_them() {
    let crew = Crew::new().await;
    let admin = crew.tenants.admin;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (id, _) = crew.invite(admin, "grace@example.com", agent).await;
    // What was queued stays counted.
    assert_eq!(crew.mail_limiter.asked().len(), 1);
    // What was not queued is given back.
    let pending = crew
        .invite_person()
        .run(asking(admin, "Grace@example.com", agent))
        .await;
    assert_eq!(pending, Err(InvitePersonError::Pending));
    assert_eq!(crew.mail_limiter.asked().len(), 3);

    crew.mail_limiter.refuse(LimitRule::InviteEmail, secs(60));
    let refused = crew
        .invite_person()
        .run(asking(admin, "ada@example.com", agent))
        .await;
    assert!(matches!(refused, Err(InvitePersonError::Limited(_))));
    let command = ResendInvitationCommand {
        member: admin,
        id,
        language: language("de"),
        ledger: LimitLedger::default(),
    };
    let refused = crew.resend_invitation().run(command).await;
    assert!(matches!(refused, Err(ResendInvitationError::Limited(_))));
    assert_eq!(crew.pending().await, 1);
}
