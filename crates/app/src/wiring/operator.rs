//! What an operator's commands stand on: the store and the cache beside any server that runs.

use std::num::NonZeroUsize;
use std::sync::Arc;

use kogents_adapter_crypto::{
    Argon2Hasher, HmacDigester, Keys, SystemClock, SystemIds, SystemRandom,
};
use kogents_domain::digest::Digester;
use kogents_domain::ids::IdGenerator;
use kogents_domain::store::Store;
use kogents_domain::time::Clock;
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{AccountCounts, CreateAdmin, SuspendPerson, UnlockPerson};
use kogents_usecases::session::{EndSessionsOfPerson, SessionGate};

use super::{cache, code_policy, open_store, setup};
use crate::config::{Cache, Config, StoreConfig};
use crate::failure::Failure;
use crate::keys;

/// The ports of an operator's commands. With a cache in the process, that of this command is empty,
/// and servers hear of what was done by notices; so they do where the cache cannot be reached.
pub(crate) struct Operator {
    store: Arc<dyn Store>,
    digester: Arc<dyn Digester>,
    gate: Arc<SessionGate>,
    counts: Arc<AccountCounts>,
}

impl Operator {
    /// Opens them.
    pub(crate) async fn open(config: &Config) -> Result<Self, Failure> {
        let store = Self::open_store(config).await?;
        let keys = keys::resolve_beside(&config.keys, &config.server.data_dir)?;
        let digester: Arc<dyn Digester> = Arc::new(HmacDigester::new(&Keys::derive(&keys)));
        let cache = match cache::open_unmeasured(&config.stores.cache, code_policy(config)).await {
            // Then no server vouches for anybody from it, and each hears of this by a notice.
            Err(Failure::Redis(error)) => {
                tracing::warn!(%error, "the cache cannot be told: servers hear of it from the database");
                cache::open_unmeasured(&Cache::InProcess, code_policy(config)).await?
            }
            opened => opened?,
        };
        Ok(Self {
            gate: Arc::new(SessionGate {
                states: cache.states,
            }),
            counts: Arc::new(AccountCounts {
                limiter: cache.limiter,
                pending: cache.pending,
                digester: digester.clone(),
            }),
            store,
            digester,
        })
    }

    /// The store alone.
    pub(crate) async fn open_store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
        let config = StoreConfig {
            stores: config.stores.clone(),
            data_dir: config.server.data_dir.clone(),
            log: config.log.clone(),
        };
        open_store(&config).await
    }

    pub(crate) fn create_admin(self, config: &Config) -> Result<CreateAdmin, Failure> {
        let hashes = NonZeroUsize::new(config.sizes.password_hash_concurrency);
        let hasher = Argon2Hasher::new(hashes.unwrap_or(NonZeroUsize::MIN));
        let hasher = Arc::new(hasher.map_err(|error| setup("password hashing", &error))?);
        Ok(CreateAdmin {
            store: self.store,
            strength: hasher.clone(),
            hasher,
            digester: self.digester,
            random: Arc::new(SystemRandom::default()),
            audit: audit(),
            ids: ids(),
            clock: clock(),
        })
    }

    pub(crate) fn suspend(self) -> SuspendPerson {
        SuspendPerson {
            store: self.store,
            gate: self.gate,
            audit: audit(),
            ids: ids(),
            clock: clock(),
        }
    }

    pub(crate) fn unlock(self) -> UnlockPerson {
        UnlockPerson {
            store: self.store,
            counts: self.counts,
            audit: audit(),
            ids: ids(),
            clock: clock(),
        }
    }

    pub(crate) fn end_sessions(self) -> EndSessionsOfPerson {
        EndSessionsOfPerson {
            store: self.store,
            gate: self.gate,
            audit: audit(),
            ids: ids(),
            clock: clock(),
        }
    }
}

/// The system's clock.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn ids() -> Arc<dyn IdGenerator> {
    Arc::new(SystemIds::new(clock()))
}

fn audit() -> Arc<AuditDesk> {
    Arc::new(AuditDesk { ids: ids() })
}
