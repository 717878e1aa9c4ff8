//! Two workspaces, and what their people do with their own accounts.

use std::sync::Arc;

use kogents_domain::audit::{AuditEntry, AuditFilter};
use kogents_domain::auth::{EnteredPassword, ProfileChange, User};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::limits::{LimitLedger, LimitRules};
use kogents_domain::mail::{ClaimDue, Lane, Letter, QueuedMail};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, Store};
use kogents_testkit::fakes::{
    CountingSignal, FakeDigester, FakeHasher, FakeLimiter, FakeRandom, FakeRefreshTokens,
    FakeSealer,
};
use kogents_usecases::auth::{
    Caller, Credentials, DeleteAccount, DeleteAccountCommand, EmailChangeDesk, ReadProfile,
    Reauthenticate, UpdateProfile, UpdateProfileCommand,
};
use kogents_usecases::limits::RateLimits;
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::workspace::Member;

use crate::support::{Noted, PASSWORD, Tenants, held, language, secs, without_ids};

/// People whose password is [`PASSWORD`], with what the use cases of their accounts share.
pub(super) struct Accounts {
    pub(super) tenants: Tenants,
    pub(super) hasher: Arc<FakeHasher>,
    /// Counts failed passwords.
    pub(super) limiter: Arc<FakeLimiter>,
    /// Counts changes of address.
    pub(super) mail_limiter: Arc<FakeLimiter>,
    pub(super) signal: Arc<CountingSignal>,
    random: Arc<FakeRandom>,
}

impl Accounts {
    pub(super) async fn new() -> Self {
        let tenants = Tenants::new().await;
        for member in [
            tenants.admin,
            tenants.manager,
            tenants.agent,
            tenants.stranger,
        ] {
            let store = tenants.rows.clone();
            set_password(store.as_ref(), member.user_id, PASSWORD).await;
        }
        Self {
            tenants,
            hasher: Arc::default(),
            limiter: Arc::default(),
            mail_limiter: Arc::default(),
            signal: Arc::default(),
            random: Arc::default(),
        }
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

    fn mail(&self) -> Arc<MailDesk> {
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

    fn desk(&self) -> Arc<EmailChangeDesk> {
        Arc::new(EmailChangeDesk {
            tokens: self.tokens(),
            mail: self.mail(),
        })
    }

    fn reauthenticate(&self, store: &Arc<dyn Store>) -> Arc<Reauthenticate> {
        Arc::new(Reauthenticate {
            credentials: Arc::new(Credentials {
                limits: self.limits(&self.limiter),
                refresh_tokens: Arc::new(FakeRefreshTokens),
                store: store.clone(),
                hasher: Noted::new(&self.tenants.journal, self.hasher.clone()),
                audit: self.tenants.audit(),
                clock: self.tenants.clock(),
            }),
            store: store.clone(),
        })
    }

    pub(super) fn update_profile(&self) -> UpdateProfile {
        self.update_profile_over(self.tenants.store())
    }

    /// The same over another store.
    pub(super) fn update_profile_over(&self, store: Arc<dyn Store>) -> UpdateProfile {
        let tenants = &self.tenants;
        UpdateProfile {
            profiles: Arc::new(ReadProfile {
                store: store.clone(),
                clock: tenants.clock(),
            }),
            reauthenticate: self.reauthenticate(&store),
            limits: self.limits(&self.mail_limiter),
            store,
            hasher: Noted::new(&tenants.journal, self.hasher.clone()),
            strength: self.hasher.clone(),
            desk: self.desk(),
            mail: self.mail(),
            gate: tenants.gate(),
            audit: tenants.audit(),
            signal: Noted::new(&tenants.journal, self.signal.clone()),
            clock: tenants.clock(),
        }
    }

    pub(super) fn delete_account(&self) -> DeleteAccount {
        self.delete_account_over(self.tenants.store())
    }

    /// The same over another store.
    pub(super) fn delete_account_over(&self, store: Arc<dyn Store>) -> DeleteAccount {
        let tenants = &self.tenants;
        DeleteAccount {
            reauthenticate: self.reauthenticate(&store),
            store,
            gate: tenants.gate(),
            desk: self.desk(),
            mail: self.mail(),
            audit: tenants.audit(),
            signal: Noted::new(&tenants.journal, self.signal.clone()),
            clock: tenants.clock(),
        }
    }

    pub(super) async fn user(&self, id: UserId) -> Option<User> {
        let mut unit = self.tenants.look().await;
        unit.users().find(id).await.unwrap()
    }

    /// What is told in a workspace's log, the oldest first.
    pub(super) async fn told(&self, workspace: WorkspaceId) -> Vec<AuditEntry> {
        let mut unit = self.tenants.look().await;
        let limit = PageLimit::LARGEST;
        let page = unit
            .audit()
            .list(workspace, AuditFilter::default(), limit, None)
            .await
            .unwrap();
        let entries = page.items.into_iter().rev().map(|record| record.entry);
        without_ids(entries)
    }

    /// The letters that wait to be sent and are due, which are gone then.
    pub(super) async fn letters(&self) -> Vec<(QueuedMail, Letter)> {
        let now = self.tenants.clock().now();
        let mut unit = self.tenants.change().await;
        let claim = ClaimDue {
            lanes: Lane::ALL.to_vec(),
            now,
            lease_until: now.plus(secs(1_000_000_000)),
            lease_token: 1,
            limit: 100,
        };
        let claimed = unit.outbox().claim_due(claim).await.unwrap();
        unit.commit().await.unwrap();
        let desk = self.mail();
        let open = |mail: QueuedMail| {
            let letter = desk.open(&mail).unwrap();
            (mail, letter)
        };
        claimed.into_iter().map(open).collect()
    }

    /// How many rows of the mail queue there are, whatever came of them.
    pub(super) async fn queued(&self) -> usize {
        let mut unit = self.tenants.look().await;
        let filter = kogents_domain::mail::MailFilter::default();
        let listed = unit
            .outbox_administration()
            .list(filter, PageLimit::LARGEST, None)
            .await;
        listed.unwrap().items.len()
    }
}

/// Gives a person a password behind everybody's back.
pub(super) async fn set_password(store: &dyn Store, user: UserId, password: &str) {
    let mut unit = store.begin(Scope::System).await.unwrap();
    let user = unit.users().find(user).await.unwrap().unwrap();
    let hash = FakeHasher::hash_of(password);
    let replaced = unit
        .users()
        .replace_password_hash(user.id, &user.password_hash, &hash, user.updated_at)
        .await;
    assert_eq!(replaced, Ok(true));
    unit.commit().await.unwrap();
}

/// Who calls in a member's session.
pub(super) fn calling(member: Member) -> Caller {
    Caller {
        user_id: member.user_id,
        session_id: member.session_id,
        workspace_id: Some(member.workspace_id),
        held: held(),
        ip_address: member.ip_address,
    }
}

/// A member changes nothing of their profile.
pub(super) fn nothing(member: Member) -> UpdateProfileCommand {
    UpdateProfileCommand {
        caller: calling(member),
        change: ProfileChange::default(),
        email: None,
        password: None,
        current_password: None,
        language: language("de"),
        ledger: LimitLedger::default(),
    }
}

pub(super) fn entered(password: &str) -> Option<EnteredPassword> {
    Some(EnteredPassword::parse(password).unwrap())
}

/// A member deletes their account, with this password.
pub(super) fn leaving(member: Member, password: Option<&str>) -> DeleteAccountCommand {
    DeleteAccountCommand {
        caller: calling(member),
        password: password.and_then(entered),
        language: language("de"),
        ledger: LimitLedger::default(),
    }
}
