//! How the server is.

pub(crate) mod check_health;
pub(crate) mod inspect_database;
pub(crate) mod live;
pub(crate) mod read_database_performance;
pub(crate) mod read_database_pool;
pub(crate) mod ready;
