//! Accepting an invitation.

use std::sync::Arc;

use kogents_domain::access::SystemRole;
use kogents_domain::auth::{EnteredPassword, HashError, User};
use kogents_domain::ids::UserId;
use kogents_domain::limits::LimitRule;
use kogents_domain::secret::SecretText;
use kogents_domain::store::{Scope, Store};
use kogents_domain::violation::{Violation, ViolationCode};
use kogents_domain::workspace::{Invitation, Membership, MembershipStatus};
use kogents_testkit::builders::{a_permission_name, a_user};
use kogents_testkit::fakes::{AskedOfLimiter, FakeHasher};
use kogents_testkit::parallel::at_once;
use kogents_usecases::workspace::{
    AcceptInvitationCommand, AcceptInvitationError, PreviewInvitationError,
};

use super::crew::{Crew, accepting, access_token, as_newcomer, by_password};
use crate::support::{Meddled, PASSWORD, T0, WRONG_PASSWORD, address, name, secs};

const GRACE: &str = "Grace@Example.com";

fn invalid<T>() -> Result<T, AcceptInvitationError> {
    Err(AcceptInvitationError::Invalid)
}

async fn find(crew: &Crew, user: UserId) -> User {
    let mut unit = crew.tenants.look().await;
    unit.users().find(user).await.unwrap().unwrap()
}

#[tokio::test]
async fn who_has_no_account_gets_one_and_is_signed_in_to_the_workspace() {
    let crew = Crew::new().await;
    let acme = &crew.tenants.acme;
    let agent = acme.role(SystemRole::Agent);
    let (id, token) = crew.invite(crew.tenants.manager, GRACE, agent).await;

    let signed_in = crew.accept_invitation().run(as_newcomer(&token)).await;

    let signed_in = signed_in.unwrap();
    let grace = find(&crew, signed_in.user.id).await;
    assert_eq!(grace, signed_in.user);
    assert_eq!(grace.email, address(GRACE));
    assert_eq!(grace.name, name("Grace Brewster Hopper"));
    assert_eq!(grace.password_hash, FakeHasher::hash_of(PASSWORD));
    assert_eq!(grace.signup_id.as_uuid(), id.as_uuid());
    assert_eq!(grace.last_workspace_id, Some(acme.id()));
    let membership = crew.membership(grace.id).await;
    let expected = Membership::active(acme.id(), grace.id, agent.id, T0);
    assert_eq!(membership, Some(expected));

    let standing = signed_in.standing.unwrap();
    assert_eq!(standing.workspace, acme.workspace);
    assert_eq!(standing.role, *agent);
    assert_eq!(signed_in.session.session.workspace_id, Some(acme.id()));
    assert_eq!(signed_in.session.session.user_id, grace.id);
    assert_eq!(crew.pending().await, 0);
    let words = [GRACE, "Grace Brewster Hopper", "Acme"].map(str::to_owned);
    assert_eq!(crew.hasher.contexts(), [words]);
    crew.tenants.journal.assert_units_are_undisturbed();
}

#[tokio::test]
async fn the_owner_of_an_account_joins_by_its_password() {
    let crew = Crew::new().await;
    let grace = crew.account("grace@example.com").await;
    let viewer = crew.tenants.acme.role(SystemRole::Viewer);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, viewer).await;

    let command = AcceptInvitationCommand {
        name: Some(name("Somebody Else")),
        ..by_password(&token, PASSWORD)
    };
    let signed_in = crew.accept_invitation().run(command).await.unwrap();

    assert_eq!(signed_in.user, grace);
    let membership = crew.membership(grace.id).await.unwrap();
    assert_eq!(membership.role_id, viewer.id);
    let kept = find(&crew, grace.id).await;
    assert_eq!(kept.last_workspace_id, Some(crew.tenants.acme.id()));
    assert_eq!(kept.name, grace.name);
    assert_eq!(crew.hasher.hashed(), 0);
    let order = [
        "take limits",
        "verify",
        "fence",
        "commit",
        "lift",
        "give limits back",
    ];
    // Inviting came first: it was counted, and its unit of work committed.
    let entries = crew.tenants.journal.only(&order);
    assert_eq!(entries[..2], ["take limits", "commit"]);
    assert_eq!(entries[2..], order);
    crew.tenants.journal.assert_units_are_undisturbed();
}

