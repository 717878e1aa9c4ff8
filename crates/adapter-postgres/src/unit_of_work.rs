//! One transaction on one pooled connection.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use deadpool::managed::Object;
use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use futures_util::future::try_join;
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
use tokio::runtime::Handle;

use crate::error::{self, Failure};
use crate::options::PgOptions;
use crate::pool::{PgPool, Pooled};

/// How far the transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waiting for the next statement.
    Idle,
    /// A statement was sent and its answer not seen yet.
    Asking,
    /// A statement failed, and the transaction was rolled back.
    Failed,
    /// The connection is gone, or in a state nobody knows.
    Lost,
}

/// What begins the transaction.
pub(crate) struct Opening {
    /// Without parameters.
    pub(crate) statements: String,
    /// How long to wait for the answer. It waits for no lock.
    pub(crate) patience: Duration,
    /// Where the connection is from.
    pub(crate) pool: PgPool,
}

/// One transaction. It implements every repository itself, one file each.
pub(crate) struct PgUnitOfWork {
    /// Present until the transaction ends.
    connection: Option<Pooled>,
    /// What is sent before the first statement, until it is.
    opening: Option<Opening>,
    phase: Phase,
    asked_at: Option<Instant>,
    options: Arc<PgOptions>,
    runtime: Handle,
}

/// Sends one statement of a unit of work and gives its answer with errors mapped.
///
/// A macro, because the statement borrows the unit's connection while the unit watches over it.
macro_rules! ask {
    ($unit:expr, $connection:ident => $statement:expr) => {{
        let limit = $unit.answer_timeout();
        let (connection, opening) = $unit.asking()?;
        let $connection = &mut &*connection;
        let asking = $crate::unit_of_work::begun(connection, opening, $statement);
        let answer = $crate::unit_of_work::within(limit, asking).await;
        $unit.settle(answer).await
    }};
}
pub(crate) use ask;

impl PgUnitOfWork {
    /// Takes charge of a connection, on which no transaction is open yet.
    pub(crate) const fn new(
        connection: Pooled,
        opening: Opening,
        options: Arc<PgOptions>,
        runtime: Handle,
    ) -> Self {
        Self {
            connection: Some(connection),
            opening: Some(opening),
            phase: Phase::Idle,
            asked_at: None,
            options,
            runtime,
        }
    }

    /// Begins the transaction now, not with its first statement.
    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        ask!(self, connection => {
            let _ = connection;
            std::future::ready(Ok(()))
        })
    }

    /// Sends statements without parameters in one round trip.
    pub(crate) async fn simple(&mut self, statements: &str) -> Result<(), StoreError> {
        ask!(self, connection => connection.batch_execute(statements))
    }

    /// Whether the connection is of no more use.
    pub(crate) fn has_lost_connection(&self) -> bool {
        self.phase == Phase::Lost
    }

    /// How long to wait for an answer.
    pub(crate) fn answer_timeout(&self) -> Duration {
        self.options.answer_timeout()
    }

    /// The connection, for one statement, and what is to be sent before it. Until
    /// [`settle`](Self::settle) hears of the answer, the connection counts as busy: if the caller goes
    /// away meanwhile, it is closed.
    pub(crate) fn asking(&mut self) -> Result<(&AsyncPgConnection, Option<Opening>), StoreError> {
        match (self.phase, &self.connection) {
            (Phase::Idle, Some(connection)) => {
                self.phase = Phase::Asking;
                self.asked_at = Some(Instant::now());
                Ok((&connection.client, self.opening.take()))
            }
            _ => Err(StoreError::Failed(
                "the unit of work is spent: an earlier statement failed".to_owned(),
            )),
        }
    }

    /// Notes a statement's answer and maps its error.
    ///
    /// A transaction in which a statement failed can only be rolled back, so that is done at
    /// once: its locks are free, and the answer tells whether the connection still lives. The
    /// error itself does not tell: the client library keeps the server's codes to itself.
    pub(crate) async fn settle<T>(&mut self, answer: QueryResult<T>) -> Result<T, StoreError> {
        let error = match answer {
            Ok(value) => {
                self.phase = Phase::Idle;
                if let Some(connection) = &mut self.connection {
                    connection.hear();
                }
                return Ok(value);
            }
            Err(error) => error,
        };
        let slow = self
            .asked_at
            .is_some_and(|at| at.elapsed() >= self.options.slow());
        let unanswered = matches!(
            error,
            Error::DatabaseError(
                DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection,
                _
            )
        );
        let connection_lost = unanswered || !self.rolls_back().await;
        self.phase = if connection_lost {
            Phase::Lost
        } else {
            Phase::Failed
        };
        Err(error::of_statement(
            &error,
            Failure {
                connection_lost,
                slow,
            },
        ))
    }

    async fn rolls_back(&mut self) -> bool {
        let limit = self.answer_timeout();
        match &mut self.connection {
            Some(connection) => within(limit, connection.client.batch_execute("ROLLBACK"))
                .await
                .is_ok(),
            None => false,
        }
    }
}

