//! What looks after the tables, and its ports.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::time::Span;
use kogents_usecases::session::{ActivityBook, CheckUpkeep, FlushActivity};

use super::{Adapters, Sweeps};
use crate::background::{ActivityFlusher, Sweeper, Upkeep};
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

/// Removes what nobody needs any more, on every server.
pub(super) fn rows(config: &Config, sweeps: &Sweeps, figures: UpkeepFigures) -> Sweeper {
    Sweeper {
        outbox: sweeps.outbox.clone(),
        tokens: sweeps.tokens.clone(),
        invitations: sweeps.invitations.clone(),
        notices: sweeps.notices.clone(),
        figures,
        interval: seconds(config.sizes.sweep_interval),
    }
}

/// Ends, minimises and drops what has had its time, on the server that has the lease.
pub(super) fn tables(
    config: &Config,
    adapters: &Adapters,
    sweeps: &Sweeps,
    figures: UpkeepFigures,
) -> Upkeep {
    Upkeep {
        lease: sweeps.lease.clone(),
        partitions: sweeps.partitions.clone(),
        sweep: sweeps.sessions.clone(),
        minimise: sweeps.minimise.clone(),
        drop_old: sweeps.drop_old.clone(),
        drop_devices: sweeps.drop_devices.clone(),
        sweep_audit: sweeps.audit.clone(),
        check: Arc::new(CheckUpkeep {
            store: adapters.store.clone(),
            clock: adapters.clock.clone(),
        }),
        figures,
        interval: seconds(config.sizes.sweep_interval),
    }
}

fn seconds(span: Span) -> Duration {
    Duration::from_secs(span.as_secs_floor())
}
