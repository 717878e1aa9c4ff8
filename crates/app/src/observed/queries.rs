//! The table of queries that are observed.

use async_trait::async_trait;
use kogents_domain::access::{
    Permission, PermissionName, Role, RoleName, RoleRepository, RoleSummary,
    WorkspacePermissionRepository,
};
use kogents_domain::audit::{AuditEntry, AuditFilter, AuditKey, AuditRecord, AuditRepository};
use kogents_domain::auth::{
    EmailAddress, OneTimeToken, OneTimeTokenRepository, PasswordHash, TokenPurpose, User,
    UserFilter, UserRepository,
};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{
    ApiTokenId, InvitationId, MailId, PermissionId, RoleId, SessionId, UserId, WorkspaceId,
};
use kogents_domain::lease::LeaseRepository;
use kogents_domain::mail::{
    ClaimDue, LaneDepth, MailEntry, MailFilter, MailJob, OutboxAdministration, OutboxRepository,
    QueuedMail,
};
use kogents_domain::notice::{Notice, NoticeRepository};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{
    DeviceFingerprint, EndReason, Rotation, SeenDevice, Session, SessionActivity, SessionFacts,
    SessionQuota, SessionRecord, SessionRepository, SessionUpkeep, TimedOut, Traces, UpkeepLag,
    UserDeviceRepository,
};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    ApiToken, ApiTokenRepository, DirectoryEntry, DirectoryId, DirectoryPage, DirectoryQuery,
    DirectoryRepository, Invitation, InvitationRepository, Membership, MembershipRepository,
    PersonMembership, Slug, Standing, Workspace, WorkspaceOfPerson, WorkspaceRepository,
};
use uuid::Uuid;

use super::{ObservedUnit, watch};

