//! Reads the answers of scripts: a word, then values.

use std::vec::IntoIter;

use deadpool_redis::redis::{FromRedisValue, Value, from_redis_value};
use kogents_domain::cache::CacheError;
use kogents_domain::time::Timestamp;

use crate::failure;

/// What a script said after its first word.
pub(crate) struct Answer(IntoIter<Value>);

impl Answer {
    /// All that a script said, where it begins with no word.
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The first word, and the rest.
    pub(crate) fn read(values: Vec<Value>) -> Result<(String, Self), CacheError> {
        let mut rest = Self::new(values);
        let word = rest.take()?;
        Ok((word, rest))
    }

    /// All that is left.
    pub(crate) fn take_all<T: FromRedisValue>(self) -> Result<Vec<T>, CacheError> {
        self.0
            .map(|value| from_redis_value(value).map_err(|error| failure::unexpected(&error)))
            .collect()
    }

    /// The next value.
    pub(crate) fn take<T: FromRedisValue>(&mut self) -> Result<T, CacheError> {
        let value = self.0.next().unwrap_or(Value::Nil);
        from_redis_value(value).map_err(|error| failure::unexpected(&error))
    }

    /// The next value, a moment.
    pub(crate) fn take_moment(&mut self) -> Result<Timestamp, CacheError> {
        self.take().map(Timestamp::from_millis)
    }
}

/// A word that no script says.
pub(crate) fn unknown(word: &str) -> CacheError {
    CacheError::Unavailable(format!("an unexpected answer: {word}"))
}
