//! Two workspaces, and what invites people to them and lets them in.

use std::sync::Arc;

use kogents_domain::access::{Role, RoleName};
use kogents_domain::auth::{
    AccessClaims, AccessTokens as _, EnteredPassword, PasswordHash, PersonName, User,
};
use kogents_domain::ids::{InvitationId, UserId};
use kogents_domain::limits::{LimitLedger, LimitRules};
use kogents_domain::mail::{ClaimDue, Lane, Letter, MailMessage, MailedToken, QueuedMail};
use kogents_domain::secret::SecretText;
use kogents_domain::store::{Scope, Store};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{DirectoryEntry, Membership};
use kogents_testkit::builders::a_user;
use kogents_testkit::fakes::{
    CountingSignal, FakeAccessTokens, FakeDigester, FakeHasher, FakeLimiter, FakeRandom,
    FakeRefreshTokens, FakeSealer,
};
use kogents_usecases::auth::{Credentials, TokenMinter};
use kogents_usecases::limits::RateLimits;
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::{
    ActivityBook, NewDeviceNotices, SessionCapture, SessionGate, SessionOpener,
};
use kogents_usecases::workspace::{
    AcceptInvitation, AcceptInvitationCommand, ChangePerson, InvitationDesk, InvitePerson,
    InvitePersonCommand, Member, Person, PreviewInvitation, RemovePerson, ResendInvitation,
    WithdrawInvitation,
};

use crate::support::{
    LIFETIMES, Noted, PASSWORD, SESSION_LIMIT, Tenants, address, client, detector, language,
    locator, name, secs,
};

/// Two workspaces, with what the use cases of people share.
pub(super) struct Crew {
    pub(super) tenants: Tenants,
    pub(super) hasher: Arc<FakeHasher>,
    /// Counts sign-ins.
    pub(super) limiter: Arc<FakeLimiter>,
    /// Counts invitations.
    pub(super) mail_limiter: Arc<FakeLimiter>,
    pub(super) signal: Arc<CountingSignal>,
    random: Arc<FakeRandom>,
}

impl Crew {
    pub(super) async fn new() -> Self {
        Self {
            tenants: Tenants::new().await,
            hasher: Arc::default(),
            limiter: Arc::default(),
            mail_limiter: Arc::default(),
            signal: Arc::default(),
            random: Arc::default(),
        }
    }

    fn gate(&self) -> Arc<SessionGate> {
        self.tenants.gate()
    }

    fn desk(&self) -> Arc<MailDesk> {
        Arc::new(MailDesk {
            sealer: Noted::new(&self.tenants.journal, Arc::new(FakeSealer)),
            digester: Arc::new(FakeDigester),
            ids: self.tenants.ids(),
        })
    }

    pub(super) fn tokens(&self) -> Arc<MailedTokens> {
        Arc::new(MailedTokens {
            digester: Arc::new(FakeDigester),
            sealer: Noted::new(&self.tenants.journal, Arc::new(FakeSealer)),
            ids: self.tenants.ids(),
            random: self.random.clone(),
        })
    }

    fn limits(&self, limiter: &Arc<FakeLimiter>) -> Arc<RateLimits> {
        let journal = &self.tenants.journal;
        Arc::new(RateLimits {
            limiter: Noted::new(journal, limiter.clone()),
            local: Noted::new(journal, limiter.clone()),
            rules: LimitRules::default(),
            local_rules: LimitRules::default(),
            digester: Arc::new(FakeDigester),
        })
    }

    fn invitations(&self) -> Arc<InvitationDesk> {
        Arc::new(InvitationDesk {
            limits: self.limits(&self.mail_limiter),
            tokens: self.tokens(),
            mail: self.desk(),
        })
    }

    pub(super) fn invite_person(&self) -> InvitePerson {
        InvitePerson {
            store: self.tenants.store(),
            desk: self.invitations(),
            signal: Noted::new(&self.tenants.journal, self.signal.clone()),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
            ids: self.tenants.ids(),
        }
    }

    pub(super) fn resend_invitation(&self) -> ResendInvitation {
        ResendInvitation {
            store: self.tenants.store(),
            desk: self.invitations(),
            signal: Noted::new(&self.tenants.journal, self.signal.clone()),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
        }
    }

