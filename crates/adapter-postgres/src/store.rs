//! The store: opens, migrates, begins units of work.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::health::PoolFigures;
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::connector::Connector;
use crate::migrations;
use crate::open_error::OpenError;
use crate::options::{OpeningLimits, PgOptions};
use crate::pool::PgPool;
use crate::row_security::{self, RowSecurity};
use crate::scope::{self, Mode};
use crate::unit_of_work::{Opening, PgUnitOfWork};

/// The store on PostgreSQL. Clones share one pool.
#[derive(Clone)]
pub struct PgStore {
    pool: PgPool,
    /// Opens connections that outlast a transaction, past a pooler if there is one.
    direct: Connector,
    options: Arc<PgOptions>,
    opening: OpeningLimits,
    row_security: RowSecurity,
    /// What each transaction sets for itself, where connections keep nothing for it.
    transaction_settings: Option<Arc<str>>,
    /// Held by who asks what the database is and holds: one at a time, so that a database that has
    /// gone silent keeps one connection from its users for that, and no more.
    turn: Arc<Mutex<()>>,
    runtime: Handle,
}

impl PgStore {
    /// Opens the store: reaches the server, brings the tables up to date if asked to, and finds
    /// out how row-level security binds the login. Connections are driven on the runtime that
    /// this is called on, which must outlive the store.
    ///
    /// The URL's `sslmode` is `disable`, `prefer` (also where none is given: encrypted where the
    /// server offers it, nothing verified, plain otherwise), `require`, `verify-ca` or
    /// `verify-full`. Unlike libpq's, `require` verifies certificate and name as `verify-full`
    /// does; `verify-ca` leaves out the name, if `sslrootcert` names one's own authority.
    /// `sslrootcert=PATH` replaces the public authorities. `schema` names the tables' schema;
    /// `connection_limit`, `pool_timeout` and `connect_timeout` hold where the options say
    /// nothing; with `pgbouncer=true` nothing rests in a connection between transactions.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn connect(url: &str, options: PgOptions) -> Result<Self, OpenError> {
        let connector = Connector::new(url, &options)?;
        let direct = match &options.direct_url {
            Some(direct_url) => Connector::new(direct_url.expose(), &options)?,
            None => connector.clone(),
        };
        if direct.schema() != connector.schema() {
            return Err(OpenError::InvalidUrl(
                "the URL for migrations names another schema".to_owned(),
            ));
        }
        if options.migrate {
            migrations::run(&direct).await?;
        } else {
            migrations::check(&direct).await?;
        }
        let client = connector.open_driven().await?;
        let row_security = row_security::establish(&client).await?;
        let runtime = connector.runtime().clone();
        let transaction_settings = connector.transaction_settings().map(Arc::from);
        let limits = connector.limits();
        Ok(Self {
            pool: PgPool::build(connector, limits)?,
            direct,
            opening: options.opening_limits(limits),
            options: Arc::new(options),
            transaction_settings,
            row_security,
            turn: Arc::default(),
            runtime,
        })
    }

    /// How row-level security binds this store's transactions.
    #[must_use]
    pub const fn row_security(&self) -> RowSecurity {
        self.row_security
    }

    /// The statements that bind an open transaction to a scope, as this store sends them: for
    /// services that read the same database over connections of their own with the same login.
    #[must_use]
    pub fn scope_statements(&self, scope: Scope) -> String {
        scope::binding(scope, self.row_security)
    }

    /// Closes the pool: idle connections at once, those in use when they come back.
    pub fn close(&self) {
        self.pool.close();
    }

    pub(crate) fn pool_figures(&self) -> PoolFigures {
        self.pool.figures()
    }

    pub(crate) fn options(&self) -> &PgOptions {
        &self.options
    }

    pub(crate) const fn direct(&self) -> &Connector {
        &self.direct
    }

    /// Whoever asks what the database is and holds waits here for its turn.
    pub(crate) const fn turn(&self) -> &Arc<Mutex<()>> {
        &self.turn
    }

    async fn open(&self, scope: Scope, mode: Mode) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let opening = scope::opening(scope, mode, self.row_security);
        Ok(Box::new(self.open_unit(opening).await?))
    }

    /// Opens a unit of work with the statements that begin its transaction, or says in time that
    /// the database is away.
    pub(crate) async fn open_unit(&self, opening: String) -> Result<PgUnitOfWork, StoreError> {
        tokio::time::timeout(self.opening.total, self.open_in_time(opening))
            .await
            .unwrap_or_else(|_| Err(silent()))
    }

    async fn open_in_time(&self, mut opening: String) -> Result<PgUnitOfWork, StoreError> {
        if let Some(settings) = &self.transaction_settings {
            opening.push_str("; ");
            opening.push_str(settings);
        }
        let first = self.open_once(&opening).await;
        let opened = match first {
            // A pooled connection may have ended unnoticed; nothing was done yet, so another
            // one may try.
            Err(OpenFailure::ConnectionLost(_)) => self.open_once(&opening).await,
            Ok(_) | Err(OpenFailure::Other(_)) => first,
        };
        opened.map_err(|failure| match failure {
            OpenFailure::ConnectionLost(error) | OpenFailure::Other(error) => error,
        })
    }

    async fn open_once(&self, opening: &str) -> Result<PgUnitOfWork, OpenFailure> {
        let connection = self.pool.get().await.map_err(OpenFailure::Other)?;
        let is_fresh = connection.is_fresh();
        let opening = Opening {
            statements: opening.to_owned(),
            patience: self.opening.answer,
            pool: self.pool.clone(),
        };
        let options = Arc::clone(&self.options);
        let mut unit = PgUnitOfWork::new(connection, opening, options, self.runtime.clone());
        // A transaction on a connection that was in use a moment ago begins with its first
        // statement, in one round trip. Of one that has rested it is seen first whether it lives.
        if is_fresh {
            return Ok(unit);
        }
        match unit.begin().await {
            Ok(()) => Ok(unit),
            Err(error) if unit.has_lost_connection() => Err(OpenFailure::ConnectionLost(error)),
            Err(error) => Err(OpenFailure::Other(error)),
        }
    }
}

/// Nobody answered in time.
fn silent() -> StoreError {
    StoreError::Unavailable("the database does not answer in time".to_owned())
}

/// Why a transaction was not begun.
enum OpenFailure {
    /// The connection had ended.
    ConnectionLost(StoreError),
    /// Anything else.
    Other(StoreError),
}

#[async_trait]
impl Store for PgStore {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.open(scope, Mode::Write).await
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.open(scope, Mode::Read).await
    }
}

impl std::fmt::Debug for PgStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgStore")
            .field("row_security", &self.row_security)
            .finish_non_exhaustive()
    }
}
