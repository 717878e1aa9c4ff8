//! The cache on Redis: the contract suites, and what happens when the server is stopped, frozen,
//! emptied, full, or refuses to be used.
//!
//! Tests that share a server run on the one that `TEST_REDIS_URL` names, each under a prefix of
//! its own. Tests that harm a server start a private one from the installed `redis-server`. Without
//! either the tests concerned say so and return.

#![expect(
    clippy::unwrap_used,
    reason = "tests: a failure here is a failed test, and says so loudly"
)]

mod bounds;
mod contract;
mod emptied;
mod full;
mod guess_counts;
mod instances;
mod opening;
mod outage;
mod private_server;
mod refused;
mod round_trips;
mod support;
mod tls;
