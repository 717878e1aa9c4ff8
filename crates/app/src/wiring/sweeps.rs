//! What is swept: by servers again and again, by a command once.

use std::sync::Arc;

use kogents_adapter_crypto::SystemIds;
use kogents_domain::ids::IdGenerator;
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span};
use kogents_usecases::audit::{AuditDesk, SweepAudit};
use kogents_usecases::auth::{SweepNotices, SweepTokens};
use kogents_usecases::mail::SweepOutbox;
use kogents_usecases::session::{
    ActivityBook, DropDevices, DropSessions, MakePartitions, MinimiseSessions, SweepSessions,
    UpkeepLease,
};
use kogents_usecases::workspace::SweepInvitations;

use super::{Operator, cache, clock, code_policy};
use crate::config::Config;
use crate::failure::Failure;

/// The sweeps, and the lease that one process at a time has.
pub(crate) struct Sweeps {
    pub(crate) lease: Arc<UpkeepLease>,
    pub(crate) outbox: Arc<SweepOutbox>,
    pub(crate) tokens: Arc<SweepTokens>,
    pub(crate) invitations: Arc<SweepInvitations>,
    pub(crate) notices: Arc<SweepNotices>,
    pub(crate) partitions: Arc<MakePartitions>,
    pub(crate) sessions: Arc<SweepSessions>,
    pub(crate) minimise: Arc<MinimiseSessions>,
    pub(crate) drop_old: Arc<DropSessions>,
    pub(crate) drop_devices: Arc<DropDevices>,
    pub(crate) audit: Arc<SweepAudit>,
}

/// The ports that sweeps need.
pub(super) struct SweptPorts {
    pub(super) store: Arc<dyn Store>,
    pub(super) book: Arc<ActivityBook>,
    pub(super) ids: Arc<dyn IdGenerator>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Sweeps {
    /// Opens store and cache beside any server that runs. What servers with a cache of their own
    /// know of sessions is in the database before a session is taken for idle.
    pub(crate) async fn open(config: &Config) -> Result<Self, Failure> {
        let store = Operator::open_store(config).await?;
        let cache = cache::open_unmeasured(&config.stores.cache, code_policy(config)).await?;
        let book = ActivityBook {
            counters: cache.counters,
            local: cache.local_counters,
        };
        let ports = SweptPorts {
            store,
            book: Arc::new(book),
            ids: Arc::new(SystemIds::new(clock())),
            clock: clock(),
        };
        Ok(Self::of(config, ports))
    }

    /// Gives each its ports.
    pub(super) fn of(config: &Config, ports: SweptPorts) -> Self {
        let store = || ports.store.clone();
        let clock = || ports.clock.clone();
        Self {
            lease: Arc::new(UpkeepLease {
                store: store(),
                clock: clock(),
                holder: ports.ids.next(),
            }),
            outbox: Arc::new(SweepOutbox {
                store: store(),
                clock: clock(),
            }),
            tokens: Arc::new(SweepTokens {
                store: store(),
                clock: clock(),
            }),
            invitations: Arc::new(SweepInvitations {
                store: store(),
                clock: clock(),
            }),
            notices: Arc::new(SweepNotices {
                store: store(),
                clock: clock(),
            }),
            partitions: Arc::new(MakePartitions {
                store: store(),
                clock: clock(),
            }),
            sessions: Arc::new(SweepSessions {
                store: store(),
                book: ports.book,
                session_idle: config.lifetimes.session_idle,
                patience: patience(config.sizes.activity_flush),
                audit: Arc::new(AuditDesk { ids: ports.ids }),
                clock: clock(),
            }),
            minimise: Arc::new(MinimiseSessions {
                store: store(),
                after: config.sizes.session_minimise,
                clock: clock(),
            }),
            drop_old: Arc::new(DropSessions {
                store: store(),
                keep: config.sizes.session_keep,
                clock: clock(),
            }),
            drop_devices: Arc::new(DropDevices {
                store: store(),
                keep: config.sizes.session_keep,
                clock: clock(),
            }),
            audit: Arc::new(SweepAudit {
                store: store(),
                clock: clock(),
            }),
        }
    }
}

/// How much longer than its idle lifetime a session waits for its end to be written: two flushes,
/// and half a minute for clocks that differ.
fn patience(flush: Span) -> Span {
    let millis = flush.as_millis().saturating_mul(2);
    Span::from_millis(millis.saturating_add(30_000))
}
