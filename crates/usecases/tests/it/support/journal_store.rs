//! A store that notes when units of work begin and end, and leaves the rest to another store, or
//! all but the commits.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::access::{RoleRepository, WorkspacePermissionRepository};
use kogents_domain::audit::AuditRepository;
use kogents_domain::auth::{OneTimeTokenRepository, UserRepository};
use kogents_domain::lease::LeaseRepository;
use kogents_domain::mail::{OutboxAdministration, OutboxRepository};
use kogents_domain::notice::NoticeRepository;
use kogents_domain::session::{SessionRepository, SessionUpkeep, UserDeviceRepository};
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};
use kogents_domain::workspace::{
    ApiTokenRepository, DirectoryRepository, InvitationRepository, MembershipRepository,
    WorkspaceRepository,
};

use super::{Journal, lost};

pub(crate) struct JournalStore {
    pub(crate) inner: Arc<dyn Store>,
    pub(crate) journal: Journal,
    /// Whether units of work are committed. Those that are not are rolled back, and say so.
    pub(crate) commits: bool,
}

fn name(scope: Scope) -> &'static str {
    match scope {
        Scope::System => "System",
        Scope::Person(_) => "Person",
        Scope::Member(..) => "Member",
        Scope::Workspace(_) => "Workspace",
    }
}

#[async_trait]
impl Store for JournalStore {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin(scope).await?;
        self.journal.note(format!("begin {}", name(scope)));
        Ok(Box::new(JournalUnit {
            inner: Some(inner),
            journal: self.journal.clone(),
            left: "rollback",
            commits: self.commits,
        }))
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.read(scope).await?;
        self.journal.note(format!("read {}", name(scope)));
        Ok(Box::new(JournalUnit {
            inner: Some(inner),
            journal: self.journal.clone(),
            left: "close",
            commits: self.commits,
        }))
    }
}

struct JournalUnit {
    inner: Option<Box<dyn UnitOfWork>>,
    journal: Journal,
    /// What it is called when the unit is dropped without a commit.
    left: &'static str,
    commits: bool,
}

impl JournalUnit {
    fn unit(&mut self) -> &mut dyn UnitOfWork {
        self.inner.as_mut().unwrap().as_mut()
    }
}

#[async_trait]
impl UnitOfWork for JournalUnit {
    fn users(&mut self) -> &mut dyn UserRepository {
        self.unit().users()
    }
    fn workspaces(&mut self) -> &mut dyn WorkspaceRepository {
        self.unit().workspaces()
    }
    fn memberships(&mut self) -> &mut dyn MembershipRepository {
        self.unit().memberships()
    }
    fn roles(&mut self) -> &mut dyn RoleRepository {
        self.unit().roles()
    }
    fn workspace_permissions(&mut self) -> &mut dyn WorkspacePermissionRepository {
        self.unit().workspace_permissions()
    }
    fn invitations(&mut self) -> &mut dyn InvitationRepository {
        self.unit().invitations()
    }
    fn directory(&mut self) -> &mut dyn DirectoryRepository {
        self.unit().directory()
    }
    fn api_tokens(&mut self) -> &mut dyn ApiTokenRepository {
        self.unit().api_tokens()
    }
    fn sessions(&mut self) -> &mut dyn SessionRepository {
        self.unit().sessions()
    }
    fn session_upkeep(&mut self) -> &mut dyn SessionUpkeep {
        self.unit().session_upkeep()
    }
    fn devices(&mut self) -> &mut dyn UserDeviceRepository {
        self.unit().devices()
    }
    fn leases(&mut self) -> &mut dyn LeaseRepository {
        self.unit().leases()
    }
    fn notices(&mut self) -> &mut dyn NoticeRepository {
        self.unit().notices()
    }
    fn one_time_tokens(&mut self) -> &mut dyn OneTimeTokenRepository {
        self.unit().one_time_tokens()
    }
    fn audit(&mut self) -> &mut dyn AuditRepository {
        self.unit().audit()
    }
    fn outbox(&mut self) -> &mut dyn OutboxRepository {
        self.unit().outbox()
    }
    fn outbox_administration(&mut self) -> &mut dyn OutboxAdministration {
        self.unit().outbox_administration()
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        let inner = self.inner.take().unwrap();
        if !self.commits {
            return Err(lost());
        }
        inner.commit().await?;
        self.left = "commit";
        Ok(())
    }
}

impl Drop for JournalUnit {
    fn drop(&mut self) {
        self.journal.note(self.left);
    }
}
