//! The entries of a Redis: read whole, written into another.

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Client, cmd};

use super::release::{Entry, Release};
use crate::support::Backend;

async fn connect(backend: &Backend) -> (MultiplexedConnection, String) {
    let client = Client::open(backend.setting("REDIS_URL")).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    (connection, backend.setting("REDIS_PREFIX").to_owned())
}

/// Every entry of a backend's.
pub(super) async fn read(backend: &Backend) -> Vec<Entry> {
    let (mut redis, prefix) = connect(backend).await;
    let all = format!("{prefix}*");
    let mut keys: Vec<String> = cmd("KEYS").arg(all).query_async(&mut redis).await.unwrap();
    keys.sort();
    let mut entries = Vec::new();
    for key in keys {
        let dump: Vec<u8> = cmd("DUMP").arg(&key).query_async(&mut redis).await.unwrap();
        let ttl_millis = cmd("PTTL").arg(&key).query_async(&mut redis).await.unwrap();
        entries.push(Entry {
            key: key.strip_prefix(&prefix).unwrap().to_owned(),
            ttl_millis,
            dump: dump.iter().map(|byte| format!("{byte:02x}")).collect(),
        });
    }
    entries
}

/// Puts the entries of a release into the cache of a backend; gives how many.
pub(super) async fn write(backend: &Backend, release: &Release) -> usize {
    let (mut redis, prefix) = connect(backend).await;
    for entry in &release.entries {
        let byte = |at: usize| u8::from_str_radix(&entry.dump[at..at + 2], 16).unwrap();
        let dump: Vec<u8> = (0..entry.dump.len()).step_by(2).map(byte).collect();
        let restored: String = cmd("RESTORE")
            .arg(format!("{prefix}{}", entry.key))
            .arg(entry.ttl_millis.max(0))
            .arg(dump)
            .query_async(&mut redis)
            .await
            .unwrap();
        assert_eq!(restored, "OK");
    }
    release.entries.len()
}
