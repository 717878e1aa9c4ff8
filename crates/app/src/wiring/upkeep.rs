//! What looks after the tables of sessions and the audit log, and its ports.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::time::Span;
use kogents_usecases::audit::{AuditDesk, SweepAudit};
use kogents_usecases::session::{
    ActivityBook, CheckUpkeep, DropDevices, DropSessions, FlushActivity, MakePartitions,
    MinimiseSessions, SweepSessions, UpkeepLease,
};

use super::Adapters;
use crate::background::{ActivityFlusher, Upkeep};
use crate::config::Config;
use crate::figures::UpkeepFigures;

/// Writes what sessions did.
pub(super) fn activity(
    config: &Config,
    adapters: &Adapters,
    book: &Arc<ActivityBook>,
    figures: UpkeepFigures,
) -> ActivityFlusher {
    ActivityFlusher {
        flush: Arc::new(FlushActivity {
            book: book.clone(),
            store: adapters.store.clone(),
            clock: adapters.clock.clone(),
        }),
        figures,
        interval: seconds(config.sizes.activity_flush),
    }
}

/// Ends, minimises and drops what has had its time.
pub(super) fn tables(
    config: &Config,
    adapters: &Adapters,
    book: &Arc<ActivityBook>,
    figures: UpkeepFigures,
) -> Upkeep {
    let store = || adapters.store.clone();
    let clock = || adapters.clock.clone();
    Upkeep {
        lease: Arc::new(UpkeepLease {
            store: store(),
            clock: clock(),
            holder: adapters.ids.next(),
        }),
        partitions: Arc::new(MakePartitions {
            store: store(),
            clock: clock(),
        }),
        sweep: Arc::new(SweepSessions {
            store: store(),
            book: book.clone(),
            session_idle: config.lifetimes.session_idle,
            patience: patience(config.sizes.activity_flush),
            audit: Arc::new(AuditDesk {
                ids: adapters.ids.clone(),
            }),
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
        sweep_audit: Arc::new(SweepAudit {
            store: store(),
            clock: clock(),
        }),
        check: Arc::new(CheckUpkeep {
            store: store(),
            clock: clock(),
        }),
        figures,
        interval: seconds(config.sizes.sweep_interval),
    }
}

/// How much longer than its idle lifetime a session waits for its end to be written: two flushes,
/// and half a minute for clocks that differ.
pub(super) fn patience(flush: Span) -> Span {
    let millis = flush.as_millis().saturating_mul(2);
    Span::from_millis(millis.saturating_add(30_000))
}

fn seconds(span: Span) -> Duration {
    Duration::from_secs(span.as_secs_floor())
}
