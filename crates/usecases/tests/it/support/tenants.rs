//! Two workspaces and their people, in a real store and a real cache: for rules about what is kept.

use std::sync::Arc;

use kogents_adapter_memory::{MemoryRateLimiter, MemorySessionStates};
use kogents_adapter_sqlite::SqliteStore;
use kogents_domain::access::{Permission, Role, SystemRole};
use kogents_domain::audit::{AuditEntry, AuditFilter};
use kogents_domain::auth::{AccessClaims, AccessTokens as _};
use kogents_domain::ids::{IdGenerator, UserId, WorkspaceId};
use kogents_domain::limits::{LimitLedger, LimitRules};
use kogents_domain::page::PageLimit;
use kogents_domain::session::{ActivityCount, SessionStates};
use kogents_domain::store::{Scope, Store, UnitOfWork};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::{MembershipStatus, Workspace};
use kogents_testkit::builders::{
    a_custom_role, a_membership, a_permission_name, a_session, a_user, a_workspace,
    an_own_permission, system_roles, unique_id,
};
use kogents_testkit::fakes::{FakeAccessTokens, FakeDigester, FixedClock};
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{Authenticate, AuthenticateCommand, Caller};
use kogents_usecases::limits::RateLimits;
use kogents_usecases::session::{ActivityBook, Admission, SessionGate};
use kogents_usecases::workspace::Member;
use uuid::Uuid;

use super::journal_store::JournalStore;
use super::{Journal, LIFETIMES, Noted, T0, client_ip, secs, without_ids};

/// A workspace and its four system roles.
pub(crate) struct Tenant {
    pub(crate) workspace: Workspace,
    roles: Vec<Role>,
}

impl Tenant {
    pub(crate) fn id(&self) -> WorkspaceId {
        self.workspace.id
    }

    pub(crate) fn role(&self, system: SystemRole) -> &Role {
        let mut roles = self.roles.iter();
        roles.find(|role| role.system == Some(system)).unwrap()
    }
}

/// Acme with one person of each system role, and another workspace with its admin; each of them is
/// signed in there.
pub(crate) struct Tenants {
    /// What use cases do with the store and the cache.
    pub(crate) journal: Journal,
    /// Stands at [`T0`] until a test moves it.
    pub(crate) clock: Arc<FixedClock>,
    /// The cache, behind the journal's back.
    pub(crate) cache: Arc<MemorySessionStates>,
    /// The store, behind the journal's back.
    pub(crate) rows: Arc<SqliteStore>,
    pub(crate) acme: Tenant,
    pub(crate) other: Tenant,
    pub(crate) admin: Member,
    pub(crate) manager: Member,
    pub(crate) agent: Member,
    pub(crate) viewer: Member,
    /// The admin of the other workspace.
    pub(crate) stranger: Member,
}

impl Tenants {
    pub(crate) async fn new() -> Self {
        let rows = Arc::new(SqliteStore::in_memory().unwrap());
        let (acme, other) = (tenant(&rows).await, tenant(&rows).await);
        let cache = MemorySessionStates::new(1_000, MemoryRateLimiter::new(1_000));
        let admin = join(&rows, acme.role(SystemRole::Admin)).await;
        Self {
            admin,
            manager: join(&rows, acme.role(SystemRole::Manager)).await,
            agent: join(&rows, acme.role(SystemRole::Agent)).await,
            viewer: join(&rows, acme.role(SystemRole::Viewer)).await,
            stranger: join(&rows, other.role(SystemRole::Admin)).await,
            journal: Journal::default(),
            clock: Arc::default(),
            cache: Arc::new(cache),
            rows,
            acme,
            other,
        }
    }