#[tokio::test]
async fn an_outdated_hash_is_replaced_on_the_way() {
    let crew = Crew::new().await;
    let grace = crew.account("grace@example.com").await;
    let store: Arc<dyn Store> = crew.tenants.rows.clone();
    let outdated = FakeHasher::outdated_hash_of(PASSWORD);
    Crew::set_password(&store, &grace, &outdated).await;
    let viewer = crew.tenants.acme.role(SystemRole::Viewer);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, viewer).await;
    let command = by_password(&token, PASSWORD);
    crew.accept_invitation().run(command).await.unwrap();
    let kept = find(&crew, grace.id).await;
    assert_eq!(kept.password_hash, FakeHasher::hash_of(PASSWORD));
}

#[tokio::test]
async fn the_owner_of_an_account_joins_by_a_session_of_theirs_which_stays() {
    let crew = Crew::new().await;
    let stranger = crew.tenants.stranger;
    let email = find(&crew, stranger.user_id).await.email;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew
        .invite(crew.tenants.admin, email.as_given(), agent)
        .await;
    let command = || AcceptInvitationCommand {
        access_token: Some(access_token(&crew, stranger)),
        ..accepting(&token)
    };

    let signed_in = crew.accept_invitation().run(command()).await.unwrap();

    assert_eq!(signed_in.user.id, stranger.user_id);
    assert_ne!(signed_in.session.session.id, stranger.session_id);
    assert!(crew.membership(stranger.user_id).await.is_some());
    assert!(crew.tenants.request(stranger).await.is_some());
    assert_eq!(crew.hasher.verified(), 0);
    assert_eq!(crew.accept_invitation().run(command()).await, invalid());
}

#[tokio::test]
async fn the_link_alone_signs_nobody_in_to_an_account_that_is_there() {
    let crew = Crew::new().await;
    let grace = crew.account("grace@example.com").await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    let accept = crew.accept_invitation();

    let refused = AcceptInvitationError::Refused {
        name: None,
        password: Some(Violation::required()),
    };
    assert_eq!(accept.run(accepting(&token)).await, Err(refused));
    let of_another = AcceptInvitationCommand {
        access_token: Some(access_token(&crew, crew.tenants.stranger)),
        ..accepting(&token)
    };
    assert_eq!(accept.run(of_another.clone()).await, invalid());
    let forged = AcceptInvitationCommand {
        access_token: Some(SecretText::new("forged")),
        ..accepting(&token)
    };
    let forged = accept.run(forged).await;
    assert_eq!(forged, Err(AcceptInvitationError::InvalidToken));
    let wrong = accept.run(by_password(&token, WRONG_PASSWORD)).await;
    assert_eq!(wrong, Err(AcceptInvitationError::InvalidCredentials));

    assert_eq!(crew.membership(grace.id).await, None);
    assert_eq!(crew.pending().await, 1);
    // Whoever is signed in as somebody else may still know the password.
    let both = AcceptInvitationCommand {
        password: EnteredPassword::parse(PASSWORD).ok(),
        ..of_another
    };
    assert!(accept.run(both).await.is_ok());
}

