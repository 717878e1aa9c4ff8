//! What a server would run with: its configuration, its secrets, and its stores opened as it does.

use std::path::Path;
use std::sync::Arc;

use kogents::config::{Cache, Config, Database, Redis, Source};
use kogents_adapter_crypto::KeyMaterial;
use kogents_adapter_memory::{MemoryRateLimiter, MemorySessionStates};
use kogents_adapter_postgres::{PgOptions, PgStore};
use kogents_adapter_redis::{RedisCache, RedisSettings};
use kogents_adapter_sqlite::{SqliteOptions, SqliteStore};
use kogents_domain::secret::SecretText;
use kogents_domain::session::SessionStates;
use kogents_domain::store::Store;

use crate::failure::Failure;

/// How much a server keeps in its own process, where there is no Redis.
const KEPT: usize = 100_000;

/// The server's name for its database in the folder that holds what it keeps.
const DATABASE: &str = "kogents.db";

/// The configuration of a server in this environment.
pub(crate) struct Environment {
    pub(crate) config: Config,
}

impl Environment {
    /// Reads it as the server does.
    pub(crate) fn read() -> Result<Self, Failure> {
        let config = Config::read(&Source::system(Path::new(".")))?;
        Ok(Self { config })
    }

    /// The secrets. They have to be given: what a server has generated is its own.
    pub(crate) fn secrets(&self) -> Result<KeyMaterial, Failure> {
        let keys = &self.config.keys;
        let given = |name: &str, key: &Option<SecretText>| {
            key.clone().ok_or_else(|| {
                Failure::from(format!("{name} must be set, as it is for the server"))
            })
        };
        Ok(KeyMaterial {
            encryption_key: given("REDIS_ENCRYPTION_KEY", &keys.encryption_key)?,
            encryption_salt: given("REDIS_ENCRYPTION_SALT", &keys.encryption_salt)?,
            previous_encryption_key: keys.encryption_key_previous.clone(),
            secret_key: keys.secret_key.clone(),
            jwt_secret: given("JWT_SECRET", &keys.jwt)?,
            jwt_secret_previous: keys.jwt_previous.clone(),
            jwt_refresh_secret: given("JWT_REFRESH_SECRET", &keys.jwt_refresh)?,
            jwt_refresh_secret_previous: keys.jwt_refresh_previous.clone(),
        })
    }

    /// Whose tokens these are: `PUBLIC_URL`, or in development this computer.
    pub(crate) fn issuer(&self) -> String {
        let server = &self.config.server;
        server.public_url.as_ref().map_or_else(
            || format!("http://localhost:{}", server.port),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        )
    }

    /// The database, which a server has migrated; with as many connections as a server has.
    pub(crate) async fn open_store(&self) -> Result<Arc<dyn Store>, Failure> {
        match &self.config.stores.database {
            Database::Postgres(postgres) => {
                let options = PgOptions {
                    migrate: false,
                    direct_url: postgres.direct_url.clone(),
                    max_connections: postgres.max_connections,
                    ..PgOptions::default()
                };
                Ok(Arc::new(
                    PgStore::connect(postgres.url.expose(), options).await?,
                ))
            }
            Database::Sqlite { path } => {
                let in_folder = || self.config.server.data_dir.join(DATABASE);
                let path = path.clone().unwrap_or_else(in_folder);
                if !path.exists() {
                    let told = format!("there is no database at {}", path.display());
                    return Err(told.into());
                }
                let options = SqliteOptions {
                    migrate: false,
                    ..SqliteOptions::default()
                };
                let opening = move || SqliteStore::open_with(&path, options);
                let store = tokio::task::spawn_blocking(opening).await??;
                if store.migration_state().pending > 0 {
                    return Err("the database is not migrated: start a server on it once".into());
                }
                Ok(Arc::new(store))
            }
        }
    }

    /// What is known of sessions: in Redis under names of its own, so that nothing made up here is
    /// ever a server's; or in this process.
    pub(crate) async fn open_states(&self) -> Result<Arc<dyn SessionStates>, Failure> {
        match &self.config.stores.cache {
            Cache::Redis(redis) => {
                let cache = RedisCache::connect(beside(redis)).await?;
                Ok(Arc::new(cache.session_states()))
            }
            Cache::InProcess => Ok(Arc::new(MemorySessionStates::new(
                KEPT,
                MemoryRateLimiter::new(KEPT),
            ))),
        }
    }
}

/// Settings as a server's, but for the names.
fn beside(redis: &Redis) -> RedisSettings {
    RedisSettings {
        prefix: format!("{}bare:", redis.prefix),
        ..RedisSettings::new(redis.url.clone())
    }
}
