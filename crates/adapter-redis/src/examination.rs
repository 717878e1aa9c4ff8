//! Looks at a Redis server as an operator would, and writes nothing into it.

use std::sync::Arc;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{self, InfoDict};

use crate::connections;
use crate::open_error::OpenError;
use crate::server;
use crate::settings::RedisSettings;
use crate::trust::Trust;
use crate::url;

/// What a server is, as it was found. What it does not tell this user is None.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The version.
    pub version: Option<String>,
    /// `maxmemory-policy`: what it throws away when it is full.
    pub eviction: Option<String>,
    /// `maxmemory` in octets; 0 when there is no bound.
    pub most_octets: Option<u64>,
    /// How much of it is used, in octets.
    pub used_octets: Option<u64>,
    /// Whether anything outlives a restart.
    pub persistence: Option<Persistence>,
}

/// Whether anything outlives a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// All but the last moment: the append-only file.
    Log,
    /// What was there at the last snapshot.
    Snapshots,
    /// Nothing.
    None,
}

/// Looks at the server of the settings.
///
/// # Errors
/// [`OpenError`], where it cannot be reached or cannot be used.
pub async fn examine(settings: &RedisSettings) -> Result<Examination, OpenError> {
    let info = url::read(&settings.url, settings.root_certificates.as_deref())?;
    if url::is_encrypted(&info) {
        // Where another part of the program has chosen already, its choice stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let pool = connections::build(info, settings, &Arc::new(Trust::new()))?;
    let connecting = pool.get().await;
    let mut connection = connecting.map_err(|error| OpenError::connecting(&error))?;
    let connection = &mut connection.redis;
    server::check_kind(connection).await?;
    let about = section(connection, "server").await;
    let memory = section(connection, "memory").await;
    let kept = section(connection, "persistence").await;
    let value = |section: &Option<InfoDict>, name| section.as_ref()?.get::<String>(name);
    let number = |name| memory.as_ref()?.get::<u64>(name);
    let has_log = kept.as_ref().and_then(|kept| kept.get::<u8>("aof_enabled"));
    let persistence = match has_log {
        None => None,
        Some(1..) => Some(Persistence::Log),
        Some(0) => snapshots(connection).await,
    };
    Ok(Examination {
        version: value(&about, "redis_version"),
        eviction: value(&memory, "maxmemory_policy"),
        most_octets: number("maxmemory"),
        used_octets: number("used_memory"),
        persistence,
    })
}

async fn section(connection: &mut MultiplexedConnection, name: &str) -> Option<InfoDict> {
    let asked = redis::cmd("INFO").arg(name).query_async(connection).await;
    asked.ok()
}

/// Whether snapshots are made. Not every server lets its configuration be asked for.
async fn snapshots(connection: &mut MultiplexedConnection) -> Option<Persistence> {
    let mut question = redis::cmd("CONFIG");
    let asked = question
        .arg("GET")
        .arg("save")
        .query_async(connection)
        .await;
    let found: std::collections::HashMap<String, String> = asked.ok()?;
    Some(match found.get("save")?.trim() {
        "" => Persistence::None,
        _ => Persistence::Snapshots,
    })
}