/// Implements a repository by asking the unit of work's own, under the name `$plural.method`;
/// `$plural` is what the unit of work calls the repository.
macro_rules! observed {
    ($plural:ident, $repository:ident {
        $(fn $method:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*
    }) => {
        #[async_trait]
        impl $repository for ObservedUnit {
            $(
                async fn $method(
                    &mut self,
                    $($argument: $kind),*
                ) -> Result<$answer, StoreError> {
                    let name = concat!(stringify!($plural), ".", stringify!($method));
                    let watch = watch(&self.observer, name);
                    watch.hear(self.unit.$plural().$method($($argument),*).await)
                }
            )*
        }
    };
}

observed!(users, UserRepository {
    fn insert(user: &User) -> ();
    fn find(id: UserId) -> Option<User>;
    fn find_by_email(email: &EmailAddress) -> Option<User>;
    fn find_for_update(id: UserId) -> Option<User>;
    fn lock_all(ids: &[UserId]) -> ();
    fn replace_password_hash(
        id: UserId, old: &PasswordHash, new: &PasswordHash, now: Timestamp
    ) -> bool;
    fn set_email(id: UserId, email: &EmailAddress, now: Timestamp) -> ();
    fn set_last_workspace(id: UserId, workspace: Option<WorkspaceId>, now: Timestamp) -> ();
    fn update_profile(user: &User) -> ();
    fn set_suspended(id: UserId, since: Option<Timestamp>, now: Timestamp) -> ();
    fn list(
        filter: &UserFilter, limit: PageLimit, after: Option<UserId>
    ) -> Page<User, UserId>;
    fn delete(id: UserId) -> bool;
});

observed!(workspaces, WorkspaceRepository {
    fn insert(workspace: &Workspace) -> ();
    fn find(id: WorkspaceId) -> Option<Workspace>;
    fn find_by_slug(slug: &Slug) -> Option<Workspace>;
    fn find_for_update(id: WorkspaceId) -> Option<Workspace>;
    fn update(workspace: &Workspace) -> ();
    fn delete(id: WorkspaceId) -> bool;
});

observed!(memberships, MembershipRepository {
    fn insert(membership: &Membership) -> ();
    fn find(workspace: WorkspaceId, user: UserId) -> Option<Membership>;
    fn find_by_email(workspace: WorkspaceId, email: &EmailAddress) -> Option<Membership>;
    fn find_standing(user: UserId, preferred: Option<WorkspaceId>) -> Option<Standing>;
    fn find_role(workspace: WorkspaceId, user: UserId) -> Option<Role>;
    fn list_of_person(user: UserId, now: Timestamp) -> Vec<WorkspaceOfPerson>;
    fn list_all_of_person(user: UserId) -> Vec<PersonMembership>;
    fn count_of_person(user: UserId) -> u64;
    fn count(workspace: WorkspaceId) -> u64;
    fn count_active_admins(workspace: WorkspaceId) -> u64;
    fn list_users(workspace: WorkspaceId, role: Option<RoleId>) -> Vec<UserId>;
    fn update(membership: &Membership) -> ();
    fn delete(workspace: WorkspaceId, user: UserId) -> bool;
});

observed!(roles, RoleRepository {
    fn insert(role: &Role) -> ();
    fn find(workspace: WorkspaceId, id: RoleId) -> Option<Role>;
    fn find_by_name(workspace: WorkspaceId, name: &RoleName) -> Option<Role>;
    fn list(workspace: WorkspaceId) -> Vec<RoleSummary>;
    fn update(role: &Role) -> ();
    fn delete(workspace: WorkspaceId, id: RoleId) -> bool;
    fn granted(role: RoleId) -> Vec<PermissionName>;
    fn granted_in(workspace: WorkspaceId) -> Vec<(RoleId, PermissionName)>;
    fn grant(role: RoleId, names: &[PermissionName]) -> ();
    fn withdraw(role: RoleId, names: &[PermissionName]) -> ();
});

observed!(workspace_permissions, WorkspacePermissionRepository {
    fn insert(workspace: WorkspaceId, permission: &Permission, now: Timestamp) -> ();
    fn list(workspace: WorkspaceId) -> Vec<Permission>;
    fn find(workspace: WorkspaceId, id: PermissionId) -> Option<Permission>;
    fn update(workspace: WorkspaceId, permission: &Permission, now: Timestamp) -> ();
    fn delete(workspace: WorkspaceId, id: PermissionId) -> bool;
});

observed!(invitations, InvitationRepository {
    fn insert(invitation: &Invitation) -> ();
    fn find(workspace: WorkspaceId, id: InvitationId) -> Option<Invitation>;
    fn find_open(digest: &Digest, now: Timestamp) -> Option<Invitation>;
    fn consume(digest: &Digest, now: Timestamp) -> Option<Invitation>;
    fn list(
        workspace: WorkspaceId, limit: PageLimit, after: Option<InvitationId>
    ) -> Page<Invitation, InvitationId>;
    fn count_open(workspace: WorkspaceId, now: Timestamp) -> u64;
    fn update(invitation: &Invitation) -> ();
    fn delete(workspace: WorkspaceId, id: InvitationId) -> bool;
    fn sweep(now: Timestamp) -> u64;
});

observed!(directory, DirectoryRepository {
    fn list(query: &DirectoryQuery) -> DirectoryPage;
    fn find(workspace: WorkspaceId, id: DirectoryId) -> Option<DirectoryEntry>;
});

observed!(api_tokens, ApiTokenRepository {
    fn insert(token: &ApiToken) -> ();
    fn find_by_digest(digest: &Digest) -> Option<ApiToken>;
    fn revoke(workspace: WorkspaceId, now: Timestamp) -> Option<ApiTokenId>;
});

observed!(sessions, SessionRepository {
    fn insert(record: &SessionRecord) -> ();
    fn find(id: SessionId) -> Option<Session>;
    fn find_record(user: UserId, id: SessionId) -> Option<SessionRecord>;
    fn find_with_activity(user: UserId, id: SessionId) -> Option<(Session, SessionActivity)>;
    fn find_activity(id: SessionId) -> Option<SessionActivity>;
    fn count_open(user: UserId, now: Timestamp) -> u64;
    fn list_open(user: UserId, now: Timestamp) -> Vec<SessionRecord>;
    fn list_all(
        user: UserId, limit: PageLimit, after: Option<SessionId>
    ) -> Page<SessionRecord, SessionId>;
    fn count_all(user: UserId) -> u64;
    fn rotate(rotation: &Rotation) -> Option<Session>;
    fn end(id: SessionId, reason: EndReason, at: Timestamp) -> Option<Session>;
    fn end_others(
        user: UserId, except: Option<SessionId>, reason: EndReason, at: Timestamp
    ) -> Vec<Session>;
    fn end_in_workspace(
        user: UserId, workspace: WorkspaceId, reason: EndReason, at: Timestamp
    ) -> Vec<Session>;
    fn end_all_in_workspace(
        workspace: WorkspaceId, except: SessionId, reason: EndReason, at: Timestamp
    ) -> Vec<Session>;
    fn set_workspace(id: SessionId, workspace: Option<WorkspaceId>) -> bool;
    fn end_surplus(user: UserId, quota: SessionQuota) -> Vec<Session>;
    fn record_activity(activities: &[(SessionId, SessionActivity)]) -> ();
    fn replace_facts(id: SessionId, facts: &SessionFacts) -> ();
    fn delete_of_person(user: UserId) -> ();
});

observed!(session_upkeep, SessionUpkeep {
    fn list_idle(now: Timestamp, limit: u32) -> Vec<(Session, SessionActivity)>;
    fn move_idle_ends(moved: &[(SessionId, Timestamp)]) -> ();
    fn end_timed_out(sessions: &[TimedOut], now: Timestamp) -> Vec<Session>;
    fn list_traces(ended_before: Timestamp, limit: u32) -> Vec<Traces>;
    fn minimise(traces: &[Traces]) -> ();
    fn drop_opened_before(moment: Timestamp, limit: u32) -> u64;
    fn make_partitions(now: Timestamp, months_ahead: u32) -> u64;
    fn lag(now: Timestamp) -> UpkeepLag;
});

observed!(devices, UserDeviceRepository {
    fn see(user: UserId, fingerprint: &DeviceFingerprint, now: Timestamp) -> bool;
    fn list(user: UserId) -> Vec<SeenDevice>;
    fn drop_unseen_since(moment: Timestamp, limit: u32) -> u64;
});

observed!(leases, LeaseRepository {
    fn take(name: &'static str, holder: Uuid, until: Timestamp, now: Timestamp) -> bool;
    fn give_back(name: &'static str, holder: Uuid) -> ();
});

observed!(notices, NoticeRepository {
    fn post(notice: &Notice) -> ();
    fn newest(most: u16) -> Vec<Notice>;
    fn sweep(before: Timestamp) -> u64;
});

observed!(one_time_tokens, OneTimeTokenRepository {
    fn insert(token: &OneTimeToken) -> ();
    fn find(purpose: TokenPurpose, digest: &Digest, now: Timestamp) -> Option<OneTimeToken>;
    fn consume(purpose: TokenPurpose, digest: &Digest, now: Timestamp) -> Option<OneTimeToken>;
    fn void_all(user: UserId, purpose: TokenPurpose, now: Timestamp) -> u64;
    fn sweep(now: Timestamp) -> u64;
});

observed!(audit, AuditRepository {
    fn append(entries: &[AuditEntry]) -> ();
    fn list(
        workspace: WorkspaceId, filter: AuditFilter, limit: PageLimit, after: Option<AuditKey>
    ) -> Page<AuditRecord, AuditKey>;
    fn list_of_actor(
        actor: UserId, limit: PageLimit, after: Option<AuditKey>
    ) -> Page<AuditEntry, AuditKey>;
    fn forget_actor(actor: UserId) -> ();
    fn sweep(before: Timestamp, limit: u32) -> u64;
});

observed!(outbox, OutboxRepository {
    fn enqueue(job: &MailJob) -> bool;
    fn claim_due(claim: ClaimDue) -> Vec<QueuedMail>;
    fn mark_sent(id: MailId, lease_token: i64, now: Timestamp) -> bool;
    fn mark_retry(id: MailId, lease_token: i64, run_at: Timestamp, error: &str) -> bool;
    fn give_back(id: MailId, lease_token: i64, run_at: Timestamp, error: &str) -> bool;
    fn mark_dead(id: MailId, lease_token: i64, now: Timestamp, error: &str) -> bool;
    fn drop_addressed_to(recipient: &EmailAddress, now: Timestamp) -> ();
    fn sweep(now: Timestamp, finished_before: Timestamp) -> u64;
});

observed!(outbox_administration, OutboxAdministration {
    fn list(
        filter: MailFilter, limit: PageLimit, after: Option<MailId>
    ) -> Page<MailEntry, MailId>;
    fn find(id: MailId) -> Option<MailEntry>;
    fn revive(id: MailId, now: Timestamp) -> bool;
    fn revive_dead(limit: u32, now: Timestamp) -> u64;
    fn void(id: MailId, now: Timestamp) -> bool;
    fn remove_dead(before: Timestamp, limit: u32) -> u64;
    fn depths(now: Timestamp) -> Vec<LaneDepth>;
});

#[async_trait]
impl UnitOfWork for ObservedUnit {
    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }
    fn workspaces(&mut self) -> &mut dyn WorkspaceRepository {
        self
    }
    fn memberships(&mut self) -> &mut dyn MembershipRepository {
        self
    }
    fn roles(&mut self) -> &mut dyn RoleRepository {
        self
    }
    fn workspace_permissions(&mut self) -> &mut dyn WorkspacePermissionRepository {
        self
    }
    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        self
    }
    fn directory(&mut self) -> &mut dyn DirectoryRepository {
        self
    }
    fn api_tokens(&mut self) -> &mut dyn ApiTokenRepository {
        self
    }
    fn sessions(&mut self) -> &mut dyn SessionRepository {
        self
    }
    fn session_upkeep(&mut self) -> &mut dyn SessionUpkeep {
        self
    }
    fn devices(&mut self) -> &mut dyn UserDeviceRepository {
        self
    }
    fn leases(&mut self) -> &mut dyn LeaseRepository {
        self
    }
    fn notices(&mut self) -> &mut dyn NoticeRepository {
        self
    }
    fn one_time_tokens(&mut self) -> &mut dyn OneTimeTokenRepository {
        self
    }
    fn audit(&mut self) -> &mut dyn AuditRepository {
        self
    }
    fn outbox(&mut self) -> &mut dyn OutboxRepository {
        self
    }
    fn outbox_administration(&mut self) -> &mut dyn OutboxAdministration {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { unit, observer } = *self;
        let watch = watch(&observer, "unit.commit");
        watch.hear(unit.commit().await)
    }
}