/// Sends what begins a transaction, if that is still to be done, and the statement right after it,
/// without waiting for the answer in between. Its order is sure: the client library sends a text
/// without parameters when its future is first polled, which happens before the statement's is, and
/// the server does what it is sent in this order. A statement whose transaction did not begin says why
/// that is.
pub(crate) async fn begun<T>(
    mut connection: &AsyncPgConnection,
    opening: Option<Opening>,
    statement: impl Future<Output = QueryResult<T>>,
) -> QueryResult<T> {
    let Some(opening) = opening else {
        return statement.await;
    };
    let asked_at = Instant::now();
    let beginning = async {
        let begins = connection.batch_execute(&opening.statements);
        match tokio::time::timeout(opening.patience, begins).await {
            Ok(answer) => answer,
            Err(_) => {
                opening.forget_silent(asked_at);
                Err(no_answer())
            }
        }
    };
    let ((), answer) = try_join(beginning, statement).await?;
    Ok(answer)
}

impl Opening {
    /// Closes the connections that wait in the pool since before a moment: what has silenced one
    /// of them has probably silenced all, and each would cost a request its time.
    fn forget_silent(&self, since: Instant) {
        let connections = self.pool.forget_idle(since);
        tracing::debug!(
            connections,
            "a connection to the database was silent; those that waited beside it are closed"
        );
    }
}

fn no_answer() -> Error {
    Error::DatabaseError(
        DatabaseErrorKind::UnableToSendCommand,
        Box::new("no answer in time".to_owned()),
    )
}

/// Waits for an answer no longer than `limit`.
pub(crate) async fn within<T>(
    limit: Duration,
    asking: impl Future<Output = QueryResult<T>>,
) -> QueryResult<T> {
    tokio::time::timeout(limit, asking)
        .await
        .unwrap_or_else(|_| Err(no_answer()))
}

#[async_trait]
impl UnitOfWork for PgUnitOfWork {
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
        // A transaction in which a statement failed would take COMMIT for ROLLBACK without
        // saying so; `simple` refuses before it is sent.
        self.simple("COMMIT").await?;
        // The transaction is over, so the connection may be used by others.
        drop(self.connection.take());
        Ok(())
    }
}

/// Rolls back what was not committed. The connection goes back to the pool only once the server
/// has said that the transaction is over; in all other cases it leaves the pool and is closed.
impl Drop for PgUnitOfWork {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let unfinished = Unfinished(Some(connection));
        match self.phase {
            // Nothing was sent, so no transaction is open.
            Phase::Idle if self.opening.is_some() => unfinished.release(),
            Phase::Idle => {
                let limit = self.options.answer_timeout();
                self.runtime.spawn(unfinished.roll_back(limit));
            }
            Phase::Failed => unfinished.release(),
            Phase::Asking | Phase::Lost => drop(unfinished),
        }
    }
}

/// A connection with a transaction that may be open. Dropping it, also because its runtime shuts
/// down, takes it out of the pool and closes it.
struct Unfinished(Option<Pooled>);

impl Unfinished {
    async fn roll_back(mut self, limit: std::time::Duration) {
        let Some(connection) = self.0.as_mut() else {
            return;
        };
        if within(limit, connection.client.batch_execute("ROLLBACK"))
            .await
            .is_ok()
        {
            self.release();
        }
    }

    /// Gives the connection back: its transaction is over.
    fn release(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}
