//! A unit of work made of mocks.

use async_trait::async_trait;
use kogents_domain::access::{
    MockRoleRepository, MockWorkspacePermissionRepository, RoleRepository,
    WorkspacePermissionRepository,
};
use kogents_domain::audit::{AuditRepository, MockAuditRepository};
use kogents_domain::auth::{
    MockOneTimeTokenRepository, MockUserRepository, OneTimeTokenRepository, UserRepository,
};
use kogents_domain::lease::{LeaseRepository, MockLeaseRepository};
use kogents_domain::mail::{
    MockOutboxAdministration, MockOutboxRepository, OutboxAdministration, OutboxRepository,
};
use kogents_domain::notice::{MockNoticeRepository, NoticeRepository};
use kogents_domain::session::{
    MockSessionRepository, MockSessionUpkeep, MockUserDeviceRepository, SessionRepository,
    SessionUpkeep, UserDeviceRepository,
};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::{
    ApiTokenRepository, DirectoryRepository, InvitationRepository, MembershipRepository,
    MockApiTokenRepository, MockDirectoryRepository, MockInvitationRepository,
    MockMembershipRepository, MockWorkspaceRepository, WorkspaceRepository,
};

use super::Outcome;

/// The mocks that one unit of work lends. A call that was not prepared panics.
#[derive(Default)]
pub struct FakeUnit {
    /// Persons.
    pub users: MockUserRepository,
    /// Workspaces.
    pub workspaces: MockWorkspaceRepository,
    /// Memberships.
    pub memberships: MockMembershipRepository,
    /// Roles.
    pub roles: MockRoleRepository,
    /// Permissions that workspaces define themselves.
    pub workspace_permissions: MockWorkspacePermissionRepository,
    /// Invitations.
    pub invitations: MockInvitationRepository,
    /// Members and who is invited, in one list.
    pub directory: MockDirectoryRepository,
    /// API tokens.
    pub api_tokens: MockApiTokenRepository,
    /// Sessions.
    pub sessions: MockSessionRepository,
    /// The upkeep of sessions.
    pub session_upkeep: MockSessionUpkeep,
    /// The devices persons were seen on.
    pub devices: MockUserDeviceRepository,
    /// Who does what one must do at a time.
    pub leases: MockLeaseRepository,
    /// What commands tell servers.
    pub notices: MockNoticeRepository,
    /// Mailed tokens.
    pub one_time_tokens: MockOneTimeTokenRepository,
    /// The audit log.
    pub audit: MockAuditRepository,
    /// The mail queue.
    pub outbox: MockOutboxRepository,
    /// The mail queue as operators see it.
    pub outbox_administration: MockOutboxAdministration,
    commit_error: Option<StoreError>,
}

pub(super) type Resolve = Box<dyn FnOnce(Outcome) + Send>;

/// A unit that was handed out: it tells its outcome when it goes.
struct OpenUnit {
    unit: FakeUnit,
    outcome: Outcome,
    resolve: Option<Resolve>,
}

impl FakeUnit {
    /// Lets its commit fail; nothing is then kept.
    pub fn fail_to_commit(&mut self, error: StoreError) {
        self.commit_error = Some(error);
    }

    pub(super) fn opened(self, resolve: Resolve) -> Box<dyn UnitOfWork> {
        Box::new(OpenUnit {
            unit: self,
            outcome: Outcome::RolledBack,
            resolve: Some(resolve),
        })
    }
}

impl Drop for OpenUnit {
    fn drop(&mut self) {
        if let Some(resolve) = self.resolve.take() {
            resolve(self.outcome);
        }
    }
}

#[async_trait]
impl UnitOfWork for OpenUnit {
    fn users(&mut self) -> &mut dyn UserRepository {
        &mut self.unit.users
    }

    fn workspaces(&mut self) -> &mut dyn WorkspaceRepository {
        &mut self.unit.workspaces
    }

    fn memberships(&mut self) -> &mut dyn MembershipRepository {
        &mut self.unit.memberships
    }

    fn roles(&mut self) -> &mut dyn RoleRepository {
        &mut self.unit.roles
    }

    fn workspace_permissions(&mut self) -> &mut dyn WorkspacePermissionRepository {
        &mut self.unit.workspace_permissions
    }

    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        &mut self.unit.invitations
    }

    fn directory(&mut self) -> &mut dyn DirectoryRepository {
        &mut self.unit.directory
    }

    fn api_tokens(&mut self) -> &mut dyn ApiTokenRepository {
        &mut self.unit.api_tokens
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        &mut self.unit.sessions
    }

    fn session_upkeep(&mut self) -> &mut dyn SessionUpkeep {
        &mut self.unit.session_upkeep
    }

    fn devices(&mut self) -> &mut dyn UserDeviceRepository {
        &mut self.unit.devices
    }

    fn leases(&mut self) -> &mut dyn LeaseRepository {
        &mut self.unit.leases
    }

    fn notices(&mut self) -> &mut dyn NoticeRepository {
        &mut self.unit.notices
    }

    fn one_time_tokens(&mut self) -> &mut dyn OneTimeTokenRepository {
        &mut self.unit.one_time_tokens
    }

    fn audit(&mut self) -> &mut dyn AuditRepository {
        &mut self.unit.audit
    }

    fn outbox(&mut self) -> &mut dyn OutboxRepository {
        &mut self.unit.outbox
    }

    fn outbox_administration(&mut self) -> &mut dyn OutboxAdministration {
        &mut self.unit.outbox_administration
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        match self.unit.commit_error.take() {
            None => {
                self.outcome = Outcome::Committed;
                Ok(())
            }
            Some(error) => {
                self.outcome = Outcome::CommitFailed;
                Err(error)
            }
        }
    }
}
