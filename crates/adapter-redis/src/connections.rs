//! The pool of connections.

use std::sync::Arc;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Pool, QueueMode, RecycleError, RecycleResult};
use deadpool_redis::Manager;
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{
    AsyncConnectionConfig, ConnectionInfo, ErrorKind, PushInfo, PushKind, RedisError,
};
use tokio::runtime::Handle;

use crate::open_error::OpenError;
use crate::settings::RedisSettings;
use crate::trust::Trust;

/// Makes connections.
///
/// Recycling asks the server nothing, so that a step is one round trip; a connection that was made
/// before the last loss is not given out again.
pub(crate) struct Connections {
    manager: Arc<Manager>,
    trust: Arc<Trust>,
    /// Where connections are driven: on the runtime that opened the cache, whichever thread asks,
    /// because a connection dies with the runtime that drives it.
    runtime: Handle,
}

/// A connection.
pub(crate) struct Connection {
    pub(crate) redis: MultiplexedConnection,
    generation: u64,
}

/// A pool that opens connections when they are first needed, on the runtime of its maker.
pub(crate) fn build(
    info: ConnectionInfo,
    settings: &RedisSettings,
    trust: &Arc<Trust>,
) -> Result<Pool<Connections>, OpenError> {
    let watched = Arc::clone(trust);
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(settings.connect_timeout))
        .set_response_timeout(Some(settings.response_timeout))
        .set_push_sender(move |push: PushInfo| {
            if push.kind == PushKind::Disconnection {
                watched.lose_now("a connection has ended");
            }
            Ok::<(), std::convert::Infallible>(())
        });
    let manager = Manager::new_with_config(info, config)
        .map_err(|error| OpenError::Unreachable(crate::failure::told(&error)))?;
    let connections = Connections {
        manager: Arc::new(manager),
        trust: Arc::clone(trust),
        runtime: Handle::current(),
    };
    Pool::builder(connections)
        .max_size(usize::from(settings.max_connections.max(1)))
        // The one that was shared last is shared next, however many a burst has opened.
        .queue_mode(QueueMode::Lifo)
        .wait_timeout(Some(settings.wait_timeout))
        .create_timeout(Some(settings.connect_timeout))
        .recycle_timeout(Some(settings.connect_timeout))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| OpenError::Unreachable(error.to_string()))
}

impl managed::Manager for Connections {
    type Type = Connection;
    type Error = RedisError;

    async fn create(&self) -> Result<Connection, RedisError> {
        let generation = self.trust.generation();
        let manager = Arc::clone(&self.manager);
        let opening = self
            .runtime
            .spawn(async move { managed::Manager::create(&*manager).await });
        let redis = opening.await.map_err(|_| {
            RedisError::from((
                ErrorKind::Io,
                "the runtime that opens connections has ended",
            ))
        })??;
        Ok(Connection { redis, generation })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<RedisError> {
        if connection.generation == self.trust.generation() {
            Ok(())
        } else {
            Err(RecycleError::message("made before the last loss"))
        }
    }
}
