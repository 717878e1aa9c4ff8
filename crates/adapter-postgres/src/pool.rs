//! The pool of connections.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, TimeoutType,
};
use diesel::ConnectionError;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::PoolableConnection as _;
use kogents_domain::health::PoolFigures;
use kogents_domain::store::StoreError;

use crate::connector::Connector;
use crate::error;
use crate::open_error::OpenError;
use crate::options::PoolLimits;

/// A connection that goes back to the pool when it is dropped, unless it is taken out.
pub(crate) type Pooled = Object<Connections>;

/// A connection, and when its server was last heard of on it.
pub(crate) struct PgConnection {
    pub(crate) client: AsyncPgConnection,
    heard_at: Instant,
}

/// For so long after an answer a connection is taken to live. Long enough for one that is in
/// steady use, too short for what is between server and database to forget one.
const FRESH: Duration = Duration::from_millis(500);

impl PgConnection {
    /// Notes that an answer has come.
    pub(crate) fn hear(&mut self) {
        self.heard_at = Instant::now();
    }

    /// Whether an answer came a moment ago.
    pub(crate) fn is_fresh(&self) -> bool {
        self.heard_at.elapsed() < FRESH
    }
}

/// Opens connections for the pool, and looks at those that come back.
pub(crate) struct Connections(Connector);

impl Manager for Connections {
    type Type = PgConnection;
    type Error = ConnectionError;

    async fn create(&self) -> Result<PgConnection, ConnectionError> {
        let client = self.0.open_pooled().await?;
        let heard_at = Instant::now();
        Ok(PgConnection { client, heard_at })
    }

    /// Asks the server nothing; a connection that is known to have ended is not given out.
    async fn recycle(
        &self,
        connection: &mut PgConnection,
        _: &Metrics,
    ) -> RecycleResult<ConnectionError> {
        if connection.client.is_broken() {
            return Err(RecycleError::message("the connection has ended"));
        }
        Ok(())
    }
}

/// The pool. Clones are the same one.
#[derive(Clone)]
pub(crate) struct PgPool {
    connections: Pool<Connections>,
    /// Waits for a connection that were in vain.
    timeouts: Arc<AtomicU64>,
    /// When those that waited were last closed for being silent.
    forgotten_at: Arc<Mutex<Option<Instant>>>,
}

/// How soon those that wait may be closed again: a server that is merely slow is not made slower by
/// connections that are all made anew.
const FORGETTING_PAUSE: Duration = Duration::from_secs(10);

impl PgPool {
    /// A pool that opens connections when they are first needed.
    pub(crate) fn build(connector: Connector, limits: PoolLimits) -> Result<Self, OpenError> {
        let connections = Pool::builder(Connections(connector))
            .max_size(usize::from(limits.max_connections))
            .wait_timeout(Some(limits.wait_timeout))
            .create_timeout(Some(limits.connect_timeout))
            .recycle_timeout(Some(limits.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| OpenError::Unreachable(error.to_string()))?;
        Ok(Self {
            connections,
            timeouts: Arc::default(),
            forgotten_at: Arc::default(),
        })
    }

    /// A connection, as soon as one is free.
    pub(crate) async fn get(&self) -> Result<Pooled, StoreError> {
        self.connections.get().await.map_err(|error| {
            if matches!(error, PoolError::Timeout(TimeoutType::Wait)) {
                self.timeouts.fetch_add(1, Ordering::Relaxed);
            }
            error::of_pool(&error)
        })
    }

    /// How many connections there are, and who waits for one.
    pub(crate) fn figures(&self) -> PoolFigures {
        let status = self.connections.status();
        PoolFigures {
            total: count(status.size),
            active: count(status.size.saturating_sub(status.available)),
            idle: count(status.available),
            waiting: count(status.waiting),
            max: count(status.max_size),
            timeouts_total: self.timeouts.load(Ordering::Relaxed),
        }
    }

    /// Closes the connections that wait since before a moment, unless that was done a moment ago;
    /// says how many.
    pub(crate) fn forget_idle(&self, since: Instant) -> usize {
        {
            let mut at = self
                .forgotten_at
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if at.is_some_and(|at| at.elapsed() < FORGETTING_PAUSE) {
                return 0;
            }
            *at = Some(Instant::now());
        }
        let forgotten = self
            .connections
            .retain(|_, metrics| metrics.created >= since);
        forgotten.removed.len()
    }

    /// Closes it: idle connections at once, those in use when they come back.
    pub(crate) fn close(&self) {
        self.connections.close();
    }
}

fn count(connections: usize) -> u32 {
    u32::try_from(connections).unwrap_or(u32::MAX)
}
