//! Asking the product how it is.

mod check_health;

pub use check_health::{CheckHealth, CheckResult, HealthReport, HealthStatus, LastReport};
