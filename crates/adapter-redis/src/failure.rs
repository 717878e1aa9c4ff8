//! Why a step failed, and what callers are told of it.

use std::error::Error as _;

use deadpool::managed::{PoolError, TimeoutType};
use deadpool_redis::redis::{ErrorKind, ParsingError, RedisError};
use kogents_domain::cache::CacheError;

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server has no memory left for what was to be written.
    Full,
    /// Anything else. The text is for the log.
    Away(String),
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        let told = told(&error);
        // Older servers wrap the code of what failed inside a script.
        if error.code() == Some("OOM") || told.contains("OOM command not allowed") {
            Self::Full
        } else {
            Self::Away(told)
        }
    }
}

impl From<PoolError<RedisError>> for Failure {
    fn from(error: PoolError<RedisError>) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            other @ (PoolError::Timeout(_)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(_)) => Self::Away(told_of_pool(&other)),
        }
    }
}

impl From<Failure> for CacheError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Full => Self::Full,
            Failure::Away(told) => Self::Unavailable(told),
        }
    }
}

/// An answer that no script of ours gives.
pub(crate) fn unexpected(error: &ParsingError) -> CacheError {
    CacheError::Unavailable(format!("an unexpected answer: {error}"))
}

/// What an error says, with its cause. What a server repeats of a command it does not know is left
/// out: the one that opens a connection carries the password.
pub(crate) fn told(error: &RedisError) -> String {
    if error.kind() == ErrorKind::Parse {
        return "what answers does not speak as a Redis server does".to_owned();
    }
    let mut text = match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => error.to_string(),
    };
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if error.code().is_none() && !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    if let Some(at) = text.find("with args beginning with") {
        text.truncate(at);
        text.truncate(text.trim_end_matches([' ', ',']).len());
    }
    text
}

/// What an error of the pool itself says.
pub(crate) fn told_of_pool(error: &PoolError<RedisError>) -> String {
    match error {
        PoolError::Timeout(TimeoutType::Wait) => "no connection became free in time".to_owned(),
        PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => {
            "no connection was made in time".to_owned()
        }
        PoolError::Backend(error) => told(error),
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            error.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use deadpool_redis::redis::{ServerErrorKind, Value, parse_redis_value};

    use super::*;

    /// What the server's line becomes.
    fn answered(line: &str) -> RedisError {
        match parse_redis_value(format!("-{line}\r\n").as_bytes()) {
            Ok(Value::ServerError(error)) => error.into(),
            Ok(other) => panic!("not an error: {other:?}"),
            Err(error) => error,
        }
    }

    #[test]
    fn a_full_server_is_told_apart() {
        for line in [
            "OOM command not allowed when used memory > 'maxmemory'.",
            "OOM command not allowed when used memory > 'maxmemory'. script: abc, on @user_script:3.",
            "ERR Error running script (call to f_abc): @user_script:3: @user_script: 3: -OOM \
             command not allowed when used memory > 'maxmemory'.",
        ] {
            assert_eq!(Failure::from(answered(line)), Failure::Full, "{line}");
        }
        for line in [
            "READONLY You can't write against a read only replica.",
            "LOADING Redis is loading the dataset in memory",
            "NOPERM User ada has no permissions to run the 'evalsha' command",
            "ERR something",
        ] {
            let failure = Failure::from(answered(line));
            assert_eq!(failure, Failure::Away(line.to_owned()));
        }
    }

    #[test]
    fn s5_a_repeated_password_is_left_out() {
        let line = "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' \
                    'hunter2' ";
        assert_eq!(told(&answered(line)), "ERR unknown command 'HELLO'");
    }

    #[test]
    fn a_failure_without_a_server_says_why() {
        let error = RedisError::from(std::io::Error::other("cable cut"));
        assert_eq!(told(&error), "cable cut");
        let kind = ServerErrorKind::BusyLoading;
        let error = RedisError::from((kind.into(), "loading"));
        assert!(!told(&error).is_empty());
    }
}
