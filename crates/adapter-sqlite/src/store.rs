//! The store itself: opens the file, begins units of work, says how it is.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use diesel::connection::SimpleConnection as _;
use diesel::sqlite::SqliteConnection;
use kogents_domain::health::{CheckStatus, PoolFigures, Probe};
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};

use crate::engine::Engine;
use crate::error::Failure;
use crate::migrations::{self, MigrationState};
use crate::open::{Location, OpenError, Purpose};
use crate::unit_of_work::{Begin, SqliteUnitOfWork};

/// How long who asks how the database is waits for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(1_750);

/// How a store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How many units of work may read at once; at least 1. Each costs a thread.
    pub readers: usize,
    /// How long a unit of work waits for its turn before the store is said to be unavailable.
    pub turn_timeout: Duration,
    /// Whether pending migrations are applied. A newer database is refused either way.
    pub migrate: bool,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            turn_timeout: Duration::from_secs(5),
            migrate: true,
        }
    }
}

/// The store in one SQLite file. Cheap to clone; every clone is the same store.
///
/// When the last clone and the last unit of work are dropped, the threads end, and what the
/// write-ahead log holds has moved into the file.
#[derive(Clone)]
pub struct SqliteStore {
    engine: Arc<Engine>,
    state: MigrationState,
}

impl SqliteStore {
    /// Opens a file with the default options; makes and migrates it where needed. Blocks.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, SqliteOptions::default())
    }

    /// Opens a file; makes it where needed. Blocks.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_with(path: &Path, options: SqliteOptions) -> Result<Self, OpenError> {
        Self::open_at(Location::new(path, true)?, options, Vec::new())
    }

    /// Opens a location. `kept` lives until the threads have ended.
    pub(crate) fn open_at(
        location: Location,
        options: SqliteOptions,
        kept: Vec<Box<dyn Send + Sync>>,
    ) -> Result<Self, OpenError> {
        location.make_file()?;
        let mut writer = location.connect(Purpose::Write)?;
        let state = if options.migrate {
            migrations::migrate(&mut writer)
        } else {
            migrations::inspect(&mut writer)
        }
        .map_err(|failure| OpenError::of_migration(location.path(), failure))?;
        let engine = Engine::start(location, writer, options, kept)?;
        Ok(Self {
            engine: Arc::new(engine),
            state,
        })
    }

    /// How far the database had come when it was opened; nothing changes it afterwards.
    #[must_use]
    pub const fn migration_state(&self) -> MigrationState {
        self.state
    }

    /// Begins a transaction of a kind.
    pub(crate) async fn unit_of_work(&self, begin: Begin) -> Result<SqliteUnitOfWork, StoreError> {
        SqliteUnitOfWork::begin(Arc::clone(&self.engine), begin).await
    }

    /// Asks something of a reader, outside of any transaction. The answer comes in time, or is
    /// given up.
    pub(crate) async fn ask<T, F>(&self, question: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut SqliteConnection) -> Result<T, Failure> + Send + 'static,
    {
        let asking = async {
            let mut lease = self.engine.readers().lease(ANSWER_TIMEOUT).await?;
            let answer = lease.run(question).await?;
            lease.mark_clean();
            Ok(answer)
        };
        let given_up = |_| StoreError::Unavailable("no answer in time".to_owned());
        tokio::time::timeout(ANSWER_TIMEOUT, asking)
            .await
            .map_err(given_up)?
    }

    pub(crate) fn pool_figures(&self) -> PoolFigures {
        self.engine.pool_figures()
    }
}

/// The scope binds nothing here: SQLite has no row-level security to hold statements to it. Each
/// statement is filtered by what its method is given (a person, a workspace, an id), those of
/// background work by nothing; tenants are kept apart by the use cases, which take the workspace
/// from the caller's session.
#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, _scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(self.unit_of_work(Begin::Write).await?))
    }

    async fn read(&self, _scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(self.unit_of_work(Begin::Read).await?))
    }
}

#[async_trait]
impl Probe for SqliteStore {
    async fn check(&self) -> CheckStatus {
        match self.ask(|conn| Ok(conn.batch_execute("SELECT 1")?)).await {
            Ok(()) => CheckStatus::Up,
            Err(cause) => {
                tracing::warn!(%cause, "the database does not answer");
                CheckStatus::Down
            }
        }
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.engine.path())
            .finish_non_exhaustive()
    }
}