    /// The store as use cases get it.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        self.store_that(true)
    }

    /// The same store, whose units of work are all rolled back instead of being committed.
    pub(crate) fn store_that_loses(&self) -> Arc<dyn Store> {
        self.store_that(false)
    }

    fn store_that(&self, commits: bool) -> Arc<dyn Store> {
        Arc::new(JournalStore {
            inner: self.rows.clone(),
            journal: self.journal.clone(),
            commits,
        })
    }

    /// The gate as use cases get it.
    pub(crate) fn gate(&self) -> Arc<SessionGate> {
        self.gate_over(self.cache.clone())
    }

    /// A gate over another cache.
    pub(crate) fn gate_over(&self, states: Arc<dyn SessionStates>) -> Arc<SessionGate> {
        Arc::new(SessionGate {
            states: Noted::new(&self.journal, states),
        })
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdGenerator> {
        Arc::new(UniqueIds)
    }

    /// Writes the audit log.
    pub(crate) fn audit(&self) -> Arc<AuditDesk> {
        Arc::new(AuditDesk { ids: self.ids() })
    }

    /// A person joins with a role, in the role's workspace, and signs in there.
    pub(crate) async fn join(&self, role: &Role) -> Member {
        join(&self.rows, role).await
    }

    /// A person who is not there gets a role all the same, with a membership of some status.
    pub(crate) async fn put(&self, role: &Role, status: MembershipStatus) -> UserId {
        put(&self.rows, role, status).await
    }

    /// A person signs in once more, in a workspace.
    pub(crate) async fn sign_in(&self, user: UserId, workspace: WorkspaceId) -> Member {
        sign_in(&self.rows, user, workspace).await
    }

    /// A role of a workspace's own that holds these permissions.
    pub(crate) async fn role(&self, tenant: &Tenant, name: &str, permissions: &[&str]) -> Role {
        let role = a_custom_role(tenant.id(), name);
        let names: Vec<_> = permissions.iter().map(|n| a_permission_name(n)).collect();
        let mut unit = self.change().await;
        unit.roles().insert(&role).await.unwrap();
        unit.roles().grant(role.id, &names).await.unwrap();
        unit.commit().await.unwrap();
        role
    }

    /// A permission of a workspace's own.
    pub(crate) async fn own_permission(&self, tenant: &Tenant, name: &str) -> Permission {
        let permission = an_own_permission(name);
        let mut unit = self.change().await;
        let permissions = unit.workspace_permissions();
        let inserted = permissions.insert(tenant.id(), &permission, T0).await;
        inserted.unwrap();
        unit.commit().await.unwrap();
        permission
    }

    /// What a workspace's audit log tells, the oldest entry first.
    pub(crate) async fn log(&self, workspace: WorkspaceId) -> Vec<AuditEntry> {
        let mut unit = self.look().await;
        let everything = AuditFilter::default();
        let limit = PageLimit::new(PageLimit::MAX).unwrap();
        let page = unit
            .audit()
            .list(workspace, everything, limit, None)
            .await
            .unwrap();
        assert_eq!(page.next, None, "the log is longer than a page");
        without_ids(page.items.into_iter().rev().map(|record| record.entry))
    }

    /// Looks at what is kept.
    pub(crate) async fn look(&self) -> Box<dyn UnitOfWork> {
        self.rows.read(Scope::System).await.unwrap()
    }

    /// Changes what is kept.
    pub(crate) async fn change(&self) -> Box<dyn UnitOfWork> {
        self.rows.begin(Scope::System).await.unwrap()
    }

    /// Makes a request with the session's token: who calls, as the cache or the store says; None
    /// when the token is not taken.
    pub(crate) async fn request(&self, member: Member) -> Option<Caller> {
        let now = self.clock.now();
        let token = FakeAccessTokens.mint(&AccessClaims {
            user_id: member.user_id,
            session_id: member.session_id,
            workspace_id: Some(member.workspace_id),
            issued_at: now,
            expires_at: now.plus(secs(900)),
        });
        let command = AuthenticateCommand {
            token,
            ip_address: member.ip_address,
            counted: Some(ActivityCount::REQUEST),
            ledger: LimitLedger::default(),
        };
        let asked = self.authenticate().run(command).await;
        asked.ok()
    }

    /// Whether the next request of a session may do something that is built in.
    pub(crate) async fn may(&self, member: Member, permission: &str) -> bool {
        let built_in = a_permission_name(permission).built_in().unwrap();
        let caller = self.request(member).await;
        caller.is_some_and(|caller| caller.held.holds(built_in))
    }

    /// Tells whose an access token is.
    pub(crate) fn authenticate(&self) -> Authenticate {
        let book = ActivityBook {
            counters: self.cache.clone(),
            local: self.cache.clone(),
        };
        let limits = RateLimits {
            limiter: Arc::new(MemoryRateLimiter::new(1)),
            local: Arc::new(MemoryRateLimiter::new(1)),
            rules: LimitRules::off(),
            local_rules: LimitRules::off(),
            digester: Arc::new(FakeDigester),
        };
        Authenticate {
            tokens: Arc::new(FakeAccessTokens),
            admission: Arc::new(Admission {
                states: self.cache.clone(),
                book: Arc::new(book),
                limits: Arc::new(limits),
                store: self.rows.clone(),
                session_idle: LIFETIMES.session_idle,
            }),
            clock: self.clock.clone(),
        }
    }
}

/// Ids that no test meets twice, each later than all before it.
struct UniqueIds;

impl IdGenerator for UniqueIds {
    fn next(&self) -> Uuid {
        unique_id()
    }
}

async fn tenant(rows: &SqliteStore) -> Tenant {
    let workspace = a_workspace().build();
    let roles = system_roles(workspace.id);
    let mut unit = rows.begin(Scope::System).await.unwrap();
    unit.workspaces().insert(&workspace).await.unwrap();
    for role in &roles {
        unit.roles().insert(role).await.unwrap();
    }
    unit.commit().await.unwrap();
    Tenant { workspace, roles }
}

async fn join(rows: &SqliteStore, role: &Role) -> Member {
    let user = put(rows, role, MembershipStatus::Active).await;
    sign_in(rows, user, role.workspace_id).await
}

async fn put(rows: &SqliteStore, role: &Role, status: MembershipStatus) -> UserId {
    let user = a_user().build();
    let membership = a_membership(user.id, role).status(status).build();
    let mut unit = rows.begin(Scope::System).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    unit.memberships().insert(&membership).await.unwrap();
    unit.commit().await.unwrap();
    user.id
}

async fn sign_in(rows: &SqliteStore, user: UserId, workspace: WorkspaceId) -> Member {
    let started: Timestamp = T0.minus(secs(60));
    let record = a_session(user)
        .opened_at(started)
        .in_workspace(workspace)
        .build();
    let mut unit = rows.begin(Scope::System).await.unwrap();
    unit.sessions().insert(&record).await.unwrap();
    unit.commit().await.unwrap();
    Member {
        workspace_id: workspace,
        user_id: user,
        session_id: record.session.id,
        ip_address: client_ip(),
    }
}
