//! One transaction. Every repository is implemented on it, in a file of its own.

use std::sync::Arc;

use async_trait::async_trait;
use diesel::connection::SimpleConnection as _;
use diesel::sqlite::SqliteConnection;
use kogents_domain::access::{RoleRepository, WorkspacePermissionRepository};
use kogents_domain::audit::AuditRepository;
use kogents_domain::auth::{OneTimeTokenRepository, UserRepository};
use kogents_domain::lease::LeaseRepository;
use kogents_domain::mail::{OutboxAdministration, OutboxRepository};
use kogents_domain::notice::NoticeRepository;
use kogents_domain::session::{SessionRepository, SessionUpkeep, UserDeviceRepository};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::{
    ApiTokenRepository, DirectoryRepository, InvitationRepository, MembershipRepository,
    WorkspaceRepository,
};

use crate::engine::{Engine, Lease};
use crate::error::Failure;

/// How a unit of work begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// On the writer, with the write lock from its first statement on, so that no later one has to
    /// wait for it or finds its snapshot overtaken.
    Write,
    /// On a reader; its first statement takes the snapshot.
    Read,
}

/// A unit of work on SQLite.
pub(crate) struct SqliteUnitOfWork {
    // Dropped first: what rolls back is sent while the engine still stands.
    lease: Lease,
    /// What is run before the first statement, in one visit to the thread, until it is.
    opening: Option<&'static str>,
    usable: bool,
    _engine: Arc<Engine>,
}

impl SqliteUnitOfWork {
    pub(crate) async fn begin(engine: Arc<Engine>, begin: Begin) -> Result<Self, StoreError> {
        let (lane, opening) = match begin {
            Begin::Write => (engine.writer(), "BEGIN IMMEDIATE"),
            Begin::Read => (engine.readers(), "BEGIN"),
        };
        let lease = lane.lease(engine.options().turn_timeout).await?;
        Ok(Self {
            lease,
            opening: Some(opening),
            usable: true,
            _engine: engine,
        })
    }

    /// Runs statements. After a failure, or a call that nobody waited for, nothing more is run:
    /// the unit of work is spent.
    pub(crate) async fn run<T, F>(&mut self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut SqliteConnection) -> Result<T, Failure> + Send + 'static,
    {
        if !self.usable {
            return Err(StoreError::Failed("the unit of work is spent".to_owned()));
        }
        self.usable = false;
        let opening = self.opening.take();
        let asked = move |conn: &mut SqliteConnection| {
            if let Some(opening) = opening {
                conn.batch_execute(opening)?;
            }
            job(conn)
        };
        let result = self.lease.run(asked).await?;
        self.usable = true;
        Ok(result)
    }
}

#[async_trait]
impl UnitOfWork for SqliteUnitOfWork {
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

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        // Nothing was asked, so no transaction is open.
        if self.opening.is_some() {
            return Ok(());
        }
        self.run(|conn| Ok(conn.batch_execute("COMMIT")?)).await?;
        self.lease.mark_clean();
        Ok(())
    }
}
