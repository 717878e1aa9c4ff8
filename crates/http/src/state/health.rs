//! How the product is: what it does.

use std::sync::Arc;

use kogents_usecases::health::{
    CheckDatabase, CheckHealth, InspectDatabase, ReadDatabasePerformance, ReadDatabasePool,
};

/// How the product is, one field a use case.
#[expect(
    missing_docs,
    reason = "each field is named after its use case, which is documented"
)]
pub struct HealthUseCases {
    pub check_health: Arc<CheckHealth>,
    pub check_database: Arc<CheckDatabase>,
    pub inspect_database: Arc<InspectDatabase>,
    pub read_database_pool: Arc<ReadDatabasePool>,
    pub read_database_performance: Arc<ReadDatabasePerformance>,
}
