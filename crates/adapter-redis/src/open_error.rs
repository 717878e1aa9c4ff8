//! Why the cache could not be opened.

use deadpool::managed::PoolError;
use deadpool_redis::redis::{ErrorKind, RedisError};

use crate::failure;
use crate::url::UnusableUrl;

/// Why the cache could not be opened, in one line each for whoever starts the server. Neither the
/// URL nor the password is part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The URL cannot be read.
    #[error("the Redis URL is not usable: {0}")]
    UnusableUrl(#[from] UnusableUrl),
    /// Nobody answers, or nobody who can prove to be the server.
    #[error("Redis is not reachable: {0}")]
    Unreachable(String),
    /// The server does not know the user, or the password is wrong or missing.
    #[error("Redis refuses the login: {0}")]
    WrongCredentials(String),
    /// The server is older than what is supported.
    #[error("the Redis server is version {found}; at least {least} is needed")]
    TooOld {
        /// What the server says it is.
        found: String,
        /// The least version.
        least: &'static str,
    },
    /// The server runs in a way that is not supported.
    #[error("the Redis server cannot be used: {0}")]
    Unsuitable(&'static str),
    /// The server lacks commands that are needed, or does not permit them to this user.
    #[error("the Redis server lacks what is needed, or does not permit it: {0}")]
    Lacks(String),
}

impl OpenError {
    /// What went wrong while the first connection was opened.
    pub(crate) fn connecting(error: &PoolError<RedisError>) -> Self {
        match error {
            PoolError::Backend(error) => Self::asking(error),
            other @ (PoolError::Timeout(_)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(_)) => Self::Unreachable(failure::told_of_pool(other)),
        }
    }

    /// What went wrong while the server was asked what it is and does.
    pub(crate) fn asking(error: &RedisError) -> Self {
        let reason = failure::told(error);
        if matches!(error.kind(), ErrorKind::RESP3NotSupported) {
            return Self::TooOld {
                found: "5 or older".to_owned(),
                least: crate::server::LEAST_VERSION,
            };
        }
        if matches!(error.kind(), ErrorKind::AuthenticationFailed) {
            return Self::WrongCredentials(reason);
        }
        match error.code() {
            Some("WRONGPASS" | "NOAUTH") => Self::WrongCredentials(reason),
            Some("LOADING" | "MASTERDOWN" | "BUSY" | "TRYAGAIN") | None => {
                Self::Unreachable(reason)
            }
            Some("READONLY") => Self::Unsuitable("it is a read-only replica"),
            // A password for a user that has none is refused by an ordinary error.
            Some(_) if reason.contains("without any password configured") => {
                Self::WrongCredentials(reason)
            }
            Some(_) => Self::Lacks(reason),
        }
    }
}
