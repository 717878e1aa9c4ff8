//! How the server is.

pub(crate) mod check_health;
pub(crate) mod live;
pub(crate) mod ready;
