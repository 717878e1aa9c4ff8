//! Asks a server at the start what it is and whether it does what is needed.

use std::collections::HashMap;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{self, InfoDict, Value};

use crate::link::Link;
use crate::open_error::OpenError;

/// The least version that is supported.
pub(crate) const LEAST_VERSION: &str = "6.2";
const LEAST: (u32, u32) = (6, 2);

/// Checks a server, and loads the scripts into it.
pub(crate) async fn check(
    link: &Link,
    connection: &mut MultiplexedConnection,
) -> Result<(), OpenError> {
    check_kind(connection).await?;
    let asking = |error: redis::RedisError| OpenError::asking(&error);
    for script in link.scripts.all() {
        script.load_async(connection).await.map_err(asking)?;
    }
    let hash = link.scripts.try_commands.get_hash();
    let mut trial = link.scripts.try_commands.prepare_invoke();
    trial
        .key(link.keys.trial(hash))
        .key(link.keys.trial(&format!("{hash}:2")));
    trial.invoke_async::<()>(connection).await.map_err(asking)?;
    warn_of_eviction(connection).await;
    Ok(())
}

/// What the server says of itself.
pub(crate) async fn check_kind(connection: &mut MultiplexedConnection) -> Result<(), OpenError> {
    let said: HashMap<String, Value> = redis::cmd("HELLO")
        .query_async(connection)
        .await
        .map_err(|error| OpenError::asking(&error))?;
    let text = |name: &str| -> String {
        said.get(name)
            .and_then(|value| redis::from_redis_value_ref(value).ok())
            .unwrap_or_default()
    };
    judge(&text("version"), &text("mode"), &text("role"))
}

fn judge(version: &str, mode: &str, role: &str) -> Result<(), OpenError> {
    if parsed(version).is_some_and(|found| found < LEAST) {
        return Err(OpenError::TooOld {
            found: version.to_owned(),
            least: LEAST_VERSION,
        });
    }
    match (mode, role) {
        ("cluster", _) => Err(OpenError::Unsuitable(
            "it is part of a cluster, and a single server (with replicas, if you like) is needed",
        )),
        ("sentinel", _) => Err(OpenError::Unsuitable(
            "it is a sentinel, not the server that it watches over",
        )),
        (_, "replica" | "slave") => Err(OpenError::Unsuitable("it is a read-only replica")),
        _ => Ok(()),
    }
}

/// The first two numbers of a version. One that cannot be read is judged by the trial alone.
fn parsed(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// A server that throws entries away early forgets guesses that have to be counted. Not every
/// user may ask for it.
async fn warn_of_eviction(connection: &mut MultiplexedConnection) {
    let memory: Result<InfoDict, _> = redis::cmd("INFO")
        .arg("memory")
        .query_async(connection)
        .await;
    let Ok(memory) = memory else { return };
    let policy: Option<String> = memory.get("maxmemory_policy");
    if let Some(policy) = policy.filter(|policy| policy != "noeviction") {
        tracing::warn!(
            %policy,
            "the Redis server's maxmemory-policy is not noeviction: when it is full it may forget \
             counts of wrong guesses"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_servers_are_refused() {
        for found in ["6.0.16", "5.0.14", "2.8.0"] {
            let refused = judge(found, "standalone", "master").unwrap_err();
            assert_eq!(
                refused.to_string(),
                format!("the Redis server is version {found}; at least 6.2 is needed")
            );
        }
        for good in [
            "6.2.0", "7.0.15", "7.2.4", "8.1.1", "10.0.0", "unstable", "",
        ] {
            assert_eq!(judge(good, "standalone", "master"), Ok(()), "{good}");
        }
    }

    #[test]
    fn only_a_single_server_that_can_be_written_will_do() {
        for (mode, role) in [
            ("cluster", "master"),
            ("sentinel", ""),
            ("standalone", "replica"),
            ("standalone", "slave"),
        ] {
            let refused = judge("7.0.0", mode, role);
            assert!(matches!(refused, Err(OpenError::Unsuitable(_))), "{mode}");
        }
    }
}
