//! Which port each use case of the product's health gets.

use std::sync::Arc;

use kogents_http::HealthUseCases;
use kogents_usecases::health::{
    CheckDatabase, CheckHealth, InspectDatabase, ReadDatabasePerformance, ReadDatabasePool, Shared,
};

use crate::wiring::Adapters;

/// Gives every use case its ports.
pub(super) fn wire(adapters: &Adapters) -> HealthUseCases {
    let clock = || adapters.clock.clone();
    let inspector = || adapters.inspector.clone();
    let check_database = Arc::new(CheckDatabase {
        database: adapters.database_probe.clone(),
        clock: clock(),
        last: Shared::default(),
    });
    HealthUseCases {
        check_health: Arc::new(CheckHealth {
            check_database: check_database.clone(),
            cache: adapters.cache_probe.clone(),
            mail: adapters.mail_probe.clone(),
            geoip: adapters.geoip.clone(),
            clock: clock(),
            last: Shared::default(),
        }),
        check_database,
        inspect_database: Arc::new(InspectDatabase {
            inspector: inspector(),
            clock: clock(),
            last: Shared::default(),
        }),
        read_database_pool: Arc::new(ReadDatabasePool {
            inspector: inspector(),
            clock: clock(),
        }),
        read_database_performance: Arc::new(ReadDatabasePerformance {
            inspector: inspector(),
            statistics: adapters.queries.clone(),
            clock: clock(),
            last: Shared::default(),
        }),
    }
}
