//! The pool of connections.

use deadpool::Runtime;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};

use crate::connector::Connector;
use crate::open_error::OpenError;
use crate::options::PoolLimits;

/// The pool.
pub(crate) type PgPool = Pool<AsyncPgConnection>;
/// A connection that goes back to the pool when it is dropped, unless it is taken out.
pub(crate) type Pooled = Object<AsyncPgConnection>;

/// A pool that opens connections when they are first needed.
///
/// Recycling asks the server nothing; a connection that is known to have ended is not given out.
pub(crate) fn build(connector: Connector, limits: PoolLimits) -> Result<PgPool, OpenError> {
    let mut config = ManagerConfig::<AsyncPgConnection>::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let connector = connector.clone();
        Box::pin(async move { connector.open_pooled().await })
    });
    // The connector knows the address; the manager keeps no URL, and so no password.
    let manager = AsyncDieselConnectionManager::new_with_config("", config);
    Pool::builder(manager)
        .max_size(usize::from(limits.max_connections))
        .wait_timeout(Some(limits.wait_timeout))
        .create_timeout(Some(limits.connect_timeout))
        .recycle_timeout(Some(limits.connect_timeout))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| OpenError::Unreachable(error.to_string()))
}