#[tokio::test]
async fn a_wrong_password_counts_like_a_failed_sign_in_and_a_right_one_does_not() {
    let crew = Crew::new().await;
    crew.account("grace@example.com").await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    let accept = crew.accept_invitation();

    let wrong = accept.run(by_password(&token, WRONG_PASSWORD)).await;
    assert_eq!(wrong, Err(AcceptInvitationError::InvalidCredentials));
    let asked = crew.limiter.asked();
    let [AskedOfLimiter::Take(taken)] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    let rules: Vec<_> = taken.iter().map(|(rule, _)| *rule).collect();
    let failures = [
        LimitRule::LoginPair,
        LimitRule::LoginAddress,
        LimitRule::LoginAccount,
    ];
    assert_eq!(rules, failures);

    accept.run(by_password(&token, PASSWORD)).await.unwrap();
    let given_back = [
        AskedOfLimiter::GiveBack(vec![LimitRule::LoginAddress, LimitRule::LoginAccount]),
        AskedOfLimiter::Clear(vec![LimitRule::LoginPair]),
    ];
    assert_eq!(crew.limiter.asked()[2..], given_back);

    let (_, token) = crew
        .invite(crew.tenants.admin, "ada@example.com", agent)
        .await;
    crew.account("ada@example.com").await;
    crew.limiter.refuse(LimitRule::LoginPair, secs(60));
    let limited = accept.run(by_password(&token, PASSWORD)).await;
    assert!(matches!(limited, Err(AcceptInvitationError::Limited(_))));
}

#[tokio::test]
async fn a_suspended_person_is_let_in_by_nothing() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    let grace = a_user()
        .email("grace@example.com")
        .password_hash(FakeHasher::hash_of(PASSWORD))
        .suspended(T0)
        .build();
    let mut unit = crew.tenants.change().await;
    unit.users().insert(&grace).await.unwrap();
    unit.commit().await.unwrap();
    let member = crew
        .tenants
        .sign_in(grace.id, crew.tenants.other.id())
        .await;
    let by_session = AcceptInvitationCommand {
        access_token: Some(access_token(&crew, member)),
        ..accepting(&token)
    };
    for command in [by_password(&token, PASSWORD), by_session] {
        let refused = crew.accept_invitation().run(command).await;
        assert_eq!(refused, Err(AcceptInvitationError::InvalidCredentials));
    }
    assert_eq!(crew.membership(grace.id).await, None);
}

#[tokio::test]
async fn a_new_account_needs_a_name_and_a_good_password() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    let accept = crew.accept_invitation();
    let refused = |outcome| {
        let Err(AcceptInvitationError::Refused { name, password }) = outcome else {
            panic!("{outcome:?}");
        };
        let code = |violation: Option<Violation>| violation.map(|violation| violation.code);
        (code(name), code(password))
    };
    let required = Some(ViolationCode::RequiredField);
    let nothing = accept.run(accepting(&token)).await;
    assert_eq!(refused(nothing), (required, required));
    let no_name = accept.run(by_password(&token, PASSWORD)).await;
    assert_eq!(refused(no_name), (required, None));
    let short = AcceptInvitationCommand {
        password: EnteredPassword::parse("short").ok(),
        ..as_newcomer(&token)
    };
    let short = refused(accept.run(short).await);
    assert_eq!(short, (None, Some(ViolationCode::InvalidLength)));
    crew.hasher.set_weak(true);
    let weak = refused(accept.run(as_newcomer(&token)).await);
    assert_eq!(weak, (None, Some(ViolationCode::WeakPassword)));
    assert_eq!((crew.hasher.hashed(), crew.pending().await), (0, 1));

    crew.hasher.set_weak(false);
    // Somebody else's session is no account of the address.
    let signed_in_elsewhere = AcceptInvitationCommand {
        access_token: Some(access_token(&crew, crew.tenants.stranger)),
        ..as_newcomer(&token)
    };
    assert!(accept.run(signed_in_elsewhere).await.is_ok());
}

#[tokio::test]
async fn a_flood_is_refused_before_the_store_is_asked() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    crew.hasher.set_busy(true);
    let before = crew.tenants.journal.entries().len();
    let busy = crew.accept_invitation().run(as_newcomer(&token)).await;
    assert_eq!(busy, Err(AcceptInvitationError::Hash(HashError::Busy)));
    assert_eq!(crew.tenants.journal.entries().len(), before);
}

