//! Tests against a PostgreSQL server, named by `TEST_DATABASE_URL`; without one each test says so
//! and returns.

#![expect(
    clippy::unwrap_used,
    reason = "tests: a failure here is a failed test, and says so loudly"
)]

mod audit;
mod contract;
mod directory;
mod documents;
mod flat_view;
mod growth;
mod importing;
mod inspecting;
mod opening;
mod partitions;
mod queue;
mod row_security;
mod schema;
mod seed;
mod server;
mod single_instance;
mod tls;
mod tls_server;
mod units;
mod upgrading;
mod urls;
