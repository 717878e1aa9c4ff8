//! Holds that only one server runs, where its cache lives inside the process: two would not hear
//! of each other's sessions ending.
//!
//! The claim is an advisory lock of a session, on a connection of its own past any pooler. It
//! cannot be left behind: the server frees it when the connection ends, however the process does.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::connector::Connector;
use crate::open_error::{OpenError, told};
use crate::store::PgStore;

/// Names the lock, together with the schema: servers on other schemas share no tables.
const TRY_LOCK: &str = "SELECT pg_try_advisory_lock(1802463077, hashtext(current_schema()::text))";
/// How often the claim's connection is looked after, and how soon a lost one is opened again.
const BEAT: Duration = Duration::from_secs(1);
/// The longest that a server which is just going is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether it is gone.
const GLANCE: Duration = Duration::from_millis(100);

/// Why the claim was not had.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Another server holds it.
    #[error("another server is running on this database")]
    AlreadyRunning,
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] OpenError),
}

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The lock is held.
    Held,
    /// The connection was lost and is being opened again.
    Interrupted,
    /// Another server took the lock in between.
    Taken,
}

/// The claim to be the only server on a database. Dropping it gives it back.
#[derive(Debug)]
pub struct SingleInstance {
    standing: watch::Receiver<Standing>,
    keeper: JoinHandle<()>,
}

impl SingleInstance {
    /// Whether the lock is held at this moment. It is not while the database is away.
    #[must_use]
    pub fn is_held(&self) -> bool {
        *self.standing.borrow() == Standing::Held
    }

    /// Waits until another server has taken the claim, while the database was away: then this one
    /// is no longer the only one and should stop. Most servers wait for ever.
    pub async fn taken_by_another(&self) {
        let mut standing = self.standing.clone();
        if standing
            .wait_for(|now| *now == Standing::Taken)
            .await
            .is_err()
        {
            // The keeper went with its runtime; nobody took anything.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for SingleInstance {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl PgStore {
    /// Claims to be the only server on this database. A connection that is lost is opened again
    /// and the claim with it.
    ///
    /// # Errors
    /// [`ClaimError::AlreadyRunning`] when another server still holds it after two seconds.
    pub async fn claim_single_instance(&self) -> Result<SingleInstance, ClaimError> {
        let connector = self.direct().clone();
        let client = connector.open_driven().await?;
        prepare(&client).await?;
        // A server that was stopped a moment ago may not be gone yet.
        let deadline = Instant::now() + PATIENCE;
        while !try_lock(&client).await? {
            if Instant::now() >= deadline {
                return Err(ClaimError::AlreadyRunning);
            }
            tokio::time::sleep(GLANCE).await;
        }
        let (tell, standing) = watch::channel(Standing::Held);
        let runtime = connector.runtime().clone();
        let keeper = runtime.spawn(keep(connector, client, tell));
        Ok(SingleInstance { standing, keeper })
    }
}

/// Keeps the claim until another server has it.
async fn keep(connector: Connector, mut client: Client, tell: watch::Sender<Standing>) {
    loop {
        while beats(&connector, &client).await {
            tokio::time::sleep(BEAT).await;
        }
        tell.send_replace(Standing::Interrupted);
        tracing::warn!("the claim to be the only server is interrupted; claiming again");
        let (again, held) = reclaim(&connector).await;
        if !held {
            tell.send_replace(Standing::Taken);
            tracing::error!("another server is running on this database");
            return;
        }
        client = again;
        tell.send_replace(Standing::Held);
        tracing::info!("the claim to be the only server holds again");
    }
}

/// Whether the connection still lives.
async fn beats(connector: &Connector, client: &Client) -> bool {
    if client.is_closed() {
        return false;
    }
    let limit = connector.limits().connect_timeout;
    tokio::time::timeout(limit, client.batch_execute("SELECT 1"))
        .await
        .is_ok_and(|answer| answer.is_ok())
}

/// Opens the connection again, however long the database is away, and says whether the lock was
/// to be had. The lost connection may not have ended on the server yet.
async fn reclaim(connector: &Connector) -> (Client, bool) {
    loop {
        match open_and_lock(connector).await {
            Ok(done) => return done,
            Err(error) => tracing::debug!(%error, "the claim is not back yet"),
        }
        tokio::time::sleep(BEAT).await;
    }
}

async fn open_and_lock(connector: &Connector) -> Result<(Client, bool), OpenError> {
    let client = connector.open_driven().await?;
    prepare(&client).await?;
    let deadline = Instant::now() + PATIENCE_FOR_ITSELF;
    loop {
        if try_lock(&client).await? {
            return Ok((client, true));
        }
        if Instant::now() >= deadline {
            return Ok((client, false));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// The longest that the server is waited for to notice that the lost connection has ended. It
/// looks after its side by [`prepare`]'s settings, which add up to less.
const PATIENCE_FOR_ITSELF: Duration = Duration::from_secs(20);

/// Has the server notice within a quarter of a minute that this process is cut off. Over a
/// socket of the same machine these settings say nothing, and need not.
async fn prepare(client: &Client) -> Result<(), OpenError> {
    client
        .batch_execute(
            "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 3; \
             SET tcp_keepalives_count = 3; SET idle_session_timeout = 0",
        )
        .await
        .map_err(|error| OpenError::Unreachable(told(&error)))
}

/// Takes the lock for as long as the connection lives, if it is to be had.
pub(crate) async fn try_lock(client: &Client) -> Result<bool, OpenError> {
    client
        .query_one(TRY_LOCK, &[])
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|error| OpenError::Unreachable(told(&error)))
}
