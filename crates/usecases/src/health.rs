//! Asking the product how it is.

mod check_database;
mod check_health;
mod inspect_database;
mod read_database_performance;
mod read_database_pool;
mod shared;

pub use check_database::{CheckDatabase, CheckResult};
pub use check_health::{CheckHealth, HealthReport, HealthStatus};
pub use inspect_database::{DatabaseReport, InspectDatabase};
pub use read_database_performance::{
    DatabasePerformance, ReadDatabasePerformance, ReadDatabasePerformanceError,
};
pub use read_database_pool::{DatabasePool, ReadDatabasePool};
pub use shared::Shared;