#[tokio::test]
async fn a_link_is_good_once_for_seven_days_and_until_it_is_withdrawn() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let admin = crew.tenants.admin;
    let accept = crew.accept_invitation();
    let (_, used) = crew.invite(admin, "used@example.com", agent).await;
    accept.run(as_newcomer(&used)).await.unwrap();
    crew.letters().await;
    let (id, withdrawn) = crew.invite(admin, "withdrawn@example.com", agent).await;
    let mut unit = crew.tenants.change().await;
    let gone = unit.invitations().delete(crew.tenants.acme.id(), id).await;
    assert_eq!(gone, Ok(true));
    unit.commit().await.unwrap();
    let (_, late) = crew.invite(admin, GRACE, agent).await;

    for token in [&used, &withdrawn] {
        assert_eq!(accept.run(as_newcomer(token)).await, invalid());
        let preview = crew.preview_invitation().run(token.clone()).await;
        assert_eq!(preview, Err(PreviewInvitationError::Invalid));
    }
    crew.tenants.clock.set(T0.plus(Invitation::LIFETIME));
    assert_eq!(accept.run(as_newcomer(&late)).await, invalid());
    crew.tenants
        .clock
        .set(T0.plus(Invitation::LIFETIME).minus(secs(1)));
    assert!(accept.run(as_newcomer(&late)).await.is_ok());
}

#[tokio::test]
async fn s23_an_invitation_is_worth_what_its_inviter_still_holds() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let acme = &tenants.acme;
    let manager = acme.role(SystemRole::Manager);
    let agent = acme.role(SystemRole::Agent);
    let inviting = ["users:create", "chat:read"];
    let inviters = tenants.role(acme, "Inviters", &inviting).await;
    let readers = tenants.role(acme, "Readers", &["chat:read"]).await;

    let demoted = tenants.join(manager).await;
    let (_, by_demoted) = crew.invite(demoted, "a@example.com", agent).await;
    crew.put_into(demoted, agent).await;

    let removed = tenants.join(manager).await;
    let (_, by_removed) = crew.invite(removed, "b@example.com", agent).await;
    let mut unit = tenants.change().await;
    let gone = unit.memberships().delete(acme.id(), removed.user_id).await;
    assert_eq!(gone, Ok(true));
    unit.commit().await.unwrap();

    let put_aside = tenants.join(manager).await;
    let (_, by_inactive) = crew.invite(put_aside, "c@example.com", agent).await;
    let mut unit = tenants.change().await;
    let found = unit.memberships().find(acme.id(), put_aside.user_id).await;
    let after = Membership {
        status: MembershipStatus::Inactive,
        ..found.unwrap().unwrap()
    };
    unit.memberships().update(&after).await.unwrap();
    unit.commit().await.unwrap();

    // The role grows beyond what the inviter holds.
    let outgrown = tenants.join(&inviters).await;
    let (_, by_outgrown) = crew.invite(outgrown, "d@example.com", &readers).await;
    let good = crew.preview_invitation().run(by_outgrown.clone()).await;
    assert!(good.is_ok());
    let mut unit = tenants.change().await;
    let more = a_permission_name("chat:edit");
    unit.roles().grant(readers.id, &[more]).await.unwrap();
    unit.commit().await.unwrap();

    for token in [by_demoted, by_removed, by_inactive, by_outgrown] {
        let preview = crew.preview_invitation().run(token.clone()).await;
        assert_eq!(preview, Err(PreviewInvitationError::Invalid));
        let accepted = crew.accept_invitation().run(as_newcomer(&token)).await;
        assert_eq!(accepted, invalid());
    }
    // They stay, to be sent again by somebody who holds enough.
    assert_eq!(crew.pending().await, 4);
}