    pub(super) fn withdraw_invitation(&self) -> WithdrawInvitation {
        WithdrawInvitation {
            store: self.tenants.store(),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
        }
    }

    pub(super) fn preview_invitation(&self) -> PreviewInvitation {
        PreviewInvitation {
            store: self.tenants.store(),
            tokens: self.tokens(),
            clock: self.tenants.clock(),
        }
    }

    pub(super) fn change_person(&self) -> ChangePerson {
        ChangePerson {
            store: self.tenants.store(),
            gate: self.gate(),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
        }
    }

    pub(super) fn remove_person(&self) -> RemovePerson {
        RemovePerson {
            store: self.tenants.store(),
            gate: self.gate(),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
        }
    }

    pub(super) fn accept_invitation(&self) -> AcceptInvitation {
        self.accept_invitation_over(self.tenants.store())
    }

    /// The same over another store.
    pub(super) fn accept_invitation_over(&self, store: Arc<dyn Store>) -> AcceptInvitation {
        let tenants = &self.tenants;
        let noted_hasher = Noted::new(&tenants.journal, self.hasher.clone());
        let minter = Arc::new(TokenMinter {
            access: Noted::new(&tenants.journal, Arc::new(FakeAccessTokens)),
            refresh: Noted::new(&tenants.journal, Arc::new(FakeRefreshTokens)),
            digester: Arc::new(FakeDigester),
            access_ttl: secs(900),
            lifetimes: LIFETIMES,
        });
        let opener = SessionOpener {
            capture: SessionCapture {
                detector: Noted::new(&tenants.journal, Arc::new(detector())),
                locator: Noted::new(&tenants.journal, Arc::new(locator())),
                digester: Arc::new(FakeDigester),
            },
            minter: minter.clone(),
            book: Arc::new(ActivityBook {
                counters: tenants.cache.clone(),
                local: tenants.cache.clone(),
            }),
            notices: NewDeviceNotices {
                tokens: self.tokens(),
                mail: self.desk(),
            },
            audit: tenants.audit(),
            signal: Noted::new(&tenants.journal, self.signal.clone()),
            store: store.clone(),
            ids: tenants.ids(),
            session_limit: SESSION_LIMIT,
        };
        AcceptInvitation {
            credentials: Arc::new(Credentials {
                limits: self.limits(&self.limiter),
                refresh_tokens: Arc::new(FakeRefreshTokens),
                store: store.clone(),
                hasher: noted_hasher.clone(),
                audit: tenants.audit(),
                clock: tenants.clock(),
            }),
            authenticate: Arc::new(tenants.authenticate()),
            store,
            tokens: self.tokens(),
            hasher: noted_hasher,
            strength: self.hasher.clone(),
            opener: Arc::new(opener),
            minter,
            gate: self.gate(),
            audit: tenants.audit(),
            clock: tenants.clock(),
            ids: tenants.ids(),
        }
    }

    /// Somebody invites Grace to a role; gives the invitation's id and the token of its link.
    pub(super) async fn invite(
        &self,
        inviter: Member,
        email: &str,
        role: &Role,
    ) -> (InvitationId, MailedToken) {
        let invited = self.invite_person().run(asking(inviter, email, role)).await;
        let id = invitation_id(&invited.unwrap());
        (id, self.mailed_token().await)
    }

    /// The letters that wait to be sent, and are gone then.
    pub(super) async fn letters(&self) -> Vec<(QueuedMail, Letter)> {
        let now = self.tenants.clock().now();
        let mut unit = self.tenants.change().await;
        let claim = ClaimDue {
            lanes: vec![Lane::Code, Lane::Security, Lane::Invitation, Lane::Other],
            now,
            lease_until: now.plus(secs(1_000_000_000)),
            lease_token: 1,
            limit: 100,
        };
        let claimed = unit.outbox().claim_due(claim).await.unwrap();
        unit.commit().await.unwrap();
        let desk = MailDesk {
            sealer: Arc::new(FakeSealer),
            digester: Arc::new(FakeDigester),
            ids: self.tenants.ids(),
        };
        let open = |mail: QueuedMail| {
            let letter = desk.open(&mail).unwrap();
            (mail, letter)
        };
        claimed.into_iter().map(open).collect()
    }

