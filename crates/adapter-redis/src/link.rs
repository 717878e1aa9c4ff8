//! Runs steps on the cache, and takes it for away when one fails.

use std::sync::Arc;

use deadpool::managed::Pool;
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{self, FromRedisValue, ScriptInvocation};
use kogents_domain::cache::CacheError;
use kogents_domain::session::SessionSnapshot;
use kogents_domain::time::{Span, Timestamp};

use crate::connections::Connections;
use crate::failure::Failure;
use crate::keys::Keys;
use crate::scripts::Scripts;
use crate::trust::{Doubt, Trust};

/// How much longer than it promises the server keeps anything, so that its clock, which need not
/// be ours, ends nothing early.
pub(crate) const SLACK: Span = Span::from_secs(10);

/// The way to the cache.
pub(crate) struct Link {
    pub(crate) pool: Pool<Connections>,
    pub(crate) trust: Arc<Trust>,
    pub(crate) scripts: Scripts,
    pub(crate) keys: Keys,
}

/// An answer, and the generation that it was given in.
pub(crate) struct Given<T> {
    pub(crate) answer: T,
    generation: u64,
}

impl Link {
    /// Runs a step.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        step: &ScriptInvocation<'_>,
    ) -> Result<T, CacheError> {
        self.ask(step).await.map(|given| given.answer)
    }

    /// Runs a step; what it says may have to be [believed](Self::is_believed) still.
    pub(crate) async fn ask<T: FromRedisValue>(
        &self,
        step: &ScriptInvocation<'_>,
    ) -> Result<Given<T>, CacheError> {
        let generation = self.generation()?;
        let asking = async {
            let mut redis = self.connection().await?;
            Ok(step.invoke_async(&mut redis).await?)
        };
        let answer = self.noting(generation, asking.await)?;
        Ok(Given { answer, generation })
    }

    /// Asks whether anybody is there.
    pub(crate) async fn ping(&self) -> Result<(), CacheError> {
        self.command(&redis::cmd("PING")).await
    }

    /// Runs a command of the server's own, which changes nothing.
    pub(crate) async fn command<T: FromRedisValue>(
        &self,
        command: &redis::Cmd,
    ) -> Result<T, CacheError> {
        let generation = self.generation()?;
        let asking = async {
            let mut redis = self.connection().await?;
            Ok(command.query_async(&mut redis).await?)
        };
        self.noting(generation, asking.await)
    }

    /// Removes whatever rests under names of a pattern, after going through all names there are, a
    /// thousand at a time.
    pub(crate) async fn remove_named(&self, pattern: &str) -> Result<(), CacheError> {
        let generation = self.generation()?;
        let removing = async {
            let mut connection = self.pool.get().await?;
            let mut cursor: u64 = 0;
            loop {
                let mut scan = redis::cmd("SCAN");
                scan.arg(cursor)
                    .arg("MATCH")
                    .arg(pattern)
                    .arg("COUNT")
                    .arg(1_000);
                let (next, names): (u64, Vec<String>) =
                    scan.query_async(&mut connection.redis).await?;
                if !names.is_empty() {
                    let mut remove = redis::cmd("DEL");
                    remove.arg(names);
                    remove.query_async::<()>(&mut connection.redis).await?;
                }
                if next == 0 {
                    return Ok(());
                }
                cursor = next;
            }
        };
        self.noting(generation, removing.await)
    }

    /// Whether nothing was lost since the answer was asked for: if something was, it may be from
    /// before a change that the cache could not be told of.
    pub(crate) fn is_believed<T>(&self, given: &Given<T>) -> bool {
        self.trust.believed() == Some(given.generation)
    }

    /// A fence could not be set.
    pub(crate) fn distrust(&self, until: Timestamp) {
        self.trust.distrust(until, "a fence could not be set");
    }

    /// Voids every snapshot by raising the epoch.
    pub(crate) async fn raise_epoch(&self, until: Option<Timestamp>) -> Result<(), Failure> {
        let mut connection = self.pool.get().await?;
        self.raising(until)
            .invoke_async::<()>(&mut connection.redis)
            .await?;
        Ok(())
    }

    /// Tells the cache what it has missed. Whether that was all.
    pub(crate) async fn regain(&self, doubt: Doubt) -> Result<bool, Failure> {
        self.raise_epoch(doubt.distrust_until).await?;
        Ok(self.trust.regain(doubt))
    }

    fn raising(&self, until: Option<Timestamp>) -> ScriptInvocation<'_> {
        let until = until.map_or(0, Timestamp::as_millis);
        let mut step = self.scripts.raise_epoch.prepare_invoke();
        step.key(self.keys.epoch())
            .key(self.keys.distrust())
            .arg(until)
            .arg(lifetime(SessionSnapshot::FENCE));
        step
    }

    /// A connection from the pool, shared: steps that are asked at the same time go over one in one
    /// piece, and their answers come back in one. So nobody waits for a free connection, and a busy
    /// cache reads and writes less often.
    async fn connection(&self) -> Result<MultiplexedConnection, Failure> {
        let lent = self.pool.get().await?;
        Ok(lent.redis.clone())
    }

    fn generation(&self) -> Result<u64, CacheError> {
        self.trust.believed().ok_or_else(|| {
            CacheError::Unavailable("it failed, and has not come back yet".to_owned())
        })
    }

    fn noting<T>(&self, generation: u64, result: Result<T, Failure>) -> Result<T, CacheError> {
        result.map_err(|failure| {
            if let Failure::Away(cause) = &failure {
                self.trust.lose(generation, cause);
            }
            failure.into()
        })
    }
}

/// How many milliseconds the server keeps what is promised for so long.
pub(crate) const fn lifetime(promised: Span) -> i64 {
    promised.as_millis().saturating_add(SLACK.as_millis())
}