#[tokio::test]
async fn who_is_in_the_workspace_already_is_not_let_in_twice_whatever_their_status() {
    let crew = Crew::new().await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    let grace = crew.account("grace@example.com").await;
    let viewer = crew.tenants.acme.role(SystemRole::Viewer);
    let membership = Membership {
        status: MembershipStatus::Suspended,
        ..Membership::active(crew.tenants.acme.id(), grace.id, viewer.id, T0)
    };
    let mut unit = crew.tenants.change().await;
    unit.memberships().insert(&membership).await.unwrap();
    unit.commit().await.unwrap();
    let accepted = crew.accept_invitation();
    let accepted = accepted.run(by_password(&token, PASSWORD)).await;
    assert_eq!(accepted, invalid());
    assert_eq!(crew.membership(grace.id).await, Some(membership));
    let fences = crew.tenants.journal.only(&["fence", "lift"]);
    assert_eq!(fences, ["fence", "lift"]);
}

#[tokio::test]
async fn an_account_that_is_made_meanwhile_is_one_whose_password_is_needed() {
    for (password, joins) in [(PASSWORD, true), (WRONG_PASSWORD, false)] {
        let crew = Crew::new().await;
        let agent = crew.tenants.acme.role(SystemRole::Agent);
        let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
        let grace = a_user()
            .email("GRACE@example.com")
            .password_hash(FakeHasher::hash_of(PASSWORD))
            .build();
        let (rows, made) = (crew.tenants.rows.clone(), grace.clone());
        let meddled = Meddled::with(crew.tenants.store(), async move {
            let mut unit = rows.begin(Scope::System).await.unwrap();
            unit.users().insert(&made).await.unwrap();
            unit.commit().await.unwrap();
        });
        let command = AcceptInvitationCommand {
            password: EnteredPassword::parse(password).ok(),
            ..as_newcomer(&token)
        };
        let accepted = crew.accept_invitation_over(meddled).run(command).await;
        if joins {
            assert_eq!(accepted.unwrap().user.id, grace.id);
        } else {
            assert_eq!(accepted, Err(AcceptInvitationError::InvalidCredentials));
        }
        assert_eq!(crew.membership(grace.id).await.is_some(), joins);
    }
}

#[tokio::test]
async fn a_password_that_is_replaced_while_it_is_compared_is_compared_again() {
    let crew = Crew::new().await;
    let grace = crew.account("grace@example.com").await;
    let agent = crew.tenants.acme.role(SystemRole::Agent);
    let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
    let store: Arc<dyn Store> = crew.tenants.rows.clone();
    let changed = grace.clone();
    let meddled = Meddled::with(crew.tenants.store(), async move {
        let hash = FakeHasher::hash_of("another one");
        Crew::set_password(&store, &changed, &hash).await;
    });
    let accepted = crew.accept_invitation_over(meddled);
    let accepted = accepted.run(by_password(&token, PASSWORD)).await;
    assert_eq!(accepted, Err(AcceptInvitationError::InvalidCredentials));
    assert_eq!(crew.membership(grace.id).await, None);
    assert_eq!(crew.pending().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s23_of_parallel_accepts_exactly_one_succeeds() {
    for has_account in [false, true] {
        let crew = Crew::new().await;
        if has_account {
            crew.account("grace@example.com").await;
        }
        let agent = crew.tenants.acme.role(SystemRole::Agent);
        let (_, token) = crew.invite(crew.tenants.admin, GRACE, agent).await;
        let before = {
            let mut unit = crew.tenants.look().await;
            unit.memberships().count(crew.tenants.acme.id()).await
        };
        let accept = Arc::new(crew.accept_invitation());
        let tries = (0..20).map(|_| {
            let (accept, command) = (accept.clone(), as_newcomer(&token));
            async move { accept.run(command).await }
        });
        let outcomes = at_once(tries).await;
        let (joined, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(joined.len(), 1, "{has_account}");
        for refused in refused {
            assert_eq!(refused, invalid());
        }
        let mut unit = crew.tenants.look().await;
        let after = unit.memberships().count(crew.tenants.acme.id()).await;
        assert_eq!(after.unwrap(), before.unwrap() + 1);
        let user = joined[0].as_ref().unwrap().user.id;
        let sessions = unit.sessions().count_all(user).await;
        assert_eq!(sessions, Ok(1));
    }
}
