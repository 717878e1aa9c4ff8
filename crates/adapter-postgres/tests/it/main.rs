//! Tests against a PostgreSQL server, named by `TEST_DATABASE_URL`; without one each test says so
//! and returns.

#![expect(
    clippy::unwrap_used,
    reason = "tests: a failure here is a failed test, and says so loudly"
)]

mod contract;
mod flat_view;
mod opening;
mod partitions;
mod row_security;
mod seed;
mod server;
mod units;