    /// The token of the one invitation that waits to be sent.
    pub(super) async fn mailed_token(&self) -> MailedToken {
        let letters = self.letters().await;
        let mut tokens = letters
            .into_iter()
            .filter_map(|(_, letter)| token_of(letter));
        let token = tokens.next().unwrap();
        assert!(tokens.next().is_none(), "more than one invitation waits");
        token
    }

    /// A person without a workspace, whose password is [`PASSWORD`].
    pub(super) async fn account(&self, email: &str) -> User {
        let user = a_user()
            .email(email)
            .password_hash(FakeHasher::hash_of(PASSWORD))
            .build();
        let mut unit = self.tenants.change().await;
        unit.users().insert(&user).await.unwrap();
        unit.commit().await.unwrap();
        user
    }

    /// The person's membership in the first workspace.
    pub(super) async fn membership(&self, user: UserId) -> Option<Membership> {
        let mut unit = self.tenants.look().await;
        let found = unit.memberships().find(self.tenants.acme.id(), user).await;
        found.unwrap()
    }

    /// How many invitations the first workspace has.
    pub(super) async fn pending(&self) -> u64 {
        let mut unit = self.tenants.look().await;
        let (workspace, long_ago) = (self.tenants.acme.id(), Timestamp::from_millis(0));
        let count = unit.invitations().count_open(workspace, long_ago).await;
        count.unwrap()
    }

    /// Gives a member another role behind everybody's back.
    pub(super) async fn put_into(&self, member: Member, role: &Role) {
        let mut unit = self.tenants.change().await;
        let found = unit
            .memberships()
            .find(member.workspace_id, member.user_id)
            .await;
        let after = Membership {
            role_id: role.id,
            ..found.unwrap().unwrap()
        };
        unit.memberships().update(&after).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// Replaces a person's password behind everybody's back.
    pub(super) async fn set_password(tenants: &Arc<dyn Store>, user: &User, hash: &PasswordHash) {
        let mut unit = tenants.begin(Scope::System).await.unwrap();
        let now = user.updated_at;
        let replaced = unit
            .users()
            .replace_password_hash(user.id, &user.password_hash, hash, now)
            .await;
        assert_eq!(replaced, Ok(true));
        unit.commit().await.unwrap();
    }
}

/// An access token of a member's session.
pub(super) fn access_token(crew: &Crew, member: Member) -> SecretText {
    let now = crew.tenants.clock().now();
    FakeAccessTokens.mint(&AccessClaims {
        user_id: member.user_id,
        session_id: member.session_id,
        workspace_id: Some(member.workspace_id),
        issued_at: now,
        expires_at: now.plus(secs(900)),
    })
}

/// Grace is to be invited to a role.
pub(super) fn asking(inviter: Member, email: &str, role: &Role) -> InvitePersonCommand {
    InvitePersonCommand {
        member: inviter,
        email: address(email),
        name: name("Grace Hopper"),
        phone: None,
        role_name: RoleName::parse(role.name.as_str()).unwrap(),
        language: language("de"),
        ledger: LimitLedger::default(),
    }
}

/// Somebody accepts, with neither name nor password.
pub(super) fn accepting(token: &MailedToken) -> AcceptInvitationCommand {
    AcceptInvitationCommand {
        token: token.clone(),
        name: None,
        password: None,
        access_token: None,
        refresh_token: None,
        client: client(),
        ledger: LimitLedger::default(),
    }
}

/// Somebody accepts with a password.
pub(super) fn by_password(token: &MailedToken, password: &str) -> AcceptInvitationCommand {
    AcceptInvitationCommand {
        password: Some(EnteredPassword::parse(password).unwrap()),
        ..accepting(token)
    }
}

/// Somebody who has no account accepts.
pub(super) fn as_newcomer(token: &MailedToken) -> AcceptInvitationCommand {
    AcceptInvitationCommand {
        name: Some(PersonName::parse("Grace Brewster Hopper").unwrap()),
        ..by_password(token, PASSWORD)
    }
}

pub(super) fn invitation_id(person: &Person) -> InvitationId {
    match &person.entry {
        DirectoryEntry::Invited { invitation, .. } => invitation.id,
        DirectoryEntry::Member { .. } => panic!("a member"),
    }
}

pub(super) fn token_of(letter: Letter) -> Option<MailedToken> {
    let MailMessage::Invitation { token, .. } = letter.message else {
        return None;
    };
    Some(token)
}
